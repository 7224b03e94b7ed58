#include "sources/trail/bytes.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <libdeflate.h>
#include <new>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <zlib.h>

namespace wiretight::trail {
namespace {

constexpr std::size_t piece = std::size_t{256} << 10;

std::string reason(int error) { return std::generic_category().message(error); }

// Deflate reaches 1032 to 1; CloudTrail's files come to 7 to 12 and those of one call repeated to 100. Beyond this a
// file is a bomb, unless it is small all the same.
constexpr std::uint64_t most_inflation = 400;
constexpr std::uint64_t harmless = std::uint64_t{64} << 20;

bool only_zeros(std::string_view rest) { return rest.find_first_not_of('\0') == std::string_view::npos; }

}  // namespace

Outcome<LogFile> LogFile::open(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (descriptor < 0) return failure("cannot be read: " + reason(errno), path);
  struct stat status = {};
  if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
    ::close(descriptor);
    return failure("is no regular file", path);
  }
  return LogFile(path, descriptor, static_cast<std::uint64_t>(status.st_size));
}

LogFile::LogFile(LogFile&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)), size_(other.size_) {}

LogFile::~LogFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Outcome<std::size_t> LogFile::read(std::span<char> into) {
  std::size_t filled = 0;
  while (filled < into.size()) {
    const ssize_t count = ::read(descriptor_, into.data() + filled, into.size() - filled);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failure("cannot be read: " + reason(errno), path_);
    if (count == 0) break;
    filled += static_cast<std::size_t>(count);
  }
  return filled;
}

bool is_gzip(std::string_view beginning) { return beginning.starts_with("\x1f\x8b"); }

std::string_view foreign_form(std::string_view beginning) {
  struct Form {
    std::string_view magic = {};
    std::string_view name = {};
  };
  constexpr std::array<Form, 7> forms = {Form{"\x28\xb5\x2f\xfd", "zstd"},
                                         Form{"PK\x03\x04", "a zip archive"},
                                         Form{"PAR1", "Parquet"},
                                         Form{"BZh", "bzip2"},
                                         Form{"\xfd\x37zXZ", "xz"},
                                         Form{"Obj\x01", "Avro"},
                                         Form{"ORC", "ORC"}};
  for (const Form& form : forms)
    if (beginning.starts_with(form.magic)) return form.name;
  return {};
}

Inflater::Inflater() : decompressor_(libdeflate_alloc_decompressor()) {
  if (decompressor_ == nullptr) throw std::bad_alloc();
}

Inflater::~Inflater() { libdeflate_free_decompressor(decompressor_); }

Inflater::Result Inflater::inflate(std::string_view gzip, std::size_t limit, std::string& out) {
  constexpr std::size_t least = 4096;
  constexpr std::size_t trailer = 4;
  // What the last member says that it holds, modulo 2^32: a hint and no more.
  std::uint32_t said = 0;
  if (gzip.size() >= trailer) std::memcpy(&said, gzip.data() + gzip.size() - trailer, trailer);
  if (said > limit) return Result::too_large;
  if (out.size() < said + padding) out.resize(std::max<std::size_t>(said + padding, least));
  std::size_t filled = 0;
  while (!gzip.empty()) {
    if (!is_gzip(gzip)) {
      if (filled > 0 && only_zeros(gzip)) break;
      return Result::broken;
    }
    std::size_t taken = 0;
    std::size_t given = 0;
    const libdeflate_result result = libdeflate_gzip_decompress_ex(
        decompressor_, gzip.data(), gzip.size(), out.data() + filled, out.size() - padding - filled, &taken, &given);
    if (result == LIBDEFLATE_INSUFFICIENT_SPACE) {
      if (out.size() > limit) return Result::too_large;
      out.resize(out.size() * 2);
      continue;
    }
    if (result != LIBDEFLATE_SUCCESS) return Result::broken;
    gzip.remove_prefix(taken);
    filled += given;
  }
  if (filled > limit) return Result::too_large;
  out.resize(filled + padding);
  out.resize(filled);
  return Result::whole;
}

struct Pieces::Zlib {
  z_stream stream = {};
  bool open = false;
  ~Zlib() {
    if (open) ::inflateEnd(&stream);
  }
};

Pieces::Pieces(LogFile& file) : file_(file), input_(piece, '\0') {}
Pieces::~Pieces() = default;

bool Pieces::stop(std::string why) {
  problem_ = std::move(why);
  ended_ = true;
  return false;
}

bool Pieces::refill() {
  const Outcome<std::size_t> count = file_.read(input_);
  if (!count) return stop(count.error().what);
  taken_ = 0;
  filled_ = *count;
  read_ += *count;
  return filled_ > 0;
}

bool Pieces::more(std::string& window) {
  if (ended_) return false;
  if (taken_ == filled_ && !refill()) {
    if (!ended_ && zlib_ && zlib_->open) return stop("the compressed data ends too early");
    ended_ = true;
    return false;
  }
  if (!begun_) {
    begun_ = true;
    if (is_gzip({input_.data(), filled_})) zlib_ = std::make_unique<Zlib>();
  }
  if (!zlib_) {
    window.append(input_, taken_, filled_ - taken_);
    taken_ = filled_;
    return true;
  }

  constexpr int gzip_only = 16 + MAX_WBITS;
  z_stream& stream = zlib_->stream;
  const std::size_t before = window.size();
  window.resize(before + piece);
  std::size_t given = 0;
  while (given == 0) {
    if (taken_ == filled_ && !refill()) {
      window.resize(before);
      if (!ended_ && zlib_->open) return stop("the compressed data ends too early");
      ended_ = true;
      return false;
    }
    if (!zlib_->open) {
      const std::string_view rest(input_.data() + taken_, filled_ - taken_);
      if (given_ > 0 && only_zeros(rest)) {
        taken_ = filled_;
        continue;
      }
      stream = {};
      if (::inflateInit2(&stream, gzip_only) != Z_OK) throw std::bad_alloc();
      zlib_->open = true;
    }
    stream.next_in = reinterpret_cast<Bytef*>(input_.data() + taken_);
    stream.avail_in = static_cast<uInt>(filled_ - taken_);
    stream.next_out = reinterpret_cast<Bytef*>(window.data() + before);
    stream.avail_out = static_cast<uInt>(piece);
    const int result = ::inflate(&stream, Z_NO_FLUSH);
    taken_ = filled_ - stream.avail_in;
    given = piece - stream.avail_out;
    if (result == Z_STREAM_END) {
      ::inflateEnd(&stream);
      zlib_->open = false;
    } else if (result != Z_OK && result != Z_BUF_ERROR) {
      stop("the compressed data is broken");
      break;
    }
  }
  window.resize(before + given);
  given_ += given;
  if (given_ > harmless && given_ / most_inflation > read_) {
    stop("it inflates to more than 400 times its size: taken for a bomb and left");
  }
  return given > 0;
}

}  // namespace wiretight::trail
