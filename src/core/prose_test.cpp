#include "core/prose.h"

#include <cstdint>
#include <doctest/doctest.h>
#include <string>
#include <vector>

using namespace wiretight;

TEST_CASE("list_of joins as one would say it, and never hides a single word behind '1 more'") {
  std::vector<std::string> words = {"a", "b", "c", "d"};
  std::span<const std::string> all = words;
  CHECK(list_of(all.first(0)) == "");
  CHECK(list_of(all.first(1)) == "a");
  CHECK(list_of(all.first(2)) == "a and b");
  CHECK(list_of(all) == "a, b, c and d");
  CHECK(list_of(all, 2) == "a, b and 2 more");
  CHECK(list_of(all, 3) == "a, b, c and d");
  CHECK(list_of(all, 0) == "4 more");
}

TEST_CASE("count_of") {
  CHECK(count_of(0, "suite") == "no suite");
  CHECK(count_of(1, "suite") == "1 suite");
  CHECK(count_of(13, "suite") == "13 suites");
}

TEST_CASE("a day, also at the edges of what a certificate can say") {
  CHECK(utc_date(1524466800) == "2018-04-23");
  CHECK(utc_date(INT64_MAX) == "9999-12-31");
  CHECK(utc_date(-1) == "1969-12-31");
}
