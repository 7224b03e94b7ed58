#include "sources/flowlog/file.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "core/text.h"

namespace wiretight::flowlog {
namespace {

constexpr std::size_t most_line = 64 * 1024;
constexpr std::size_t piece = 256 * 1024;
// Files whose bytes and whose members are no longer are decompressed at once, which is three times as fast.
constexpr std::size_t most_file_at_once = 16 << 20;
constexpr std::size_t most_member_at_once = 48 << 20;
// How much of a file is looked at to see what it is.
constexpr std::size_t most_beginning = 16 * 1024;

class Descriptor {
 public:
  explicit Descriptor(const std::string& path)
      // O_NONBLOCK: opening a pipe that nobody writes to must not wait.
      : number_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int number() const { return number_; }

 private:
  int number_;
};

std::string reason() { return std::generic_category().message(errno); }

ssize_t read_some(int descriptor, std::uint8_t* into, std::size_t size) {
  ssize_t count = 0;
  do count = ::read(descriptor, into, size);
  while (count < 0 && errno == EINTR);
  return count;
}

std::string_view as_text(std::span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string line_of(std::span<const std::uint8_t> beginning) {
  std::string text = is_gzip(beginning) ? gunzip_beginning(beginning, most_beginning) : std::string(as_text(beginning));
  if (const std::size_t end = text.find('\n'); end != std::string::npos) text.resize(end);
  return text;
}

constexpr std::string_view no_flow_log =
    "is no VPC flow log: its first line is neither a header of field names nor a record of the default format";

}  // namespace

void RowReader::begin(std::size_t file, Whereabouts whereabouts) {
  tally_.begin_file(file, std::move(whereabouts));
  begun_ = stopped_ = false;
  carried_.clear();
  result_ = {};
}

bool RowReader::take(std::string_view text) {
  if (stopped_) return false;
  if (!carried_.empty()) {
    const std::size_t end = text.find('\n');
    const std::size_t size = end == std::string_view::npos ? text.size() : end + 1;
    if (carried_.size() + size > most_line) {
      stop("has a line of more than 64 KiB, which no flow log has");
      return false;
    }
    carried_ += text.substr(0, size);
    text.remove_prefix(size);
    if (end == std::string_view::npos) return true;
    const std::string line = std::exchange(carried_, {});
    run(line);
  }
  run(text);
  return !stopped_;
}

void RowReader::run(std::string_view text) {
  const std::size_t done = for_each_row(text, [&](const Row& row) { on_row(row); });
  if (text.size() - done > most_line) return stop("has a line of more than 64 KiB, which no flow log has");
  carried_ += text.substr(done);
}

void RowReader::on_row(const Row& row) {
  if (stopped_ || row.is_empty()) return;
  if (!begun_) return begin_rows(row);
  ++result_.rows;
  if (tally_.add(row, format_)) return;
  // Files that were joined have a header in their midst.
  const Recognised header = recognise(row.line());
  if (header.kind == Kind::header && header.format.lack().empty()) {
    format_ = header.format;
    return;
  }
  if (result_.bad_rows++ == 0) result_.first_bad_row = result_.rows;
}

void RowReader::begin_rows(const Row& row) {
  const Recognised what = recognise(row.line());
  begun_ = true;
  switch (what.kind) {
    case Kind::header:
    case Kind::default_format:
    case Kind::exported:
      result_.is_flow_log = true;
      break;
    case Kind::transit_gateway:
      result_.is_flow_log = true;
      return stop("is a flow log of a Transit Gateway, which this version does not read");
    case Kind::parquet:
      result_.is_flow_log = true;
      return stop("is Parquet, which this version does not read: have the flow log written as text");
    case Kind::other:
      return stop(std::string(no_flow_log));
  }
  format_ = what.format;
  if (const std::string lack = format_.lack(); !lack.empty()) return stop("tells nothing of port 80: " + lack);
  if (what.kind != Kind::header) on_row(row);
}

void RowReader::end(bool whole) {
  if (!whole || stopped_ || carried_.empty()) return;
  carried_ += '\n';
  const std::string line = std::exchange(carried_, {});
  run(line);
}

void RowReader::stop(std::string problem) {
  stopped_ = true;
  if (result_.problem.empty()) result_.problem = std::move(problem);
}

FileReader::FileReader(const Ranges* ranges, const std::atomic<bool>& interrupted)
    : interrupted_(interrupted), tally_(ranges), rows_(tally_), members_(most_member_at_once) {}

FileResult FileReader::read(const std::string& path, std::size_t index, bool certain) {
  rows_.begin(index, whereabouts_of(path));
  FileResult& result = rows_.result();
  const Descriptor file(path);
  struct stat about = {};
  if (file.number() < 0 || ::fstat(file.number(), &about) != 0) {
    result.problem = "cannot be read: " + reason();
    return result;
  }
  if (!S_ISREG(about.st_mode)) {
    result.problem = "is no regular file";
    return result;
  }
  bytes_.resize(std::max(bytes_.size(), piece));
  const std::size_t beginning = fill(file.number(), 0, most_beginning);
  const std::span<const std::uint8_t> first(bytes_.data(), beginning);
  if (beginning == 0) return result;
  if (as_text(first).starts_with("PAR1")) {
    rows_.take("PAR1\n");
    return result;
  }
  if (!certain && recognise(line_of(first)).kind == Kind::other) {
    if (result.problem.empty()) result.problem = no_flow_log;
    return result;
  }
  if (is_gzip(first)) {
    read_gzip(file.number(), beginning, static_cast<std::uint64_t>(about.st_size));
  } else {
    read_plain(file.number(), beginning);
  }
  return result;
}

std::size_t FileReader::fill(int descriptor, std::size_t at, std::size_t end) {
  const std::size_t from = at;
  while (at < end) {
    const ssize_t count = read_some(descriptor, bytes_.data() + at, end - at);
    if (count < 0) {
      rows_.result().problem =
          fmt::format("cannot be read after byte {}: {}", rows_.result().bytes + at - from, reason());
    }
    if (count <= 0) break;
    at += static_cast<std::size_t>(count);
    if (interrupted_) {
      rows_.result().problem = "the reading was interrupted";
      break;
    }
  }
  rows_.result().bytes += at - from;
  return at - from;
}

void FileReader::read_plain(int descriptor, std::size_t beginning) {
  for (std::size_t size = beginning; size > 0 && rows_.result().problem.empty(); size = fill(descriptor, 0, piece)) {
    if (!rows_.take(as_text({bytes_.data(), size}))) return;
  }
  rows_.end(rows_.result().problem.empty());
}

void FileReader::read_gzip(int descriptor, std::size_t beginning, std::uint64_t size) {
  if (size > most_file_at_once) return stream_gzip(descriptor, beginning, 0);
  // One byte more: a file that grows is streamed.
  bytes_.resize(std::max<std::size_t>(bytes_.size(), size + 1));
  const std::size_t end = beginning + fill(descriptor, beginning, static_cast<std::size_t>(size) + 1);
  if (!rows_.result().problem.empty()) return;
  std::size_t at = 0;
  std::uint64_t members = 0;
  while (at < end) {
    const MemberGunzip::Member member = members_.next({bytes_.data() + at, end - at});
    if (member.outcome != MemberGunzip::Outcome::whole || end > size) {
      // From here on as it comes, with what can be told of damage.
      std::copy(bytes_.begin() + static_cast<std::ptrdiff_t>(at), bytes_.begin() + static_cast<std::ptrdiff_t>(end),
                bytes_.begin());
      return stream_gzip(descriptor, end - at, members);
    }
    if (!rows_.take(as_text(member.data))) return;
    at += member.read;
    ++members;
  }
  rows_.end(true);
}

void FileReader::stream_gzip(int descriptor, std::size_t beginning, std::uint64_t members) {
  text_.resize(piece);
  Gunzip gunzip(members);
  for (std::size_t size = beginning; size > 0; size = fill(descriptor, 0, piece)) {
    std::size_t at = 0;
    // Once more after the last byte: there may be more text than room.
    for (bool more = true; more;) {
      const Gunzip::Step step = gunzip.step({bytes_.data() + at, size - at}, text_);
      at += step.read;
      if (step.written > 0 && !rows_.take(as_text({text_.data(), step.written}))) return;
      if (!gunzip.problem().empty()) {
        rows_.result().problem =
            fmt::format("{}, at byte {} of the file", gunzip.problem(), rows_.result().bytes - (size - at));
        return;
      }
      more = at < size || step.written == text_.size();
    }
  }
  if (!gunzip.may_end() && rows_.result().problem.empty())
    rows_.result().problem = fmt::format("the gzip data is cut off at byte {}", rows_.result().bytes);
  rows_.end(rows_.result().problem.empty());
}

std::string first_line(const std::string& path) {
  const Descriptor file(path);
  struct stat about = {};
  if (file.number() < 0 || ::fstat(file.number(), &about) != 0 || !S_ISREG(about.st_mode)) return {};
  std::vector<std::uint8_t> bytes(most_beginning);
  std::size_t size = 0;
  while (size < bytes.size()) {
    const ssize_t count = read_some(file.number(), bytes.data() + size, bytes.size() - size);
    if (count <= 0) break;
    size += static_cast<std::size_t>(count);
  }
  return line_of({bytes.data(), size});
}

Whereabouts whereabouts_of(std::string_view path) {
  const std::vector<std::string_view> parts = split(path.substr(path.rfind('/') + 1), '_');
  if (parts.size() < 4 || parts[1] != "vpcflowlogs") return {};
  const bool is_account =
      parts[0].size() == 12 && std::ranges::all_of(parts[0], [](char c) { return c >= '0' && c <= '9'; });
  const bool is_region = !parts[2].empty() && parts[2].size() <= 32 && std::ranges::all_of(parts[2], [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
  if (!is_account || !is_region) return {};
  return {.account = std::string(parts[0]), .region = std::string(parts[2])};
}

}  // namespace wiretight::flowlog
