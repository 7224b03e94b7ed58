#include <doctest/doctest.h>

#include "engine/rule.h"

using namespace wiretight;

namespace {

Listener at(Destination destination) {
  Listener listener;
  listener.destination = destination;
  return listener;
}

}  // namespace

TEST_CASE("the severity of exposure follows the destination, and not knowing it is no excuse") {
  CHECK(severity_of_exposure(at(Destination::public_host)) == Severity::critical);
  CHECK(severity_of_exposure(at(Destination::unknown)) == Severity::critical);
  CHECK(severity_of_exposure(at(Destination::private_network)) == Severity::high);
  CHECK(severity_of_exposure(at(Destination::loopback)) == Severity::high);
}

TEST_CASE("traffic that was read weighs what its destination weighs, and little where nothing left the machine") {
  Flow flow;
  CHECK(severity_of_exposure(flow) == Severity::critical);
  flow.destination = Destination::aws_dynamodb;
  CHECK(severity_of_exposure(flow) == Severity::critical);
  flow.destination = Destination::vpc_endpoint;
  CHECK(severity_of_exposure(flow) == Severity::high);
  flow.destination = Destination::loopback;
  CHECK(severity_of_exposure(flow) == Severity::low);
  flow.destination = Destination::aws_dynamodb;
  flow.documentation_key = true;
  CHECK(severity_of_exposure(flow) == Severity::low);
}

TEST_CASE("what Amazon runs cannot be closed by its customer") {
  Listener listener = at(Destination::aws_dynamodb);
  CHECK(severity_of_exposure(listener) == Severity::critical);
  listener.aws_managed = true;
  CHECK(severity_of_exposure(listener) == Severity::medium);
}

TEST_CASE("at the provider a finding is medium at most, caps less and says why") {
  Finding finding;
  finding.severity = Severity::high;
  finding.cap = 59;
  Listener listener = at(Destination::aws_dynamodb);

  Draft(finding).says("TLSv1.0 is accepted.").at_provider(listener);
  CHECK(finding.severity == Severity::high);
  CHECK(finding.cap == 59);
  CHECK(finding.message == "TLSv1.0 is accepted.");

  listener.aws_managed = true;
  Draft(finding).at_provider(listener);
  CHECK(finding.severity == Severity::medium);
  CHECK(finding.cap == 79);
  CHECK(finding.message ==
        "TLSv1.0 is accepted; Amazon runs this endpoint, so only what clients ask of it can be changed.");
  CHECK(finding.evidence.find("providerSide") != nullptr);
  REQUIRE(finding.remediation.steps.size() == 1);

  finding.severity = Severity::low;
  Draft(finding).at_provider(listener);
  CHECK(finding.severity == Severity::low);
}
