#pragma once

#include <expected>
#include <string>

namespace wiretight {

// What went wrong and where, in words a user can act on. `where` names a file, a host, an option … and may be empty.
struct Problem {
  std::string what = {};
  std::string where = {};

  bool operator==(const Problem&) const = default;
};

// A value, or why there is none. Used at every boundary; a source does not fail a scan with it but records a Gap.
template <class T>
using Outcome = std::expected<T, Problem>;

inline std::unexpected<Problem> failure(std::string what, std::string where = {}) {
  return std::unexpected(Problem{.what = std::move(what), .where = std::move(where)});
}

}  // namespace wiretight
