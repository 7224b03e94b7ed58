#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "sources/flowlog/format.h"

namespace wiretight::flowlog {

// The fields of one line. Good while the line is.
class Row {
 public:
  explicit Row(const char* line) : line_(line) {}

  std::size_t columns() const { return columns_; }
  bool is_empty() const { return columns_ == 1 && ends_[0] == 0; }
  std::string_view line() const { return {line_, end_}; }
  std::string_view field(std::size_t column) const {
    const std::uint32_t begin = column == 0 ? 0 : ends_[column - 1] + 1;
    return {line_ + begin, ends_[column] - begin};
  }
  // Empty where the format lacks it.
  std::string_view field(const Format& format, Column column) const {
    const std::uint8_t at = format.of(column);
    return at == Format::absent ? std::string_view() : field(at);
  }

  // For the splitter.
  void begin(const char* line) {
    line_ = line;
    columns_ = 0;
  }
  void separate(const char* at) {
    if (columns_ < most_columns) ends_[columns_] = static_cast<std::uint32_t>(at - line_);
    ++columns_;
  }
  void finish(const char* end) {
    if (end > line_ && end[-1] == '\r') --end;
    end_ = static_cast<std::size_t>(end - line_);
    separate(end);
  }

 private:
  const char* line_;
  std::size_t columns_ = 0;  // may be more than there is room for
  std::size_t end_ = 0;
  std::uint32_t ends_[most_columns] = {};
};

// Bit i is set where one of 64 bytes is a blank or the end of a line.
inline std::uint64_t separators(const char* at) {
#if defined(__SSE2__)
  const __m128i blank = _mm_set1_epi8(' ');
  const __m128i newline = _mm_set1_epi8('\n');
  std::uint64_t mask = 0;
  for (int part = 0; part < 4; ++part) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at + 16 * part));
    const __m128i either = _mm_or_si128(_mm_cmpeq_epi8(bytes, blank), _mm_cmpeq_epi8(bytes, newline));
    mask |= static_cast<std::uint64_t>(static_cast<unsigned>(_mm_movemask_epi8(either))) << (16 * part);
  }
  return mask;
#else
  std::uint64_t mask = 0;
  for (int i = 0; i < 64; ++i) mask |= static_cast<std::uint64_t>(at[i] == ' ' || at[i] == '\n') << i;
  return mask;
#endif
}

// Calls on_row(row) for every line that ends within `text` and returns how many bytes that were: what is left is the
// beginning of a line. Empty lines are rows as well.
template <class OnRow>
std::size_t for_each_row(std::string_view text, OnRow&& on_row) {
  constexpr std::size_t width = 64;
  const char* const begin = text.data();
  Row row(begin);
  std::size_t done = 0;
  const auto take = [&](std::uint64_t mask, const char* base) {
    for (; mask != 0; mask &= mask - 1) {
      const char* const at = base + std::countr_zero(mask);
      if (*at == ' ') {
        row.separate(at);
        continue;
      }
      row.finish(at);
      on_row(static_cast<const Row&>(row));
      row.begin(at + 1);
      done = static_cast<std::size_t>(at + 1 - begin);
    }
  };
  std::size_t at = 0;
  for (; at + width <= text.size(); at += width) take(separators(begin + at), begin + at);
  if (at < text.size()) {
    char last[width] = {};
    std::memcpy(last, begin + at, text.size() - at);
    take(separators(last), begin + at);
  }
  return done;
}

}  // namespace wiretight::flowlog
