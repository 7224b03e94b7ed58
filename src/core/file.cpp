#include "core/file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace wiretight {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  explicit operator bool() const { return number_ >= 0; }
  int number() const { return number_; }

 private:
  int number_;
};

std::string reason() { return std::generic_category().message(errno); }

bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

}  // namespace

Outcome<std::string> read_file(const std::string& path, std::uint64_t limit) {
  // O_NONBLOCK: opening a pipe that nobody writes to must not wait.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file) return failure("cannot be read: " + reason(), path);
  struct stat about = {};
  if (::fstat(file.number(), &about) != 0) return failure("cannot be read: " + reason(), path);
  if (S_ISDIR(about.st_mode)) return failure("is a folder, not a file", path);
  if (!S_ISREG(about.st_mode)) return failure("is no regular file", path);
  const auto too_long = [&] { return failure(fmt::format("is longer than {} bytes", limit), path); };
  if (static_cast<std::uint64_t>(about.st_size) > limit) return too_long();

  std::string bytes;
  // One byte more than it says: a file that grows, or whose size the kernel does not know (/proc), is read to its end.
  std::size_t room = static_cast<std::size_t>(about.st_size) + 1;
  for (;;) {
    const std::size_t before = bytes.size();
    bytes.resize(before + room);
    ssize_t count = 0;
    do count = ::read(file.number(), bytes.data() + before, room);
    while (count < 0 && errno == EINTR);
    if (count < 0) return failure("cannot be read: " + reason(), path);
    bytes.resize(before + static_cast<std::size_t>(count));
    if (count == 0) return bytes;
    if (bytes.size() > limit) return too_long();
    room = 65536;
  }
}

Outcome<FileWriter> FileWriter::open(std::string path) {
  const auto cannot = [&] { return failure("cannot be written: " + reason(), path); };
  FileWriter writer;
  struct stat about = {};
  const bool exists = ::stat(path.c_str(), &about) == 0;
  if (exists && !S_ISREG(about.st_mode)) {
    writer.descriptor_ = ::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
    if (writer.descriptor_ < 0) return cannot();
    writer.path_ = std::move(path);
    return writer;
  }

  // A link stays a link: its target is replaced.
  writer.target_ = path;
  if (exists) {
    std::error_code error;
    const std::filesystem::path real = std::filesystem::canonical(path, error);
    if (!error) writer.target_ = real.string();
  }
  std::string temporary = writer.target_ + ".XXXXXX";
  writer.descriptor_ = ::mkostemp(temporary.data(), O_CLOEXEC);
  if (writer.descriptor_ < 0) return cannot();
  writer.temporary_ = std::move(temporary);
  mode_t mode = about.st_mode & 07777;
  if (!exists) {
    const mode_t mask = ::umask(0);
    ::umask(mask);
    mode = 0666 & ~mask;
  }
  if (::fchmod(writer.descriptor_, mode) != 0) return cannot();
  writer.path_ = std::move(path);
  return writer;
}

FileWriter::FileWriter(FileWriter&& other) noexcept
    : path_(std::move(other.path_)),
      target_(std::move(other.target_)),
      temporary_(std::exchange(other.temporary_, {})),
      descriptor_(std::exchange(other.descriptor_, -1)) {}

FileWriter::~FileWriter() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

Outcome<void> FileWriter::write(std::string_view bytes) {
  if (!write_all(descriptor_, bytes)) return failure("cannot be written: " + reason(), path_);
  return {};
}

Outcome<void> FileWriter::finish() {
  const bool renames = !temporary_.empty();
  // What close() says counts: a full disk over NFS shows only there.
  const bool kept = (!renames || ::fsync(descriptor_) == 0) && ::close(std::exchange(descriptor_, -1)) == 0;
  if (!kept || (renames && std::rename(temporary_.c_str(), target_.c_str()) != 0)) {
    return failure("cannot be written: " + reason(), path_);
  }
  temporary_.clear();
  return {};
}

Outcome<void> write_file(const std::string& path, std::string_view bytes) {
  Outcome<FileWriter> writer = FileWriter::open(path);
  if (!writer) return std::unexpected(writer.error());
  if (Outcome<void> written = writer->write(bytes); !written) return written;
  return writer->finish();
}

Outcome<void> check_writable(const std::string& path) {
  struct stat about = {};
  if (::stat(path.c_str(), &about) == 0 && !S_ISREG(about.st_mode)) {
    if (S_ISDIR(about.st_mode)) return failure("is a folder, not a file", path);
    if (::access(path.c_str(), W_OK) != 0) return failure("cannot be written: " + reason(), path);
    return {};
  }
  const Outcome<FileWriter> begun = FileWriter::open(path);
  if (!begun) return std::unexpected(begun.error());
  return {};
}

}  // namespace wiretight
