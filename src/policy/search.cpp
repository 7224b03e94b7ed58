#include "policy/search.h"

#include <algorithm>
#include <bit>

namespace wiretight::policy {
namespace {

constexpr std::size_t deepest = 1000;

// Davis-Putnam with sets of values for variables: what must hold is taken at once, what can hold in several ways is
// tried in turn.
class Search {
 public:
  Search(const Formula& formula, std::size_t steps) : formula_(formula), steps_(steps) {}

  SearchResult run(std::vector<Bits> domains) {
    chosen_.assign(formula_.groups.size(), 0);
    SearchResult result;
    if (choose(0, std::move(domains))) result.solution = Solution{std::move(found_), chosen_};
    result.exhausted = !result.solution && steps_ == 0;
    return result;
  }

 private:
  bool spend() {
    if (steps_ == 0) return false;
    --steps_;
    return true;
  }

  bool choose(std::size_t group, std::vector<Bits> domains) {
    if (group == formula_.groups.size()) return avoid(std::move(domains));
    const auto& options = formula_.groups[group];
    for (std::size_t option = 0; option < options.size(); ++option) {
      if (!spend()) return false;
      std::vector<Bits> narrowed = domains;
      bool possible = true;
      for (const Literal& literal : *options[option]) {
        narrowed[literal.key].keep(*literal.values);
        possible = possible && narrowed[literal.key].any();
      }
      chosen_[group] = option;
      if (possible && choose(group + 1, std::move(narrowed))) return true;
      // What holds whatever the keys are is the best of its group.
      if (options[option]->empty()) return false;
    }
    return false;
  }

  // Makes every conjunction of `none` fail.
  bool avoid(std::vector<Bits> domains, std::size_t depth = 0) {
    if (depth > deepest) steps_ = 0;
    for (bool changed = true; changed;) {
      if (!spend()) return false;
      changed = false;
      for (const Conjunction* conjunction : formula_.none) {
        const Literal* only = nullptr;
        std::size_t ways = 0;
        for (const Literal& literal : *conjunction) {
          const Bits& domain = domains[literal.key];
          if (!domain.meets(*literal.values)) {
            ways = SIZE_MAX;  // fails already
            break;
          }
          if (domain.within(*literal.values)) continue;  // holds for sure
          ++ways;
          only = &literal;
        }
        if (ways == 0) return false;
        if (ways == 1) {
          domains[only->key].drop(*only->values);
          changed = true;
        }
      }
    }
    const Conjunction* open = nullptr;
    for (const Conjunction* conjunction : formula_.none)
      if (std::all_of(conjunction->begin(), conjunction->end(),
                      [&](const Literal& literal) { return domains[literal.key].meets(*literal.values); }))
        open = conjunction;
    if (!open) {
      found_ = std::move(domains);
      return true;
    }
    for (const Literal& literal : *open) {
      if (domains[literal.key].within(*literal.values)) continue;
      std::vector<Bits> narrowed = domains;
      narrowed[literal.key].drop(*literal.values);
      if (avoid(std::move(narrowed), depth + 1)) return true;
      if (steps_ == 0) return false;
    }
    return false;
  }

  const Formula& formula_;
  std::size_t steps_ = 0;
  std::vector<std::size_t> chosen_;
  std::vector<Bits> found_;
};

}  // namespace

bool Bits::any() const {
  return std::any_of(words_.begin(), words_.end(), [](std::uint64_t word) { return word != 0; });
}

std::size_t Bits::first() const {
  std::size_t at = 0;
  while (words_[at] == 0) ++at;
  return at * 64 + static_cast<std::size_t>(std::countr_zero(words_[at]));
}

void Bits::keep(const Bits& other) {
  for (std::size_t i = 0; i < words_.size(); ++i) words_[i] &= other.words_[i];
}

void Bits::drop(const Bits& other) {
  for (std::size_t i = 0; i < words_.size(); ++i) words_[i] &= ~other.words_[i];
}

bool Bits::within(const Bits& other) const {
  for (std::size_t i = 0; i < words_.size(); ++i)
    if ((words_[i] & ~other.words_[i]) != 0) return false;
  return true;
}

bool Bits::meets(const Bits& other) const {
  for (std::size_t i = 0; i < words_.size(); ++i)
    if ((words_[i] & other.words_[i]) != 0) return true;
  return false;
}

SearchResult search(const Formula& formula, std::vector<Bits> domains, std::size_t steps) {
  return Search(formula, steps).run(std::move(domains));
}

}  // namespace wiretight::policy
