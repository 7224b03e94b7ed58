#include <doctest/doctest.h>

#include "engine/fixture.h"

using namespace wiretight;

namespace {

std::vector<Finding> judged(Flow flow) { return fixture::findings_of("credential-exposed", std::move(flow)); }

}  // namespace

TEST_CASE("a session token is one level below the way it went, and the secret key is said to be safe") {
  const std::vector<Finding> found = judged(fixture::flow());
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::high);
  CHECK(found[0].message ==
        "The session token of ASIA…CDEF went from 10.0.0.5 to dynamodb.eu-west-1.amazonaws.com:80 without TLS, in 2 "
        "requests; the secret key that it needs did not.");
  CHECK(judged(fixture::flow(Destination::private_network)).at(0).severity == Severity::medium);
}

TEST_CASE("a password went as far as the proxy") {
  Flow flow = fixture::flow();
  flow.session_tokens = 0;
  flow.basic_credentials = 3;
  CHECK(judged(flow).at(0).severity == Severity::critical);
  flow.through_proxy = true;
  flow.server = "10.2.0.9";
  const Finding finding = judged(flow).at(0);
  CHECK(finding.severity == Severity::high);
  CHECK(finding.message.contains("through the proxy 10.2.0.9:80"));
}

TEST_CASE("nothing to read, nothing to report") {
  Flow flow = fixture::flow();
  flow.session_tokens = 0;
  CHECK(judged(flow).empty());
  flow = fixture::flow();
  flow.emulator = "the region is local";
  CHECK(judged(flow).empty());
  flow = fixture::flow();
  flow.protocol = FlowProtocol::tls;
  CHECK(judged(flow).empty());
}
