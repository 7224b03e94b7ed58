#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "sources/trail/file_reader.h"
#include "sources/trail/tally.h"
#include "sources/trail/trail.h"

// Many log files, read by several threads and counted in one order.
namespace wiretight::trail {

struct LogObject {
  std::string path = {};
  std::string name = {};  // what places show
};

// Reads batches of files. What it counts depends on the files and their order alone.
class Archive {
 public:
  // For each file in order: its name and what became of it, its part already taken away.
  using Read = std::function<void(const LogObject& object, const FileResult& result)>;
  // Whether a file's SHA-256 is wanted. Called by several threads at once.
  using WantsDigest = std::function<bool(const LogObject& object)>;

  explicit Archive(const Request& request) : request_(request) {}

  // False once interrupted: files from some on were not read.
  bool add(const std::vector<LogObject>& objects, const Read& read, const WantsDigest& wants_digest);

  Tally& tally() { return tally_; }

 private:
  bool interrupted() const { return request_.interrupted != nullptr && *request_.interrupted; }

  const Request& request_;
  Tally tally_ = {};
  RepeatedIds repeated_ = {};
  std::vector<std::unique_ptr<FileReader>> idle_ = {};
};

}  // namespace wiretight::trail
