#include <doctest/doctest.h>

#include "engine/fixture.h"

using namespace wiretight;

TEST_CASE("a share that is used again is told apart from a value that can be foretold") {
  Listener listener = fixture::listener();
  listener.randomness = {
      {.kind = "server random", .samples = 3, .predictable = unresolved<bool>("too few")},
      {.kind = "session id", .samples = 90, .predictable = observed(false)},
      {.kind = "ECDH share", .samples = 40, .predictable = observed(true), .key_reuse_only = true},
      {.kind = "ticket",
       .samples = 20,
       .predictable = observed(true),
       .observation = "2 of 20 values were seen before"},
  };
  const auto found = fixture::findings_of("random-predictable", listener);
  REQUIRE(found.size() == 2);
  CHECK(found[0].severity == Severity::low);
  CHECK_FALSE(found[0].cap.has_value());
  CHECK(found[0].cwe == std::vector<std::string>{"CWE-323"});
  CHECK(found[1].severity == Severity::high);
  CHECK(found[1].cap == 59);
  CHECK(found[1].confidence == Confidence::firm);
}
