#include <doctest/doctest.h>

#include "engine/fixture.h"

using namespace wiretight;

TEST_CASE("the name is judged where it was asked for and could be") {
  Chain chain = fixture::chain({.names = {"other.example", "*.other.example"}});
  const auto judged = [&] { return fixture::findings_of("certificate-wrong-name", fixture::serving(chain)); };
  CHECK(judged().empty());
  chain.name_matches = unresolved<bool>("no name was asked for");
  CHECK(judged().empty());
  chain.name_matches = observed(false);
  REQUIRE(judged().size() == 1);
  CHECK(judged()[0].message.ends_with("which is for other.example and *.other.example, not for db.example."));
  chain.for_right_name = false;
  CHECK(judged().empty());
}
