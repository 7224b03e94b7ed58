#include "core/text.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <fmt/format.h>
#include <iterator>

#include "core/utf8.h"

namespace wiretight {
namespace {

struct Range {
  char32_t first = 0;
  char32_t last = 0;
};

template <std::size_t n>
bool is_in(const std::array<Range, n>& ranges, char32_t value) {
  const auto after = std::ranges::upper_bound(ranges, value, {}, &Range::first);
  return after != ranges.begin() && value <= std::prev(after)->last;
}

// Characters that reorder, hide or break a line: bidirectional controls ("Trojan source", CVE-2021-42574), zero-width
// ones, variation selectors, interlinear annotation, tags, and the non-characters at the end of the first plane, which
// XML 1.0 cannot hold.
constexpr std::array<Range, 14> deceptive = {{{0xad, 0xad},
                                              {0x34f, 0x34f},
                                              {0x61c, 0x61c},
                                              {0x115f, 0x1160},
                                              {0x17b4, 0x17b5},
                                              {0x180b, 0x180e},
                                              {0x200b, 0x200f},
                                              {0x2028, 0x202e},
                                              {0x2060, 0x206f},
                                              {0xfe00, 0xfe0f},
                                              {0xfeff, 0xfeff},
                                              {0xfff0, 0xfffb},
                                              {0xfffe, 0xffff},
                                              {0xe0000, 0xe0fff}}};

// Combining marks that names and messages can have; not the whole of Unicode's Mn.
constexpr std::array<Range, 15> combining = {{{0x300, 0x36f},
                                              {0x483, 0x489},
                                              {0x591, 0x5bd},
                                              {0x610, 0x61a},
                                              {0x64b, 0x65f},
                                              {0x900, 0x902},
                                              {0xe31, 0xe31},
                                              {0xe34, 0xe3a},
                                              {0xe47, 0xe4e},
                                              {0x1ab0, 0x1aff},
                                              {0x1dc0, 0x1dff},
                                              {0x200b, 0x200f},
                                              {0x20d0, 0x20ff},
                                              {0xfe00, 0xfe0f},
                                              {0xfe20, 0xfe2f}}};

// Unicode's East Asian Width W and F, in blocks, and the emoji planes.
constexpr std::array<Range, 17> wide = {{{0x1100, 0x115f},
                                         {0x231a, 0x231b},
                                         {0x23e9, 0x23ec},
                                         {0x2614, 0x2615},
                                         {0x26a1, 0x26a1},
                                         {0x2705, 0x2705},
                                         {0x274c, 0x274c},
                                         {0x2753, 0x2757},
                                         {0x2e80, 0x303e},
                                         {0x3041, 0xa4cf},
                                         {0xa960, 0xa97f},
                                         {0xac00, 0xd7a3},
                                         {0xf900, 0xfaff},
                                         {0xfe30, 0xfe6f},
                                         {0xff00, 0xff60},
                                         {0xffe0, 0xffe6},
                                         {0x1f300, 0x1faff}}};

std::size_t width_of(char32_t value) {
  if (value < 0x20 || (value >= 0x7f && value < 0xa0)) return 0;
  if (is_in(combining, value)) return 0;
  if (is_in(wide, value) || (value >= 0x20000 && value <= 0x3fffd)) return 2;
  return 1;
}

std::chrono::sys_seconds clamped(std::int64_t seconds) {
  constexpr std::int64_t year_0 = -62167219200, year_9999 = 253402300799;
  return std::chrono::sys_seconds(std::chrono::seconds(std::clamp(seconds, year_0, year_9999)));
}

std::string date_and_time(std::chrono::sys_seconds at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(at - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), time.hours().count(),
                     time.minutes().count(), time.seconds().count());
}

// Reads fixed-width numbers and the characters between them.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {}
  std::optional<int> number(std::size_t digits) {
    if (text_.size() < digits) return {};
    int value = 0;
    for (char digit : text_.substr(0, digits)) {
      if (digit < '0' || digit > '9') return {};
      value = value * 10 + (digit - '0');
    }
    text_.remove_prefix(digits);
    return value;
  }
  bool one_of(std::string_view characters) {
    if (text_.empty() || characters.find(text_[0]) == std::string_view::npos) return false;
    text_.remove_prefix(1);
    return true;
  }
  bool fraction() {
    if (!one_of(".")) return true;
    std::size_t digits = 0;
    while (one_of("0123456789")) ++digits;
    return digits > 0;
  }
  char peek() const { return text_.empty() ? '\0' : text_[0]; }
  bool at_end() const { return text_.empty(); }

