#include <doctest/doctest.h>

#include "engine/fixture.h"

using namespace wiretight;

TEST_CASE("the cleartext protocol is reported, a refusal and silence of the network are not") {
  Listener listener = fixture::listener(Destination::aws_dax);
  CHECK(fixture::findings_of("dax-cleartext", listener).empty());
  listener.dax_cleartext = unresolved<bool>("timed out");
  CHECK(fixture::findings_of("dax-cleartext", listener).empty());
  listener.dax_cleartext = observed(false);
  CHECK(fixture::findings_of("dax-cleartext", listener).empty());
  listener.dax_cleartext = observed(true);
  const auto found = fixture::findings_of("dax-cleartext", listener);
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::high);
}
