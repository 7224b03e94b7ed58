#include "sources/capture/input.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "sources/gunzip.h"

namespace wiretight::capture {
namespace {

constexpr std::size_t window_size = 256 * 1024;

}  // namespace

// Where bytes come from: a descriptor or, in tests, memory; through gunzip where they are compressed.
struct Input::Source {
  int descriptor = -1;
  Bytes memory = {};
  std::uint64_t read = 0;  // of the file
  std::optional<std::string> problem = {};
  bool over = false;

  struct Compressed {
    Gunzip gunzip;
    std::unique_ptr<std::uint8_t[]> bytes = std::make_unique_for_overwrite<std::uint8_t[]>(window_size);
    std::size_t at = 0;
    std::size_t end = 0;
  };
  std::unique_ptr<Compressed> compressed = {};

  Source() = default;
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  ~Source() {
    if (descriptor >= 0) ::close(descriptor);
  }

  // Of the file itself: 0 at its end, or when it cannot be read any further.
  std::size_t raw(std::span<std::uint8_t> room) {
    if (descriptor < 0) {
      const std::size_t size = std::min(room.size(), memory.size());
      std::copy_n(memory.begin(), size, room.begin());
      memory = memory.subspan(size);
      read += size;
      return size;
    }
    for (;;) {
      const ssize_t count = ::read(descriptor, room.data(), room.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) {
        problem = fmt::format("cannot be read after byte {}: {}", read, std::generic_category().message(errno));
        return 0;
      }
      read += static_cast<std::uint64_t>(count);
      return static_cast<std::size_t>(count);
    }
  }

  std::size_t bytes(std::span<std::uint8_t> room) {
    if (over) return 0;
    const std::size_t size = compressed ? decompressed(room) : raw(room);
    if (size == 0) over = true;
    return size;
  }

  std::size_t decompressed(std::span<std::uint8_t> room) {
    Compressed& c = *compressed;
    for (;;) {
      const auto step = c.gunzip.step({c.bytes.get() + c.at, c.end - c.at}, room);
      c.at += step.read;
      if (!c.gunzip.problem().empty()) {
        over = true;
        problem = fmt::format("{}, at byte {} of the file", c.gunzip.problem(), read - (c.end - c.at));
        return step.written;
      }
      if (step.written > 0) return step.written;
      if (c.at < c.end) continue;
      c.at = 0;
      c.end = raw({c.bytes.get(), window_size});
      if (c.end > 0) continue;
      if (!problem && !c.gunzip.may_end()) problem = fmt::format("the gzip data is cut off at byte {}", read);
      return 0;
    }
  }
};

Input::Input(std::unique_ptr<Source> source) : source_(std::move(source)) {
  const Bytes first = peek(3);
  if (!is_gzip(first)) return;
  auto compressed = std::make_unique<Source::Compressed>();
  // What was read goes through gunzip instead.
  compressed->end = end_;
  std::copy_n(window_.get(), compressed->end, compressed->bytes.get());
  source_->compressed = std::move(compressed);
  source_->over = false;
  at_ = end_ = 0;
}
Input::Input(Input&&) noexcept = default;
Input& Input::operator=(Input&&) noexcept = default;
Input::~Input() = default;

Outcome<Input> Input::open(const std::string& path) {
  auto source = std::make_unique<Source>();
  // O_NONBLOCK: opening a pipe that nobody writes to must not wait.
  source->descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  struct stat about = {};
  if (source->descriptor < 0 || ::fstat(source->descriptor, &about) != 0)
    return failure("cannot be read: " + std::generic_category().message(errno), path);
  if (S_ISDIR(about.st_mode)) return failure("is a folder: name the captures in it", path);
  if (!S_ISREG(about.st_mode)) return failure("is no regular file", path);
  ::posix_fadvise(source->descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
  return Input(std::move(source));
}

Input Input::of(Bytes file) {
  auto source = std::make_unique<Source>();
  source->memory = file;
  return Input(std::move(source));
}

void Input::fill(std::size_t size) {
  const std::size_t left = end_ - at_;
  if (size > capacity_) {
    const std::size_t larger = std::max(window_size, size);
    auto window = std::make_unique_for_overwrite<std::uint8_t[]>(larger);
    if (left > 0) std::memcpy(window.get(), window_.get() + at_, left);
    window_ = std::move(window);
    capacity_ = larger;
  } else if (left > 0) {
    std::memmove(window_.get(), window_.get() + at_, left);
  }
  at_ = 0;
  end_ = left;
  while (end_ < size) {
    const std::size_t got = source_->bytes({window_.get() + end_, capacity_ - end_});
    if (got == 0) return;
    end_ += got;
  }
}

bool Input::skip_far(std::uint64_t size) {
  while (size > 0) {
    const std::size_t here = static_cast<std::size_t>(std::min<std::uint64_t>(peek(1).size(), size));
    if (here == 0) return false;
    skip(here);
    size -= here;
  }
  return true;
}

std::uint64_t Input::bytes_read() const { return source_->read; }
bool Input::is_compressed() const { return source_->compressed != nullptr; }
const std::optional<std::string>& Input::problem() const { return source_->problem; }

}  // namespace wiretight::capture
