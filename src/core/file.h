#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/problem.h"

namespace wiretight {

// The whole of a regular file (links are followed; a pipe, device or folder is refused without being waited for). A
// longer file than `limit` bytes is a problem. The problem's place is the path.
Outcome<std::string> read_file(const std::string& path, std::uint64_t limit);

// Writes the whole file or leaves the old one: a temporary file beside it, then a rename. What is there and is no
// regular file, such as /dev/stdout or a named pipe, is written to as it is.
Outcome<void> write_file(const std::string& path, std::string_view bytes);

}  // namespace wiretight
