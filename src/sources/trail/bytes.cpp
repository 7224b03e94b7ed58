#include "sources/trail/bytes.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace wiretight::trail {
namespace {

constexpr std::size_t piece = std::size_t{256} << 10;

std::string reason(int error) { return std::generic_category().message(error); }

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

Pieces::Pieces(LogFile& file) : file_(file), input_(piece) {}

bool Pieces::stop(std::string why) {
  problem_ = std::move(why);
  ended_ = true;
  return false;
}

bool Pieces::refill() {
  const Outcome<std::size_t> count = file_.read({reinterpret_cast<char*>(input_.data()), input_.size()});
  if (!count) return stop(count.error().what);
  taken_ = 0;
  filled_ = *count;
  return filled_ > 0;
}

bool Pieces::more(std::string& window) {
  if (!begun_) {
    begun_ = true;
    if (refill() && is_gzip(std::span(input_).first(filled_))) gunzip_.emplace();
  }
  if (ended_) return false;
  const std::size_t before = window.size();
  if (!gunzip_) {
    if (taken_ == filled_ && !refill()) return false;
    window.append(reinterpret_cast<const char*>(input_.data()) + taken_, filled_ - taken_);
    taken_ = filled_;
    return true;
  }
  window.resize(before + piece);
  const std::span out(reinterpret_cast<std::uint8_t*>(window.data()) + before, piece);
  std::size_t given = 0;
  while (given == 0 && !ended_) {
    const Gunzip::Step step = gunzip_->step(std::span(input_).subspan(taken_, filled_ - taken_), out);
    taken_ += step.read;
    given = step.written;
    if (!gunzip_->problem().empty()) {
      stop(std::string(gunzip_->problem()));
    } else if (given == 0 && taken_ == filled_ && !refill()) {
      if (!ended_ && !gunzip_->may_end()) stop("the gzip data is cut off");
      ended_ = true;
    }
  }
  window.resize(before + given);
  return given > 0;
}

}  // namespace wiretight::trail
