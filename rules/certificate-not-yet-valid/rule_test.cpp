#include <doctest/doctest.h>

#include "engine/fixture.h"

using namespace wiretight;

TEST_CASE("one that ends before it begins is told once, as expired") {
  const auto judged = [](std::string_view rule, std::int64_t not_before, std::int64_t not_after) {
    return fixture::findings_of(rule,
                                fixture::serving(fixture::chain({.not_before = not_before, .not_after = not_after})))
        .size();
  };
  CHECK(judged("certificate-not-yet-valid", fixture::now, fixture::now + 9) == 0);
  CHECK(judged("certificate-not-yet-valid", fixture::now + 1, fixture::now + 9) == 1);
  CHECK(judged("certificate-not-yet-valid", fixture::now + 1, fixture::now - 9) == 0);
  CHECK(judged("certificate-expired", fixture::now + 1, fixture::now - 9) == 1);
}
