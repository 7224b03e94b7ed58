#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "facts/gap.h"
#include "sources/trail/part.h"

namespace wiretight::trail {

// The proof that no log file is missing or was changed: CloudTrail's digest files name every object that was delivered
// in their hour with its SHA-256, and the digest before them (AWS, "CloudTrail digest file structure"). Their own
// signatures are in the metadata of S3 and so not verified.
class DigestChain {
 public:
  // Reads one digest file. Answers why it could not be used; empty where it could.
  std::string add(const std::string& path, const std::string& name);

  bool empty() const { return links_.empty(); }
  // Whether a digest names a log file of that name.
  bool names(std::string_view file_name) const { return objects_.contains(file_name); }
  // The log file was wholly read and its content has this SHA-256. Not for two threads at once.
  void saw(std::string_view file_name, std::string_view sha256);

  struct Verdict {
    std::vector<Gap> gaps = {};               // objects missing or changed, hours without a digest
    std::vector<std::string> looked_at = {};  // a line each for an account and region
  };
  // Once all files were read. What the scope leaves out is not asked for.
  Verdict conclude(const Scope& scope) const;

 private:
  struct Link {
    std::string object = {};  // key in S3
    std::int64_t start = 0;
    std::int64_t end = 0;
    std::string sha256 = {};
    std::string previous = {};
    std::string previous_sha256 = {};
    std::string account = {};
    std::string region = {};
  };
  struct Object {
    std::string key = {};
    std::string sha256 = {};
    std::string seen_sha256 = {};  // empty: not read
    std::string account = {};
    std::string region = {};
  };

  std::vector<Link> links_ = {};
  std::map<std::string, Object, std::less<>> objects_ = {};  // by file name
};

}  // namespace wiretight::trail
