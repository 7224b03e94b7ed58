#pragma once

#include <cstdint>
#include <istream>
#include <optional>
#include <string>

#include "core/problem.h"

namespace wiretight {

namespace limits {
inline constexpr std::size_t target_bytes = 2048;  // of one line; what is longer is unusable
}  // namespace limits

// One target of a list. `text` holds a problem in place of a line that is too long, is no UTF-8 or has control bytes.
struct TargetLine {
  std::uint64_t number = 0;  // counts from 1
  Outcome<std::string> text = {};
};

// Reads a list of targets, one a line, as far as it is asked to: memory does not depend on the list. Empty lines and
// comments (# at the beginning or after a blank) are passed over; a byte order mark and CR before LF are dropped.
class TargetLines {
 public:
  explicit TargetLines(std::istream& bytes) : bytes_(bytes) {}

  // Nothing after the last one.
  std::optional<TargetLine> next();
  // The number of the line read last.
  std::uint64_t line() const { return line_; }
  // The list could not be read to its end.
  bool broken() const { return bytes_.bad(); }

 private:
  bool read_line(std::string& line, bool& cut);

  std::istream& bytes_;
  std::uint64_t line_ = 0;
};

}  // namespace wiretight
