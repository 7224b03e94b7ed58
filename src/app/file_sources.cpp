#include "app/file_sources.h"

#include <algorithm>
#include <array>
#include <initializer_list>

#include "sources/capture/capture.h"
#include "sources/flowlog/flowlog.h"

namespace wiretight {

namespace {

constexpr std::array rows = {
    FileSource{.kind = TargetKind::trail,
               .claims = trail::claims,
               .read =
                   [](const std::string& path, const FileRequest& request, const std::atomic<bool>& interrupted) {
                     return trail::read(path,
                                        {.scope = request.trail, .jobs = request.jobs, .interrupted = &interrupted});
                   }},
    FileSource{.kind = TargetKind::flowlog,
               .claims = flowlog::claims,
               .read =
                   [](const std::string& path, const FileRequest& request, const std::atomic<bool>& interrupted) {
                     return flowlog::read(path,
                                          {.jobs = request.jobs, .ranges = request.ranges ? &*request.ranges : nullptr},
                                          interrupted);
                   }},
    FileSource{.kind = TargetKind::capture,
               .claims = capture::claims,
               .read =
                   [](const std::string& path, const FileRequest&, const std::atomic<bool>& interrupted) {
                     return capture::read(path, {.interrupted = &interrupted});
                   }},
};

}  // namespace

std::span<const FileSource> file_sources() { return rows; }

const FileSource* find_file_source(std::span<const FileSource> sources, TargetKind kind) {
  const auto found = std::ranges::find(sources, kind, &FileSource::kind);
  return found == sources.end() ? nullptr : &*found;
}

Json no_statistics(TargetKind kind) {
  Json out = Json::object({{"bytes", 0}, {"milliseconds", 0}});
  const auto counts = [&](std::initializer_list<const char*> names) {
    for (const char* name : names) out.set(name, 0);
  };
  switch (kind) {
    case TargetKind::endpoint:
      out.set("connections", 0).set("addresses", Json::array());
      break;
    case TargetKind::tree:
      counts({"files", "skipped", "clients", "resources"});
      break;
    case TargetKind::trail:
      counts({"files", "events", "dynamodbEvents", "duplicates"});
      break;
    case TargetKind::flowlog:
      counts({"files", "rows"});
      break;
    case TargetKind::capture:
      counts({"packets", "flows", "dropped"});
      break;
    case TargetKind::account:
      counts({"calls"});
      break;
  }
  return out;
}

}  // namespace wiretight
