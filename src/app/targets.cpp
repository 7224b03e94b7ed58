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

// The beginning of pcap in both byte orders and resolutions, and of pcapng.
bool is_capture(const std::filesystem::path& path) {
  std::array<char, 4> start = {};
  std::ifstream file(path, std::ios::binary);
  if (!file.read(start.data(), start.size())) return false;
  constexpr std::array<std::string_view, 5> magics = {"\xa1\xb2\xc3\xd4", "\xd4\xc3\xb2\xa1", "\xa1\xb2\x3c\x4d",
                                                      "\x4d\x3c\xb2\xa1", "\x0a\x0d\x0d\x0a"};
  return std::ranges::find(magics, std::string_view(start.data(), start.size())) != magics.end();
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

struct Recognised {
  TargetKind kind = TargetKind::endpoint;
  Outcome<endpoint::Target> endpoint = {};
};

Recognised recognise(const std::string& name, std::optional<TargetKind> as) {
  const Outcome<TargetKind> kind = as ? Outcome<TargetKind>(*as) : kind_of(name);
  if (!kind) return {.endpoint = std::unexpected(kind.error())};
  if (*kind != TargetKind::endpoint) {
    const std::string_view how = as ? "taken for" : "is";
    return {.kind = *kind,
            .endpoint = failure(fmt::format("{} {}, and this version scans endpoints", how, said(*kind)), name)};
  }
  Outcome<endpoint::Target> target = endpoint::parse_target(name);
  // From here on nobody knows the password.
  if (target) target->text = report::clean(target->text);
  if (!target && target.error().where.empty()) target.error().where = name;
  return {.endpoint = std::move(target)};
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

Outcome<TargetKind> kind_of(const std::string& name) {
  if (name.find("://") != std::string::npos) return TargetKind::endpoint;
  if (name.starts_with("aws:")) return TargetKind::account;
  if (endpoint::parse_target(name)) return TargetKind::endpoint;
  std::error_code error;
  const auto status = std::filesystem::status(name, error);
  if (std::filesystem::exists(status)) {
    return std::filesystem::is_regular_file(status) && is_capture(name) ? TargetKind::capture : TargetKind::tree;
  }
  // What has a slash or no dot and no colon is a path that is not there; the rest an endpoint that was misspelt.
  const bool like_endpoint = name.find_first_of(":.") != std::string::npos && name.find('/') == std::string::npos;
  if (like_endpoint) return TargetKind::endpoint;
  return failure("is neither an endpoint (HOST:PORT or https://HOST) nor a file or folder", name);
}

Outcome<Targets> Targets::open(std::span<const std::string> names, std::optional<TargetKind> as, std::istream& in) {
  Targets targets;
  targets.as_ = as;
  std::vector<std::string_view> seen;
  for (const std::string& name : names) {
    if (std::ranges::find(seen, name) != seen.end()) continue;
    seen.push_back(name);
    if (name == "-" || name.starts_with('@')) {
      if (Outcome<void> added = targets.add_list(name, in); !added) return std::unexpected(added.error());
      continue;
    }
    Recognised recognised = recognise(name, as);
    if (!recognised.endpoint) return std::unexpected(recognised.endpoint.error());
    targets.sources_.push_back({.name = name, .endpoint = std::move(*recognised.endpoint)});
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

GivenTarget Targets::given(const Source& source, TargetLine line) {
  GivenTarget out{.index = handed_out_++, .place = fmt::format("{}:{}", source.name, line.number)};
  if (!line.text) {
    out.text = out.place;
    out.endpoint = std::unexpected(line.text.error());
    return out;
  }
  out.text = report::clean(*line.text);
  Recognised recognised = recognise(*line.text, as_);
  out.kind = recognised.kind;
  out.endpoint = std::move(recognised.endpoint);
  return out;
}

// Stands for the rest of a list.
GivenTarget Targets::given_list(const Source& source, std::string why) {
  return {.index = handed_out_++,
          .text = source.name,
          .place = fmt::format("{}:{}", source.name, source.lines->line()),
          .endpoint = failure(std::move(why))};
}

std::optional<GivenTarget> Targets::next() {
  for (; at_ < sources_.size(); ++at_) {
    Source& source = sources_[at_];
    if (source.endpoint) {
      ++at_;
      return GivenTarget{.index = handed_out_++, .text = source.endpoint->text, .endpoint = *source.endpoint};
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
    if (source.endpoint) {
      return GivenTarget{.index = handed_out_++, .text = source.endpoint->text, .endpoint = *source.endpoint};
    }
    if (source.ahead) return given_list(source, "the rest of the list was skipped");
  }
  return std::nullopt;
}

std::optional<std::size_t> Targets::count() const {
  if (lists_ > 0) return std::nullopt;
  return sources_.size();
}

}  // namespace wiretight
