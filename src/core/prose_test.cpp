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

TEST_CASE("utc_text is RFC 3339, also at the edges of what a certificate can say") {
  CHECK(utc_text(0) == "1970-01-01T00:00:00Z");
  CHECK(utc_text(1524466800) == "2018-04-23T07:00:00Z");
  CHECK(utc_text(951'782'400) == "2000-02-29T00:00:00Z");
  CHECK(utc_text(253'402'300'799) == "9999-12-31T23:59:59Z");
  CHECK(utc_text(INT64_MAX) == "9999-12-31T23:59:59Z");
  CHECK(utc_text(INT64_MIN) == "0000-01-01T00:00:00Z");
  CHECK(utc_text(-1) == "1969-12-31T23:59:59Z");
  CHECK(utc_date(1524466800) == "2018-04-23");
}
