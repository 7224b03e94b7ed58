#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <sys/mman.h>
#include <unistd.h>
#include <vector>

#include "require.h"
#include "sources/trail/file_reader.h"
#include "sources/trail/splitter.h"
#include "sources/trail/tally.h"

namespace {

using namespace wiretight;

// The records of a text that comes in pieces of so many bytes.
std::vector<std::string> cut(std::string_view text, std::size_t piece) {
  std::vector<std::string> records;
  std::string window;
  trail::Splitter splitter(
      window,
      [&](std::string& to) {
        to += text.substr(0, piece);
        const bool more = !text.empty();
        text.remove_prefix(std::min(piece, text.size()));
        return more;
      },
      [&](std::string_view record) { records.emplace_back(record); });
  splitter.run();
  return records;
}

}  // namespace

// A file of whatever form: gzip or plain, JSON, lines or CSV.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view content(reinterpret_cast<const char*>(data), size);
  static const int file = ::memfd_create("wiretight-fuzz", MFD_CLOEXEC);
  require(::ftruncate(file, 0) == 0 && ::pwrite(file, data, size, 0) == static_cast<ssize_t>(size));
  static trail::FileReader reader{trail::Scope{}};
  trail::Tally tally;
  trail::RepeatedIds repeated;
  trail::FileResult result = reader.read("/proc/self/fd/" + std::to_string(file), "file", true,
                                         [&](const trail::Part& part) { tally.add(part, "file", repeated); });
  tally.add(result.part, "file", repeated);
  tally.settle();
  require(result.problem.empty() == !result.sha256.empty());
  std::uint64_t counted = 0;
  for (const CallGroup& group : tally.facts("target").calls) {
    require(group.count > 0 && group.samples.size() <= 3 && group.addresses.size() <= 4);
    counted += group.count;
  }
  require(counted == tally.dynamodb_events - tally.duplicates);
  require(tally.dynamodb_events <= tally.events);
  require(cut(content, 1) == cut(content, size + 1));
  return 0;
}
