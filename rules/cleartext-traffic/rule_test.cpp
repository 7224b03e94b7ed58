#include <doctest/doctest.h>

#include "engine/fixture.h"

using namespace wiretight;

namespace {

std::vector<Finding> judged(Flow flow) { return fixture::findings_of("cleartext-traffic", std::move(flow)); }

}  // namespace

TEST_CASE("the sentence says what could be read, and nothing that could not") {
  const Finding finding = judged(fixture::flow()).at(0);
  CHECK(finding.severity == Severity::critical);
  CHECK(finding.confidence == Confidence::certain);
  CHECK(
      finding.message ==
      "2 requests to DynamoDB (2 PutItem) went from 10.0.0.5 to dynamodb.eu-west-1.amazonaws.com:80 without TLS; "
      "readable on the way: the access key id ASIA…CDEF with its session token, the table Music and 2 items, whole or "
      "in part, that were written.");
  CHECK(finding.evidence.text("replay") == "as sent, for 5 to 15 minutes, over TLS as well");
  CHECK(!finding.message.contains("secret"));
}

TEST_CASE("responses alone show data and no request that could be sent again") {
  Flow flow = fixture::flow();
  flow.requests = flow.items_written = flow.session_tokens = 0;
  flow.operations.clear();
  flow.tables.clear();
  flow.key_id.clear();
  flow.items_returned = 5;
  flow.signs = {"the responses"};
  const Finding finding = judged(flow).at(0);
  CHECK(
      finding.message.starts_with("2 responses of DynamoDB, whose requests were not captured, went from 10.0.0.5 to"));
  CHECK(finding.message.ends_with("readable on the way: 5 items returned."));
  CHECK(finding.confidence == Confidence::firm);
  CHECK(finding.evidence.text("replay").empty());
}

TEST_CASE("the destination decides") {
  CHECK(judged(fixture::flow(Destination::private_network)).at(0).severity == Severity::high);
  const Finding near = judged(fixture::flow(Destination::loopback)).at(0);
  CHECK(near.severity == Severity::low);
  CHECK(near.message.ends_with("; it did not leave the machine as far as was seen."));
  Flow flow = fixture::flow();
  flow.documentation_key = true;
  CHECK(judged(flow).at(0).severity == Severity::low);
}

TEST_CASE("emulators, TLS, DAX and credentials for a proxy alone are not this") {
  Flow flow = fixture::flow();
  flow.emulator = "the region is local";
  CHECK(judged(flow).empty());
  flow = fixture::flow();
  flow.protocol = FlowProtocol::tls;
  CHECK(judged(flow).empty());
  flow.protocol = FlowProtocol::dax;
  CHECK(judged(flow).empty());
  flow = fixture::flow();
  flow.requests = flow.responses = 0;
  flow.basic_credentials = 1;
  CHECK(judged(flow).empty());
}

TEST_CASE("HTTP/2 is told and not decoded") {
  Flow flow = fixture::flow();
  flow.protocol = FlowProtocol::http2;
  const Finding finding = judged(flow).at(0);
  CHECK(finding.confidence == Confidence::firm);
  CHECK(finding.message.contains("not decoded"));
}
