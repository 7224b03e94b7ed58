#include "sources/flowlog/folder.h"

#include <algorithm>
#include <fmt/format.h>
#include <string_view>
#include <system_error>
#include <utility>

// The layout: VPC user guide, "Publish flow logs to Amazon S3".

namespace wiretight::flowlog {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_files = 2'000'000;
constexpr std::size_t most_depth = 32;
// Entries that are looked at to see what a folder is.
constexpr std::size_t most_looked_at = 4096;

bool is_flow_log_folder(std::string_view name) { return name == "vpcflowlogs" || name == "aws-service=vpcflowlogs"; }

// Of CloudTrail, in the folder of an account of the layout.
bool is_other_log_folder(const fs::path& path) {
  const std::string name = path.filename().string();
  return (name == "CloudTrail" || name == "aws-service=CloudTrail") && std::ranges::find(path, "AWSLogs") != path.end();
}

struct Walk {
  Files& files;
  bool full = false;

  void enter(const fs::path& folder, std::size_t depth) {
    if (depth > most_depth) {
      files.gaps.push_back({.place = folder.string(), .message = "is too deep: what lies in it was not read"});
      return;
    }
    std::error_code error;
    std::vector<fs::path> inner;
    fs::directory_iterator at(folder, error);
    for (const fs::directory_iterator end; !error && at != end && !full; at.increment(error)) {
      std::error_code unknown;
      if (at->is_symlink(unknown)) {
        files.gaps.push_back({.place = at->path().string(), .message = "is a link, which is not followed"});
      } else if (at->is_directory(unknown)) {
        inner.push_back(at->path());
      } else if (at->is_regular_file(unknown)) {
        files.paths.push_back(at->path().string());
        full = files.paths.size() >= most_files;
      } else if (unknown && unknown != std::errc::no_such_file_or_directory) {
        files.gaps.push_back({.place = at->path().string(), .message = "cannot be looked at: " + unknown.message()});
      }
    }
    if (error) files.gaps.push_back({.place = folder.string(), .message = "cannot be read: " + error.message()});
    std::ranges::sort(inner);
    for (const fs::path& path : inner) {
      if (full) return;
      if (is_other_log_folder(path)) {
        if (files.other_logs.empty()) files.other_logs = path.string();
        continue;
      }
      enter(path, depth + 1);
    }
  }
};

bool has_flow_logs(const fs::path& folder, std::size_t depth, std::size_t& looked_at) {
  std::error_code error;
  std::vector<fs::path> inner;
  fs::directory_iterator at(folder, error);
  for (const fs::directory_iterator end; !error && at != end; at.increment(error)) {
    if (++looked_at > most_looked_at) return false;
    std::error_code unknown;
    if (!at->is_directory(unknown)) continue;
    if (is_flow_log_folder(at->path().filename().string())) return true;
    inner.push_back(at->path());
  }
  // AWSLogs/[o-…/]<account>/vpcflowlogs
  return depth < 2 &&
         std::ranges::any_of(inner, [&](const fs::path& path) { return has_flow_logs(path, depth + 1, looked_at); });
}

}  // namespace

Files files_of(const std::string& path) {
  Files files;
  std::error_code error;
  if (!fs::is_directory(path, error)) {
    files.paths.push_back(path);
    return files;
  }
  Walk walk{files};
  walk.enter(path, 0);
  if (walk.full) {
    files.gaps.push_back(
        {.place = path, .message = fmt::format("has more than {} files: the others were not read", most_files)});
  }
  std::ranges::sort(files.paths);
  return files;
}

bool lies_among_flow_logs(const fs::path& path) {
  return std::ranges::any_of(path, [](const fs::path& part) { return is_flow_log_folder(part.string()); });
}

bool has_layout(const fs::path& folder) {
  std::error_code error;
  fs::path whole = fs::absolute(folder, error).lexically_normal();
  if (lies_among_flow_logs(whole)) return true;
  std::size_t looked_at = 0;
  if (std::ranges::find(whole, "AWSLogs") != whole.end()) return has_flow_logs(whole, 0, looked_at);
  return has_flow_logs(whole / "AWSLogs", 0, looked_at);
}

}  // namespace wiretight::flowlog
