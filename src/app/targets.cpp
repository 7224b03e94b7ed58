#include "app/targets.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "report/clean.h"

namespace wiretight {
namespace {

constexpr std::uint64_t most_spooled = std::uint64_t{1} << 30;

std::string_view plural(TargetKind kind) {
  switch (kind) {
    case TargetKind::endpoint:
      return "endpoints";
    case TargetKind::tree:
      return "folders";
    case TargetKind::trail:
      return "CloudTrail archives";
    case TargetKind::flowlog:
      return "flow logs";
    case TargetKind::capture:
      return "packet captures";
    case TargetKind::account:
      return "AWS accounts";
  }
  return "";
}

std::string_view said(TargetKind kind) {
  switch (kind) {
    case TargetKind::endpoint:
      return "an endpoint";
    case TargetKind::tree:
      return "a file or folder";
    case TargetKind::trail:
      return "a log archive";
    case TargetKind::flowlog:
      return "a flow log";
    case TargetKind::capture:
      return "a packet capture";
    case TargetKind::account:
      return "an AWS account";
  }
  return "";
}

// Which kinds of target this program can scan, for people.
std::string scannable(std::span<const FileSource> sources) {
  std::string out = "endpoints";
  for (const FileSource& source : sources) {
    out += &source == &sources.back() ? " and " : ", ";
    out += plural(source.kind);
  }
  return out;
}

struct Recognised {
  TargetKind kind = TargetKind::endpoint;
  Outcome<Scannable> what = {};
};

Recognised recognise(const std::string& name, std::optional<TargetKind> as, std::span<const FileSource> sources) {
  const Outcome<TargetKind> kind = as ? Outcome<TargetKind>(*as) : kind_of(name, sources);
  if (!kind) return {.what = std::unexpected(kind.error())};
  if (*kind == TargetKind::endpoint) {
    Outcome<endpoint::Target> target = endpoint::parse_target(name);
    if (target) {
      // From here on nobody knows the password.
      target->text = report::clean(target->text);
      return {.what = std::move(*target)};
    }
    if (target.error().where.empty()) target.error().where = name;
    return {.what = std::unexpected(target.error())};
  }
  const FileSource* source = find_file_source(sources, *kind);
  if (source == nullptr) {
    const std::string_view how = as ? "taken for" : "is";
    return {
        .kind = *kind,
        .what = failure(fmt::format("{} {}, and this version scans {}", how, said(*kind), scannable(sources)), name)};
  }
  std::error_code error;
  if (!std::filesystem::exists(name, error)) {
    return {.kind = *kind,
            .what = failure(error ? "cannot be looked at: " + error.message() : "no such file or folder", name)};
  }
  return {.kind = *kind, .what = FileTarget{.path = name, .source = source}};
}

// Copies all bytes into a temporary file that has no name any more.
Outcome<std::unique_ptr<std::istream>> spool(std::istream& in, const std::string& name) {
  std::error_code error;
  std::string path = (std::filesystem::temp_directory_path(error) / "wiretight.XXXXXX").string();
  const auto cannot = [&] {
    return failure("cannot be kept while it is scanned: " + std::generic_category().message(errno), path);
  };
  const int descriptor = ::mkostemp(path.data(), O_CLOEXEC);
  if (descriptor < 0) return cannot();
  ::close(descriptor);
  auto copy = std::make_unique<std::fstream>(path, std::ios::in | std::ios::out | std::ios::binary);
  ::unlink(path.c_str());
  std::uint64_t size = 0;
  std::array<char, 65536> block = {};
  while (in.read(block.data(), block.size()), in.gcount() > 0) {
    size += static_cast<std::uint64_t>(in.gcount());
    if (size > most_spooled) return failure(fmt::format("is longer than {} bytes", most_spooled), name);
    if (!copy->write(block.data(), in.gcount())) return cannot();
  }
  if (in.bad()) return failure("cannot be read", name);
  copy->seekg(0);
  return copy;
}

}  // namespace

Outcome<TargetKind> kind_of(const std::string& name, std::span<const FileSource> sources) {
  if (name.find("://") != std::string::npos) return TargetKind::endpoint;
  if (name.starts_with("aws:")) return TargetKind::account;
  if (endpoint::parse_target(name)) return TargetKind::endpoint;
  std::error_code error;
  if (std::filesystem::exists(name, error)) {
    const auto claims = [&](const FileSource& source) { return source.claims(name); };
    const auto found = std::ranges::find_if(sources, claims);
    return found == sources.end() ? TargetKind::tree : found->kind;
  }
  // What has a slash or no dot and no colon is a path that is not there; the rest an endpoint that was misspelt.
  const bool like_endpoint = name.find_first_of(":.") != std::string::npos && name.find('/') == std::string::npos;
  if (like_endpoint) return TargetKind::endpoint;
  return failure("is neither an endpoint (HOST:PORT or https://HOST) nor a file or folder", name);
}

Outcome<Targets> Targets::open(std::span<const std::string> names, std::optional<TargetKind> as,
                               std::span<const FileSource> sources, std::istream& in) {
  Targets targets;
  targets.as_ = as;
  targets.kinds_ = sources;
  std::vector<std::string_view> seen;
  for (const std::string& name : names) {
    if (std::ranges::find(seen, name) != seen.end()) continue;
    seen.push_back(name);
    if (name == "-" || name.starts_with('@')) {
      if (Outcome<void> added = targets.add_list(name, in); !added) return std::unexpected(added.error());
      continue;
    }
    Recognised recognised = recognise(name, as, sources);
    if (!recognised.what) return std::unexpected(recognised.what.error());
    targets.sources_.push_back(
        {.name = report::clean(name), .kind = recognised.kind, .what = std::move(*recognised.what)});
  }
  return targets;
}

Outcome<void> Targets::add_list(const std::string& name, std::istream& in) {
  Source list{.name = name == "-" ? "standard input" : name.substr(1)};
  if (name == "-") {
    Outcome<std::unique_ptr<std::istream>> copy = spool(in, list.name);
    if (!copy) return std::unexpected(copy.error());
    list.bytes = std::move(*copy);
  } else {
    std::error_code error;
    if (std::filesystem::is_directory(list.name, error))
      return failure("is a folder, not a list of targets", list.name);
    auto file = std::make_unique<std::ifstream>(list.name, std::ios::binary);
    if (!*file) return failure("cannot be read: " + std::generic_category().message(errno), list.name);
    if (std::filesystem::is_regular_file(list.name, error)) {
      list.bytes = std::move(file);
    } else {
      Outcome<std::unique_ptr<std::istream>> copy = spool(*file, list.name);
      if (!copy) return std::unexpected(copy.error());
      list.bytes = std::move(*copy);
    }
  }
  list.lines = std::make_unique<TargetLines>(*list.bytes);
  list.ahead = list.lines->next();
  if (!list.ahead) return failure(list.lines->broken() ? "cannot be read" : "names no target", list.name);
  ++lists_;
  sources_.push_back(std::move(list));
  return {};
}

GivenTarget Targets::given(const Source& source) {
  return {.index = handed_out_++, .text = source.name, .kind = source.kind, .what = *source.what};
}

GivenTarget Targets::given(const Source& source, TargetLine line) {
  GivenTarget out{.index = handed_out_++, .place = fmt::format("{}:{}", source.name, line.number)};
  if (!line.text) {
    out.text = out.place;
    out.what = std::unexpected(line.text.error());
    return out;
  }
  out.text = report::clean(*line.text);
  Recognised recognised = recognise(*line.text, as_, kinds_);
  out.kind = recognised.kind;
  out.what = std::move(recognised.what);
  return out;
}

// Stands for the rest of a list.
GivenTarget Targets::given_list(const Source& source, std::string why) {
  return {.index = handed_out_++,
          .text = source.name,
          .place = fmt::format("{}:{}", source.name, source.lines->line()),
          .what = failure(std::move(why))};
}

std::optional<GivenTarget> Targets::next() {
  for (; at_ < sources_.size(); ++at_) {
    Source& source = sources_[at_];
    if (source.what) {
      ++at_;
      return given(source);
    }
    if (source.ahead) {
      TargetLine line = std::move(*source.ahead);
      source.ahead = source.lines->next();
      return given(source, std::move(line));
    }
    if (source.lines->broken()) broken_.push_back(given_list(source, "the list could not be read further"));
  }
  return std::nullopt;
}

std::optional<GivenTarget> Targets::skip() {
  while (at_ < sources_.size()) {
    const Source& source = sources_[at_++];
    if (source.what) return given(source);
    if (source.ahead) return given_list(source, "the rest of the list was skipped");
  }
  return std::nullopt;
}

std::optional<std::size_t> Targets::count() const {
  if (lists_ > 0) return std::nullopt;
  return sources_.size();
}

}  // namespace wiretight
