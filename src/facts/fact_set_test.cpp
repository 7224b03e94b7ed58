#include "facts/fact_set.h"

#include <doctest/doctest.h>

using namespace wiretight;

TEST_CASE("merging keeps the order") {
  FactSet first, second;
  first.listeners.push_back({.host = "a"});
  second.listeners.push_back({.host = "b"});
  second.listeners.push_back({.host = "c"});
  second.gaps.push_back({.target = "b", .place = "b:443", .message = "refused"});
  first.merge(second);
  REQUIRE(first.all<Listener>().size() == 3);
  CHECK(first.listeners[0].host == "a");
  CHECK(first.listeners[2].host == "c");
  CHECK(first.all<Gap>() == second.gaps);
}
