#include "app/in_order.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <rapidcheck.h>
#include <vector>

using namespace wiretight;

namespace {

std::vector<std::size_t> pass(const std::vector<std::size_t>& numbers, std::size_t room) {
  InOrder<std::size_t> order(room);
  std::vector<std::size_t> out;
  for (const std::size_t number : numbers) {
    order.put(number, number);
    while (const auto item = order.take()) out.push_back(*item);
  }
  return out;
}

using Numbers = std::vector<std::size_t>;

}  // namespace

TEST_CASE("items leave in order") {
  CHECK(pass({2, 1, 0, 3}, 10) == Numbers{0, 1, 2, 3});
  CHECK(pass({0, 1, 2}, 0) == Numbers{0, 1, 2});
}

TEST_CASE("one that is missing holds up no more than there is room for") {
  CHECK(pass({1, 2, 3}, 2) == Numbers{1, 2, 3});
  CHECK(pass({1, 2, 3, 0, 4}, 2) == Numbers{1, 2, 3, 0, 4});
  CHECK(pass({3, 1, 4, 0, 2}, 2) == Numbers{1, 0, 2, 3, 4});
}

TEST_CASE("nothing is lost or doubled, and with room enough the order is whole") {
  CHECK(rc::check([] {
    const auto count = *rc::gen::inRange<std::size_t>(0, 40);
    Numbers numbers(count);
    for (std::size_t i = 0; i < count; ++i) numbers[i] = i;
    const Numbers whole = numbers;
    for (std::size_t i = count; i > 1; --i) std::swap(numbers[i - 1], numbers[*rc::gen::inRange<std::size_t>(0, i)]);
    RC_ASSERT(pass(numbers, count) == whole);
    Numbers little = pass(numbers, 3);
    std::ranges::sort(little);
    RC_ASSERT(little == whole);
  }));
}
