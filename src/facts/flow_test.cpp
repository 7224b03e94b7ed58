#include "facts/flow.h"

#include <doctest/doctest.h>

using namespace wiretight;

TEST_CASE("where traffic was meant to go") {
  Flow flow;
  flow.server = "192.0.2.1";
  flow.port = 80;
  CHECK(flow.destination_text() == "192.0.2.1:80");
  flow.host = "dynamodb.eu-west-1.amazonaws.com";
  CHECK(flow.destination_text() == "dynamodb.eu-west-1.amazonaws.com:80");
  flow.through_proxy = true;
  CHECK_MESSAGE(flow.destination_text() == "dynamodb.eu-west-1.amazonaws.com", "the port is the proxy's");
  flow = {};
  flow.server = "2001:db8::1";
  flow.port = 8000;
  CHECK(flow.destination_text() == "[2001:db8::1]:8000");
}
