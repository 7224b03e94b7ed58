#include <doctest/doctest.h>

#include "engine/rule.h"

using namespace wiretight;

TEST_CASE("severity follows the destination, and not knowing it is no excuse") {
  CHECK(severity_by_destination(Destination::public_host) == Severity::critical);
  CHECK(severity_by_destination(Destination::private_network) == Severity::high);
  CHECK(severity_by_destination(Destination::unknown) == Severity::high);
  CHECK(severity_by_destination(Destination::loopback) == Severity::low);
  CHECK(severity_by_destination(Destination::emulator) == Severity::low);
}
