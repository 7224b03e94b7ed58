#pragma once

#include <atomic>
#include <filesystem>
#include <string>

#include "sources/reading.h"
#include "sources/trail/part.h"

// CloudTrail: what clients really used, record by record. See docs/cloudtrail.md.
namespace wiretight::trail {

struct Request {
  Scope scope = {};
  unsigned jobs = 1;
  const std::atomic<bool>* interrupted = nullptr;  // may be null
};

// Whether the path holds records of CloudTrail: a file by its beginning, a folder by its AWSLogs/ layout or by all of
// its first files.
bool claims(const std::filesystem::path& path);

// Reads a file, or all log files below a folder. Never throws: what could not be read is a gap. The facts are the same
// whatever the number of threads.
Reading read(const std::string& target, const Request& request);

}  // namespace wiretight::trail
