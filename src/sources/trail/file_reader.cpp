#include "sources/trail/file_reader.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "core/digest.h"
#include "core/prose.h"
#include "core/text.h"
#include "sources/trail/lake.h"
#include "sources/trail/splitter.h"

namespace wiretight::trail {
namespace {

// What is read at one go: larger files in pieces.
constexpr std::size_t most_compressed = std::size_t{2} << 20;
constexpr std::size_t most_text = std::size_t{4} << 20;

std::span<const std::uint8_t> as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

FileReader::FileReader(Scope scope) : collector_(std::move(scope)), members_(most_text) {}

struct FileReader::Progress {
  FileResult result = {};
  std::optional<Sha256> digest = {};
  std::uint64_t broken = 0;  // elements or documents that were none
  std::uint64_t too_long = 0;
  std::string first_broken = {};

  void fail(std::string why) {
    if (!why.empty() && result.problem.empty()) result.problem = std::move(why);
  }
};

FileResult FileReader::read(const std::string& path, const std::string& name, bool with_sha256,
                            const Collector::Flush& flush) {
  Progress progress;
  if (with_sha256) progress.digest.emplace();
  collector_.begin(name, flush);
  records_.begin_file();
  Outcome<LogFile> file = LogFile::open(path);
  if (!file) {
    progress.fail(file.error().what);
    return std::move(progress.result);
  }
  progress.result.bytes = file->size();
  if (file->size() == 0) {
    progress.fail("is empty");
  } else if (file->size() > most_compressed || !read_whole(*file, progress)) {
    Outcome<LogFile> again = LogFile::open(path);
    if (again) {
      if (with_sha256) progress.digest.emplace();
      read_pieces(*again, progress);
    } else {
      progress.fail(again.error().what);
    }
  }
  if (progress.broken > 0) {
    progress.fail(fmt::format("{} of its records could not be read; the first is record {}", progress.broken,
                              progress.first_broken));
  }
  if (progress.too_long > 0)
    progress.fail(fmt::format("{} of its records are longer than any of CloudTrail's", progress.too_long));
  const std::uint64_t foreign = records_.foreign();
  if (foreign > 0) {
    progress.fail(foreign == records_.number() ? "holds no CloudTrail records"
                                               : fmt::format("{} of its {} are no CloudTrail records", foreign,
                                                             count_of(records_.number(), "record")));
  }
  progress.result.part = collector_.end();
  if (progress.digest && progress.result.problem.empty()) progress.result.sha256 = progress.digest->hex();
  return std::move(progress.result);
}

// False where it is larger than it seemed and has to be read in pieces, or is broken somewhere, which those tell.
bool FileReader::read_whole(LogFile& file, Progress& progress) {
  compressed_.resize(static_cast<std::size_t>(file.size()) + padding);
  const Outcome<std::size_t> count = file.read(compressed_);
  if (!count) return progress.fail(count.error().what), true;
  const std::string_view bytes(compressed_.data(), *count);
  if (const std::string_view form = foreign_form(bytes); !form.empty()) {
    return progress.fail(fmt::format("is {}, which is not read", form)), true;
  }
  if (!is_gzip(as_bytes(bytes))) {
    if (*count + padding > compressed_.size()) compressed_.resize(*count + padding);
    read_text({compressed_.data(), *count}, progress);
    return true;
  }
  if (!gunzip(as_bytes(bytes))) return false;
  read_text(text_, progress);
  return true;
}

// All members to `text_`; false where they are longer than what is read at one go, or not sound.
bool FileReader::gunzip(std::span<const std::uint8_t> bytes) {
  text_.clear();
  while (!bytes.empty()) {
    const MemberGunzip::Member member = members_.next(bytes);
    if (member.outcome != MemberGunzip::Outcome::whole || text_.size() + member.data.size() > most_text) return false;
    text_.append(reinterpret_cast<const char*>(member.data.data()), member.data.size());
    bytes = bytes.subspan(member.read);
  }
  text_.reserve(text_.size() + padding);
  return true;
}

void FileReader::read_text(std::string_view text, Progress& progress) {
  if (progress.digest) progress.digest->add(text);
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  if (looks_like_csv(text)) {
    read_csv(std::string(text), [](std::string&) { return false; }, progress);
  } else if (!read_document(text)) {
    // Several documents, or broken ones: cut apart, so that one does not spoil the others.
    std::string window(text);
    split(window, [](std::string&) { return false; }, progress);
  }
}

// False where it is no JSON document as a whole.
bool FileReader::read_document(std::string_view text) {
  simdjson::dom::element root;
  if (parser_.parse(text.data(), text.size(), false).get(root) != simdjson::SUCCESS) return false;
  const Piece piece = records_.read(root, [&](const Call& call) {
    constexpr std::uint64_t alone = 1;
    collector_.take(call, std::max(records_.number(), alone));
  });
  if (piece == Piece::foreign && records_.number() == 0) {
    records_.count_element();
    records_.count_foreign();
  }
  return true;
}

void FileReader::read_pieces(LogFile& file, Progress& progress) {
  Pieces pieces(file);
  std::string window;
  const auto more = [&](std::string& to) {
    const std::size_t before = to.size();
    if (!pieces.more(to)) return false;
    if (progress.digest) progress.digest->add(std::string_view(to).substr(before));
    return true;
  };
  more(window);
  if (const std::string_view form = foreign_form(window); !form.empty()) {
    return progress.fail(fmt::format("is {}, which is not read", form));
  }
  Progress inner;
  if (looks_like_csv(window)) {
    read_csv(std::move(window), more, inner);
  } else {
    split(window, more, inner);
  }
  // Why the bytes ended comes before what follows from it.
  if (!pieces.problem().empty()) progress.fail(pieces.problem());
  progress.fail(inner.result.problem);
  progress.broken = inner.broken;
  progress.first_broken = inner.first_broken;
  progress.too_long = inner.too_long;
}

void FileReader::read_csv(std::string text, const More& more, Progress& progress) {
  const std::string why = trail::read_csv(std::move(text), more, [&](const Call& call) {
    records_.count_element();
    collector_.take(call, records_.number());
  });
  progress.fail(why);
}

void FileReader::split(std::string& window, const More& more, Progress& progress) {
  Splitter splitter(window, more, [&](std::string_view record) {
    records_.count_element();
    simdjson::dom::element element;
    const simdjson::error_code error = parser_.parse(record.data(), record.size(), false).get(element);
    if (error != simdjson::SUCCESS) {
      if (progress.broken++ == 0)
        progress.first_broken = fmt::format("{}: {}", records_.number(), simdjson::error_message(error));
      return;
    }
    const std::uint64_t number = records_.number();
    const Piece piece = records_.read(element, [&](const Call& call) { collector_.take(call, number); });
    if (piece == Piece::foreign) records_.count_foreign();
  });
  if (!splitter.run())
    progress.fail(fmt::format("{} (after {})", splitter.why(), count_of(records_.number(), "record")));
  progress.too_long = splitter.too_long();
}

}  // namespace wiretight::trail
