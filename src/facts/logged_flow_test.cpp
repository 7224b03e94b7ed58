#include "facts/logged_flow.h"

#include <doctest/doctest.h>

using namespace wiretight;

TEST_CASE("a flow stands at its interface, as precisely as the log says which that is") {
  LoggedFlow flow;
  flow.client = "10.0.0.5";
  CHECK(to_text(flow.place()) == "10.0.0.5");
  flow.interface = "eni-0abc";
  CHECK(to_text(flow.place()) == "eni-0abc");
  flow.region = "eu-west-1";
  CHECK(to_text(flow.place()) == "eni-0abc");
  flow.account = "111122223333";
  CHECK(to_text(flow.place()) == "arn:aws:ec2:eu-west-1:111122223333:network-interface/eni-0abc");
  flow.region = "us-gov-west-1";
  CHECK(to_text(flow.place()) == "arn:aws-us-gov:ec2:us-gov-west-1:111122223333:network-interface/eni-0abc");
  flow.region = "cn-north-1";
  CHECK(to_text(flow.place()).starts_with("arn:aws-cn:ec2:cn-north-1:"));
}
