#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

// The small change of sentences, for messages.
namespace wiretight {

// "a", "a and b", "a, b and c"; with more than `limit` words "a, b and 11 more". Empty for none.
std::string list_of(std::span<const std::string> words, std::size_t limit = SIZE_MAX);

// "no suite", "1 suite", "13 suites".
std::string count_of(std::size_t count, std::string_view noun);

// The day of seconds since 1970, in UTC: "2018-04-23".
std::string utc_date(std::int64_t seconds);

}  // namespace wiretight
