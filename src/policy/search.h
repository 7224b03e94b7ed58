#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace wiretight::policy {

// A set of small numbers: which of a key's values are left.
class Bits {
 public:
  Bits() = default;
  explicit Bits(std::size_t size) : words_((size + 63) / 64) {}

  void set(std::size_t i) { words_[i / 64] |= std::uint64_t{1} << (i % 64); }
  void clear(std::size_t i) { words_[i / 64] &= ~(std::uint64_t{1} << (i % 64)); }
  bool any() const;
  std::size_t first() const;  // of a set that is not empty
  void keep(const Bits& other);
  void drop(const Bits& other);
  bool within(const Bits& other) const;
  bool meets(const Bits& other) const;

 private:
  std::vector<std::uint64_t> words_;
};

// "Key `key` has one of these values."
struct Literal {
  std::size_t key = 0;
  const Bits* values = nullptr;
};
using Conjunction = std::vector<Literal>;  // all of them; the empty one always holds

// Find a value for each key so that of each group one conjunction holds, and of `none` not a single one.
struct Formula {
  std::vector<std::vector<const Conjunction*>> groups = {};
  std::vector<const Conjunction*> none = {};
};

struct Solution {
  std::vector<Bits> domains = {};        // what each key may be; never empty
  std::vector<std::size_t> chosen = {};  // which of each group
};

struct SearchResult {
  std::optional<Solution> solution = {};
  bool exhausted = false;  // given up: no solution was found in `steps` steps, and there may be one
};

SearchResult search(const Formula& formula, std::vector<Bits> domains, std::size_t steps);

}  // namespace wiretight::policy
