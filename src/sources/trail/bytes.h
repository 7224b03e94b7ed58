#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/problem.h"
#include "sources/gunzip.h"

// The bytes of a log file as they were before gzip. Whether it is gzip is told by its beginning, never by its name.
namespace wiretight::trail {

// An open file, read from its beginning.
class LogFile {
 public:
  // Regular files alone: a pipe or a device is refused without being waited for.
  static Outcome<LogFile> open(const std::string& path);
  LogFile(LogFile&& other) noexcept;
  LogFile(const LogFile&) = delete;
  LogFile& operator=(const LogFile&) = delete;
  ~LogFile();

  std::uint64_t size() const { return size_; }
  // Into the buffer as far as it goes; 0 at the end. Fails where the disk does.
  Outcome<std::size_t> read(std::span<char> into);

 private:
  LogFile(std::string path, int descriptor, std::uint64_t size)
      : path_(std::move(path)), descriptor_(descriptor), size_(size) {}

  std::string path_;
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
};

// "zstd", "zip", "Parquet" …: forms that are told by their beginning and not read. Empty for all others.
std::string_view foreign_form(std::string_view beginning);

// Bytes that a document of a file needs at its end for simdjson.
inline constexpr std::size_t padding = 64;

// Reads a file of any size piece by piece, inflating where it is gzip.
class Pieces {
 public:
  explicit Pieces(LogFile& file);

  // Appends the next bytes to `window`; false at the end or where problem() says what is wrong.
  bool more(std::string& window);
  // Why it ended before the end of the file; empty otherwise.
  const std::string& problem() const { return problem_; }

 private:
  bool refill();
  bool stop(std::string why);

  LogFile& file_;
  std::vector<std::uint8_t> input_;
  std::size_t taken_ = 0;
  std::size_t filled_ = 0;
  bool begun_ = false;
  bool ended_ = false;
  std::optional<Gunzip> gunzip_ = {};
  std::string problem_ = {};
};

}  // namespace wiretight::trail
