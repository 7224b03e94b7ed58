#include "core/prose.h"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>

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

std::string utc_text(std::int64_t seconds) {
  // Years 0 to 9999, which is all that RFC 3339 and X.509 can say.
  using std::chrono::sys_seconds;
  sys_seconds time{std::chrono::seconds{std::clamp<std::int64_t>(seconds, -62'167'219'200, 253'402'300'799)}};
  auto day = std::chrono::floor<std::chrono::days>(time);
  std::chrono::year_month_day date{day};
  std::chrono::hh_mm_ss clock{time - day};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count());
}

std::string utc_date(std::int64_t seconds) { return utc_text(seconds).substr(0, 10); }

}  // namespace wiretight
