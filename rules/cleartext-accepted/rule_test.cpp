#include <doctest/doctest.h>

#include "engine/fixture.h"

using namespace wiretight;

namespace {

std::vector<Finding> judged(Listener listener, CleartextKind kind = CleartextKind::dynamodb) {
  listener.cleartext = {.kind = kind, .status = 400, .score = 7, .signs = {"the checksum is right"}};
  return fixture::findings_of("cleartext-accepted", std::move(listener));
}

}  // namespace

TEST_CASE("the severity follows the destination, and not knowing it is no excuse") {
  CHECK(judged(fixture::listener(Destination::public_host)).at(0).severity == Severity::critical);
  CHECK(judged(fixture::listener(Destination::unknown)).at(0).severity == Severity::critical);
  CHECK(judged(fixture::listener(Destination::private_network)).at(0).severity == Severity::high);
  for (const auto destination : {Destination::public_host, Destination::private_network, Destination::loopback})
    CHECK(judged(fixture::listener(destination)).at(0).cap == 0);
}

TEST_CASE("over loopback it is said that others were not seen") {
  const Finding finding = judged(fixture::listener(Destination::loopback)).at(0);
  CHECK(finding.severity == Severity::high);
  CHECK(finding.message ==
        "db.example:443 answers DynamoDB requests over plain HTTP, on the port that also speaks TLS; it was seen over "
        "loopback, and who else can reach it was not seen.");
}

TEST_CASE("what Amazon keeps open is the provider's, and says what its customers can do") {
  const Finding finding = judged(fixture::amazon()).at(0);
  CHECK(finding.severity == Severity::medium);
  CHECK(finding.cap == 79);
  CHECK(finding.message.contains("its customers cannot close it"));
  REQUIRE(finding.remediation.steps.size() > 2);
  CHECK(finding.remediation.steps[0].contains("aws:SecureTransport"));
  CHECK(finding.remediation.steps[1].contains("port 80"));
}

TEST_CASE("an Amazon behind a proxy of one's own is one's own") {
  Listener proxy = fixture::listener();
  proxy.cleartext.aws = true;
  CHECK(judged(proxy).at(0).severity == Severity::critical);
}

TEST_CASE("nothing but DynamoDB is reported") {
  for (const auto kind : {CleartextKind::not_tested, CleartextKind::none, CleartextKind::tls_required,
                          CleartextKind::other, CleartextKind::http, CleartextKind::redirect})
    CHECK(judged(fixture::listener(), kind).empty());
}
