#include <doctest/doctest.h>

#include "engine/fixture.h"

using namespace wiretight;

namespace {

std::vector<Finding> judged(std::int64_t not_after) {
  return fixture::findings_of("certificate-expired",
                              fixture::serving(fixture::chain({.not_before = 1, .not_after = not_after})));
}

}  // namespace

TEST_CASE("a certificate is good to its last second") {
  CHECK(judged(fixture::now + 1).empty());
  CHECK(judged(fixture::now).empty());
  CHECK(judged(fixture::now - 1).at(0).message.ends_with("which expired on 2027-01-15, less than a day ago."));
  CHECK(judged(fixture::now - 2 * fixture::day).at(0).message.ends_with("which expired on 2027-01-13, 2 days ago."));
}