 private:
  std::string_view text_;
};

}  // namespace

std::string sanitise(std::string_view foreign, std::size_t limit) {
  std::string out;
  for (std::size_t at = 0; at < foreign.size();) {
    const CodePoint point = decode_utf8(foreign, at);
    at += point.length;
    const char32_t value = point.value;
    const std::size_t before = out.size();
    if (value == '\t' || value == '\n' || value == '\v' || value == '\f' || value == '\r' || value == 0x85 ||
        value == 0x2028 || value == 0x2029) {
      out += ' ';
    } else if (value < 0x20 || (value >= 0x7f && value < 0xa0) || is_in(deceptive, value)) {
      continue;
    } else {
      append_utf8(out, value);
    }
    if (out.size() > limit) {
      out.resize(before);
      out += "…";
      break;
    }
  }
  return out;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode_utf8(text, at);
    at += point.length;
    width += width_of(point.value);
  }
  return width;
}

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  for (std::string_view paragraph : split(text, '\n')) {
    const std::size_t indent = std::min(paragraph.find_first_not_of(' '), paragraph.size());
    std::string line;
    std::size_t used = 0;
    for (std::string_view word : split(paragraph, ' ')) {
      if (word.empty()) continue;
      const std::size_t columns = display_width(word);
      if (!line.empty() && used + 1 + columns > width) {
        lines.push_back(std::move(line));
        line.clear();
      }
      if (line.empty()) {
        line.assign(indent, ' ');
        used = indent;
      } else {
        line += ' ';
        ++used;
      }
      line += word;
      used += columns;
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

std::string rfc3339(std::int64_t seconds) { return date_and_time(clamped(seconds)) + "Z"; }

std::string rfc3339_ms(std::int64_t milliseconds) {
  std::int64_t seconds = milliseconds / 1000, rest = milliseconds % 1000;
  if (rest < 0) {
    rest += 1000;
    --seconds;
  }
  return fmt::format("{}.{:03}Z", date_and_time(clamped(seconds)), rest);
}

std::optional<std::int64_t> parse_rfc3339(std::string_view text) {
  Cursor cursor(text);
  const auto year = cursor.number(4);
  if (!year || !cursor.one_of("-")) return {};
  const auto month = cursor.number(2);
  if (!month || !cursor.one_of("-")) return {};
  const auto day = cursor.number(2);
  if (!day) return {};
  const std::chrono::year_month_day date(std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  if (!date.ok()) return {};
  const std::int64_t midnight =
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::sys_days(date).time_since_epoch()).count();
  if (cursor.at_end()) return midnight;

  if (!cursor.one_of("Tt ")) return {};
  const auto hour = cursor.number(2);
  if (!hour || *hour > 23 || !cursor.one_of(":")) return {};
  const auto minute = cursor.number(2);
  if (!minute || *minute > 59 || !cursor.one_of(":")) return {};
  const auto second = cursor.number(2);
  if (!second || *second > 60 || !cursor.fraction()) return {};
  std::int64_t offset = 0;
  if (!cursor.one_of("Zz")) {
    const bool behind = cursor.peek() == '-';
    if (!cursor.one_of("+-")) return {};
    const auto hours = cursor.number(2);
    if (!hours || *hours > 23 || !cursor.one_of(":")) return {};
    const auto minutes = cursor.number(2);
    if (!minutes || *minutes > 59) return {};
    offset = (*hours * 60 + *minutes) * 60 * (behind ? -1 : 1);
  }
  if (!cursor.at_end()) return {};
  return midnight + *hour * 3600 + *minute * 60 + *second - offset;
}

std::string mask_key_id(std::string_view id) {
  if (id.size() <= 8) return "…";
  return sanitise(id.substr(0, 4)) + "…" + sanitise(id.substr(id.size() - 4));
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n\v\f";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& letter : out)
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  return out;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::string join(std::span<const std::string> parts, std::string_view separator) {
  return fmt::format("{}", fmt::join(parts, separator));
}

}  // namespace wiretight
