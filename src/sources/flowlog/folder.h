#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "facts/gap.h"

namespace wiretight::flowlog {

// The files below a folder that may be flow logs, in the order of their paths.
struct Files {
  std::vector<std::string> paths = {};  // with the folder's name before each
  std::vector<Gap> gaps = {};           // without target
  std::string other_logs = {};          // a folder of the AWSLogs/ layout whose logs are of another service
};
// A path that is a file is the only one.
Files files_of(const std::string& path);

// Whether it lies where the AWSLogs/ layout, plain or with Hive's names, has flow logs.
bool lies_among_flow_logs(const std::filesystem::path& path);

// Whether a folder named AWSLogs, at or straight below the path, or the path itself, has flow logs by its layout.
bool has_layout(const std::filesystem::path& folder);

}  // namespace wiretight::flowlog
