#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "core/problem.h"

namespace wiretight::capture {

using Bytes = std::span<const std::uint8_t>;

// The bytes of a regular file from beginning to end, through a window whose size does not depend on the file's; what a
// gzip file (of any number of members) holds is seen instead of the file. Read and not mapped: a file that shrinks
// under a mapping kills the process, pages that were passed count as ours, and one copy through the cache is no slower
// (see docs/performance.md).
class Input {
 public:
  static Outcome<Input> open(const std::string& path);
  // For tests and fuzzers: the bytes of a file without the file.
  static Input of(Bytes file);

  Input(Input&&) noexcept;
  Input& operator=(Input&&) noexcept;
  ~Input();

  // What comes next, `size` bytes of it or more; less only where the input ends. Good until the next call.
  Bytes peek(std::size_t size) {
    if (end_ - at_ < size) fill(size);
    return {window_.get() + at_, end_ - at_};
  }
  // At most what peek() showed last.
  void skip(std::size_t size) {
    at_ += size;
    offset_ += size;
  }
  // Any distance; false when the input ends before.
  bool skip_far(std::uint64_t size);

  // Where peek() stands, in bytes of what is seen.
  std::uint64_t offset() const { return offset_; }
  // Of the file itself.
  std::uint64_t bytes_read() const;
  bool is_compressed() const;
  // Why the input ended before its time.
  const std::optional<std::string>& problem() const;

 private:
  struct Source;
  explicit Input(std::unique_ptr<Source> source);
  void fill(std::size_t size);

  std::unique_ptr<Source> source_;
  std::unique_ptr<std::uint8_t[]> window_ = {};
  std::size_t capacity_ = 0;
  std::size_t at_ = 0;
  std::size_t end_ = 0;
  std::uint64_t offset_ = 0;
};

}  // namespace wiretight::capture
