#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace wiretight {

// Foreign text made fit for a terminal, a log and a report: one line of valid UTF-8 without control characters (C0, C1,
// escapes), without characters that reorder or hide text (bidirectional marks, zero-width ones, line separators), cut
// after `limit` bytes with "…". White space of any kind becomes one blank each, invalid bytes U+FFFD.
std::string sanitise(std::string_view foreign, std::size_t limit = 1024);

// Columns that valid UTF-8 takes on a terminal: 0 for combining marks and control characters, 2 for East Asian wide
// characters and emoji, else 1. Escape sequences are not known to it.
std::size_t display_width(std::string_view text);

// Lines of at most `width` columns, broken at blanks; a longer word stands alone on its line. Newlines in the text are
// kept as breaks, with the blanks that indent what follows them. At least one line.
std::vector<std::string> wrap(std::string_view text, std::size_t width);

// "2026-02-28T23:59:59Z" from seconds since 1970, UTC; years 0000 to 9999, what lies beyond is clamped.
std::string rfc3339(std::int64_t seconds);
// "2026-02-28T23:59:59.123Z"
std::string rfc3339_ms(std::int64_t milliseconds);
// Seconds since 1970. Takes a full RFC 3339 time with any offset, or a bare date, which means its first second in UTC.
std::optional<std::int64_t> parse_rfc3339(std::string_view text);

// "AKIA…MPLE": an access key id as it may be shown. Anything of 8 characters or fewer is hidden altogether.
std::string mask_key_id(std::string_view id);

std::string_view trim(std::string_view text);
std::string lower(std::string_view text);  // ASCII only
std::vector<std::string_view> split(std::string_view text, char separator);
std::string join(std::span<const std::string> parts, std::string_view separator);

}  // namespace wiretight
