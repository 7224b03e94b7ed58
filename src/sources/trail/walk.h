#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "facts/gap.h"
#include "sources/trail/archive.h"

namespace wiretight::trail {

// What a walk came upon and left alone.
struct LeftAlone {
  std::uint64_t out_of_scope = 0;  // by their path
  std::uint64_t insights = 0;
  std::uint64_t other = 0;     // no logs by their name
  std::vector<Gap> gaps = {};  // folders that could not be read
};

// The log files at a path, folder by folder in the order of their names, in batches. Links to folders are not followed.
// `take` is false once no more is wanted.
LeftAlone walk_logs(const std::string& target, const Scope& scope,
                    const std::function<bool(std::vector<LogObject> batch)>& take);

// The digest files at a path.
std::vector<LogObject> find_digests(const std::string& target, const Scope& scope);

// See trail.h.
bool folder_has_logs(const std::string& folder);
// A file by its beginning.
bool file_has_records(const std::string& path);

}  // namespace wiretight::trail
