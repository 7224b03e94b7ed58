#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace wiretight {

struct Position {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  bool operator==(const Position&) const = default;
};

// Finds line and column of any byte of a text without reading the line: both count from 1, columns in UTF-16 code units
// as in FilePlace. A line ends with "\n", "\r\n" or "\r". The text must outlive the index.
class LineIndex {
 public:
  explicit LineIndex(std::string_view text);

  // `offset` may be the size of the text; beyond, it is taken for that.
  Position at(std::size_t offset) const;

 private:
  std::size_t units_before(std::size_t offset) const;

  std::string_view text_;
  std::vector<std::size_t> lines_;  // offsets of their first bytes
  std::vector<std::size_t> units_;  // UTF-16 code units before every `stride`th byte
};

}  // namespace wiretight
