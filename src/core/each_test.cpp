#include "core/each.h"

#include <doctest/doctest.h>
#include <numeric>
#include <stdexcept>

using namespace wiretight;

TEST_CASE("every index is called once, whatever the number of threads") {
  for (unsigned threads : {0u, 1u, 2u, 9u}) {
    std::vector<int> calls(100);
    each(calls.size(), threads, [&](std::size_t i) { ++calls[i]; });
    CHECK(calls == std::vector<int>(100, 1));
  }
  each(0, 4, [](std::size_t) { FAIL("there is nothing to do"); });
}

TEST_CASE("an exception comes through") {
  CHECK_THROWS_AS(each(50, 3,
                       [](std::size_t i) {
                         if (i == 7) throw std::runtime_error("seven");
                       }),
                  std::runtime_error);
}
