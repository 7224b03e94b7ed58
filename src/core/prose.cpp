#include "core/prose.h"

#include <fmt/format.h>

#include "core/text.h"

namespace wiretight {

std::string list_of(std::span<const std::string> words, std::size_t limit) {
  // "a, b and 1 more" is no shorter than naming it.
  bool whole = words.size() <= limit || words.size() == limit + 1;
  std::size_t named = whole ? words.size() : limit;
  std::string text;
  for (std::size_t i = 0; i < named; ++i) {
    if (i > 0) text += whole && i + 1 == named ? " and " : ", ";
    text += words[i];
  }
  if (!whole) text += fmt::format("{}{} more", named == 0 ? "" : " and ", words.size() - named);
  return text;
}

std::string count_of(std::size_t count, std::string_view noun) {
  if (count == 0) return fmt::format("no {}", noun);
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string utc_date(std::int64_t seconds) { return rfc3339(seconds).substr(0, 10); }

}  // namespace wiretight
