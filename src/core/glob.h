#pragma once

#include <string_view>

namespace wiretight {

// Whether the whole of `text` matches `pattern`, in which "*" stands for any bytes, also none, and "?" for one byte;
// everything else stands for itself. Takes at most |pattern| times |text| steps and no memory.
constexpr bool glob_match(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0;
  // Where to go on when a guess was wrong: after the last star, one byte further. Earlier stars need no second guess,
  // because the leftmost match of what stood between them leaves the most for the rest.
  std::size_t star = std::string_view::npos, resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace wiretight
