#include <doctest/doctest.h>

#include "engine/fixture.h"

using namespace wiretight;

namespace {

LoggedFlow leak() {
  LoggedFlow flow;
  flow.target = "logs";
  flow.recognised_by = {"pkt-dst-aws-service"};
  flow.client = "10.0.0.5";
  flow.interface = "eni-1";
  flow.instance = "i-1";
  flow.destination = Destination::aws_dynamodb;
  flow.to_server = {.records = 1, .packets = 10, .bytes = 5000};
  flow.from_server = {.records = 1, .packets = 5, .bytes = 6000};
  flow.payload_at_least = 9200;
  flow.tcp = flow.accepted = flow.payload = observed(true);
  flow.first_seen = 1780000000;
  flow.last_seen = 1780000060;
  return flow;
}

std::vector<Finding> judged(LoggedFlow flow) {
  FactSet facts;
  facts.logged_flows.push_back(std::move(flow));
  return fixture::findings_of("cleartext-flow", facts);
}

}  // namespace

TEST_CASE("it says who, how much and when, and no more than a log can prove") {
  const Finding finding = judged(leak()).at(0);
  CHECK(finding.severity == Severity::critical);
  CHECK(finding.confidence == Confidence::firm);
  CHECK(finding.cap == 0);
  CHECK(finding.message ==
        "i-1 at eni-1 (10.0.0.5) exchanged 11000 bytes in 15 packets with DynamoDB on port 80, where it speaks plain "
        "HTTP, "
        "from 2026-05-28T20:26:40Z to 2026-05-28T20:27:40Z.");
}

TEST_CASE("each doubt is said and all of them cost one level") {
  LoggedFlow flow = leak();
  flow.payload = unresolved<bool>("its packets are short");
  flow.accepted = unresolved<bool>("the log has no action field");
  flow.tcp = unresolved<bool>("the log has no protocol field");
  const Finding finding = judged(flow).at(0);
  CHECK(finding.severity == Severity::high);
  CHECK(finding.confidence == Confidence::tentative);
  CHECK_FALSE(finding.cap.has_value());
  for (const char* doubt : {"its packets are short", "no action field", "no protocol field"})
    CHECK(finding.message.find(doubt) != std::string::npos);
}

TEST_CASE("DAX is told by its port alone, so it is never more than a candidate") {
  LoggedFlow flow = leak();
  flow.service = FlowService::dax;
  flow.recognised_by.clear();
  flow.destination = Destination::private_network;
  const Finding finding = judged(flow).at(0);
  CHECK(finding.severity == Severity::medium);
  CHECK(finding.confidence == Confidence::tentative);
  CHECK(finding.message.find("from the port alone") != std::string::npos);
}

TEST_CASE("what was rejected alone is no finding") {
  LoggedFlow flow = leak();
  flow.accepted = observed(false);
  CHECK(judged(flow).empty());
}

TEST_CASE("two clients at one interface are two findings") {
  LoggedFlow one = leak();
  LoggedFlow other = leak();
  other.client = "10.0.0.6";
  CHECK(judged(one).at(0).identity != judged(other).at(0).identity);
}

TEST_CASE("a log without names and times still says what it knows") {
  LoggedFlow flow = leak();
  flow.instance = flow.interface = flow.client = "";
  flow.first_seen = flow.last_seen = 0;
  CHECK(judged(flow).at(0).message.starts_with("A client that the log does not name exchanged 11000 bytes"));
  CHECK(judged(flow).at(0).message.ends_with("at times that the log does not say."));
}
