#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/problem.h"

struct libdeflate_decompressor;

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

bool is_gzip(std::string_view beginning);
// "zstd", "zip", "Parquet" …: forms that are told by their beginning and not read. Empty for all others.
std::string_view foreign_form(std::string_view beginning);

// Bytes that a document of a file needs at its end for simdjson.
inline constexpr std::size_t padding = 64;

// Inflates small files at one go. Not for two threads at once.
class Inflater {
 public:
  Inflater();
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater();

  enum class Result : std::uint8_t { whole, too_large, broken };
  // All members of a gzip file, one behind the other, to `out`, whose size is then what they hold; it keeps `padding`
  // bytes of capacity behind that. Zeros behind the last member are let pass.
  Result inflate(std::string_view gzip, std::size_t limit, std::string& out);

 private:
  libdeflate_decompressor* decompressor_ = nullptr;
};

// Reads a file of any size piece by piece, inflating where it is gzip.
class Pieces {
 public:
  explicit Pieces(LogFile& file);
  Pieces(const Pieces&) = delete;
  Pieces& operator=(const Pieces&) = delete;
  ~Pieces();

  // Appends the next bytes to `window`; false at the end or where problem() says what is wrong.
  bool more(std::string& window);
  // Why it ended before the end of the file; empty otherwise.
  const std::string& problem() const { return problem_; }

 private:
  struct Zlib;
  bool refill();
  bool stop(std::string why);

  LogFile& file_;
  std::string input_ = {};
  std::size_t taken_ = 0;
  std::size_t filled_ = 0;
  std::uint64_t read_ = 0;
  std::uint64_t given_ = 0;
  bool begun_ = false;
  bool ended_ = false;
  std::unique_ptr<Zlib> zlib_;
  std::string problem_ = {};
};

}  // namespace wiretight::trail
