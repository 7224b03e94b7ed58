#pragma once

#include <atomic>
#include <filesystem>
#include <string>

#include "sources/flowlog/ranges.h"
#include "sources/reading.h"

// Flow logs of VPCs, as AWS writes them to S3: text and gzip, single files and folders in the AWSLogs/ layout. They can
// show that a client spoke with DynamoDB on its cleartext port, or with a DAX cluster on 8111: who, when and how much.
// They never show what was said.

namespace wiretight::flowlog {

struct Request {
  unsigned jobs = 1;               // threads
  const Ranges* ranges = nullptr;  // AWS's list of addresses, where the user gave it
};

// Whether the file is a flow log, or the folder is of the AWSLogs/ layout with flow logs in it, or holds flow logs and
// nothing else. Reads a bounded beginning.
bool claims(const std::filesystem::path& path);

// Never throws; what could not be read stands in the gaps.
Reading read(const std::string& path, const Request& request, const std::atomic<bool>& interrupted);

}  // namespace wiretight::flowlog
