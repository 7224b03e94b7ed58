#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/results.h"
#include "sources/flowlog/ranges.h"
#include "sources/reading.h"
#include "sources/trail/trail.h"

namespace wiretight {

// What is asked of the sources of files and folders beside the path: of each, what concerns it.
struct FileRequest {
  unsigned jobs = 1;                           // threads that one target may keep busy
  std::optional<flowlog::Ranges> ranges = {};  // AWS's list of addresses, for flow logs
  trail::Scope trail = {};                     // which records of logs count
  std::int64_t now = 0;                        // seconds since 1970
};

// A source of files or folders: one row of the table.
struct FileSource {
  TargetKind kind = TargetKind::tree;
  // Whether what lies at the path is of this kind. Reads a bounded beginning of it.
  bool (*claims)(const std::filesystem::path& path) = nullptr;
  // Reads it. What could not be read stands in the gaps; may stop early once interrupted, which is a gap as well. Where
  // nothing was read, statistics may be left out. An exception costs this target alone.
  Reading (*read)(const std::string& path, const FileRequest& request, const std::atomic<bool>& interrupted) = nullptr;
};

// The sources of this program; of two that claim the same path, the earlier has it.
std::span<const FileSource> file_sources();

// The source of that kind; nullptr where there is none.
const FileSource* find_file_source(std::span<const FileSource> sources, TargetKind kind);

// The statistics of a target of that kind of which nothing was read, with all names of the contract.
Json no_statistics(TargetKind kind);

}  // namespace wiretight
