#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/problem.h"

namespace wiretight {

// The whole of a regular file (links are followed; a pipe, device or folder is refused without being waited for). A
// longer file than `limit` bytes is a problem. The problem's place is the path.
Outcome<std::string> read_file(const std::string& path, std::uint64_t limit);

// Writes a file piece by piece. What was there stays as it is until finish(), and for good without it: a temporary file
// beside it takes the pieces and is renamed. What is no regular file, such as /dev/stdout or a named pipe, is written
// to as it is. The place of every problem is the path.
class FileWriter {
 public:
  static Outcome<FileWriter> open(std::string path);
  FileWriter(FileWriter&& other) noexcept;
  FileWriter(const FileWriter&) = delete;
  FileWriter& operator=(const FileWriter&) = delete;
  ~FileWriter();

  Outcome<void> write(std::string_view bytes);
  Outcome<void> finish();

 private:
  FileWriter() = default;

  std::string path_ = {};
  std::string target_ = {};     // the file that a link points to
  std::string temporary_ = {};  // empty: written to as it is, or finished
  int descriptor_ = -1;
};

// Writes the whole file or leaves the old one.
Outcome<void> write_file(const std::string& path, std::string_view bytes);

// Whether write_file() would begin well, as far as that can be told without writing.
Outcome<void> check_writable(const std::string& path);

}  // namespace wiretight
