#pragma once

#include <atomic>
#include <cstddef>
#include <filesystem>
#include <string>

#include "sources/capture/input.h"
#include "sources/reading.h"

namespace wiretight::capture {

struct Request {
  const std::atomic<bool>* interrupted = nullptr;  // stop early; what was read by then stands, and a gap says so
  std::size_t connections = 65536;                 // followed at the same time
};

// Reads a packet capture from beginning to end, once, in memory that does not depend on its size: finds DynamoDB,
// Streams and DAX in the clear, and TLS handshakes with their names. What is damaged, cut off or not understood becomes
// a gap, and what was read before it stands.
Reading read(const std::string& target, const Request& request);
// The same of bytes that are open already.
Reading read(Input input, const std::string& target, const Request& request);

// Is this regular file a pcap or pcapng file, or one of them in gzip? Reads its beginning.
bool claims(const std::filesystem::path& path);

}  // namespace wiretight::capture
