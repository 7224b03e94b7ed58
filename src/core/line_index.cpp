#include "core/line_index.h"

#include <algorithm>

namespace wiretight {
namespace {

constexpr std::size_t stride = 64;

// UTF-16 code units of the character that a byte of UTF-8 begins; none for the bytes that go on with one.
std::size_t units_of(char c) {
  const auto byte = static_cast<unsigned char>(c);
  if ((byte & 0xc0) == 0x80) return 0;
  return byte >= 0xf0 ? 2 : 1;
}

}  // namespace

LineIndex::LineIndex(std::string_view text) : text_(text), lines_{0} {
  std::size_t units = 0;
  units_.reserve(text.size() / stride + 1);
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (at % stride == 0) units_.push_back(units);
    units += units_of(text[at]);
    if (text[at] == '\n' || (text[at] == '\r' && !text.substr(at + 1).starts_with('\n'))) lines_.push_back(at + 1);
  }
  if (text.size() % stride == 0) units_.push_back(units);
}

Position LineIndex::at(std::size_t offset) const {
  offset = std::min(offset, text_.size());
  const auto after = std::ranges::upper_bound(lines_, offset);
  const auto line = static_cast<std::size_t>(after - lines_.begin());
  const std::size_t column = units_before(offset) - units_before(lines_[line - 1]) + 1;
  return {.line = static_cast<std::uint32_t>(line), .column = static_cast<std::uint32_t>(column)};
}

std::size_t LineIndex::units_before(std::size_t offset) const {
  std::size_t units = units_[offset / stride];
  for (std::size_t at = offset / stride * stride; at < offset; ++at) units += units_of(text_[at]);
  return units;
}

}  // namespace wiretight
