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

// RFC 3339 in UTC of seconds since 1970: "2018-04-23T07:05:00Z", and its first ten characters.
std::string utc_text(std::int64_t seconds);
std::string utc_date(std::int64_t seconds);

}  // namespace wiretight
