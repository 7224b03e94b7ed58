#include <doctest/doctest.h>

#include "engine/fixture.h"

using namespace wiretight;

namespace {

std::size_t judged(std::int64_t days_of_life, std::int64_t days_left) {
  const std::int64_t end = fixture::now + days_left * fixture::day;
  return fixture::findings_of(
             "certificate-expires-soon",
             fixture::serving(fixture::chain({.not_before = end - days_of_life * fixture::day, .not_after = end})))
      .size();
}

}  // namespace

TEST_CASE("soon is 30 days, and less for a short life") {
  CHECK(judged(365, 31) == 0);
  CHECK(judged(365, 29) == 1);
  CHECK(judged(90, 29) == 0);
  CHECK(judged(90, 22) == 1);
  CHECK(judged(6, 2) == 0);
  CHECK(judged(6, 1) == 1);
  CHECK(judged(365, -1) == 0);
}
