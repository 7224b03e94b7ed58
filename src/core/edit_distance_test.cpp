#include "core/edit_distance.h"

#include <array>
#include <doctest/doctest.h>

using namespace wiretight;

TEST_CASE("distances") {
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("kitten", "sitting") == 3);
  CHECK(edit_distance("cipher", "cihper") == 1);
  CHECK(edit_distance("same", "same") == 0);
}

TEST_CASE("did you mean") {
  constexpr std::array<std::string_view, 3> rules = {"cipher-null", "cleartext-accepted", "cleartext-redirect"};
  CHECK(nearest("cleartext-acepted", rules) == "cleartext-accepted");
  CHECK(nearest("cipher-nul", rules) == "cipher-null");
  CHECK(nearest("certificate", rules) == "");
  CHECK(nearest("", rules) == "");
  CHECK(nearest(std::string(5000, 'x'), rules) == "");
}
