#include "core/edit_distance.h"

#include <algorithm>
#include <vector>

namespace wiretight {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> older(b.size() + 1), old(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    older.swap(old);
    old.swap(row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({old[j] + 1, row[j - 1] + 1, old[j - 1] + (a[i - 1] == b[j - 1] ? 0u : 1u)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], older[j - 2] + 1);
    }
  }
  return row[b.size()];
}

std::string nearest(std::string_view typed, std::span<const std::string_view> candidates) {
  constexpr std::size_t longest = 100;
  if (typed.empty() || typed.size() > longest) return {};
  std::string_view best;
  std::size_t distance = std::string_view::npos;
  for (std::string_view candidate : candidates) {
    if (candidate.size() > longest) continue;
    const std::size_t this_one = edit_distance(typed, candidate);
    if (this_one < distance && this_one * 3 <= std::max(typed.size(), candidate.size())) {
      distance = this_one;
      best = candidate;
    }
  }
  return std::string(best);
}

}  // namespace wiretight
