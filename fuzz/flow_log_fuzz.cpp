#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "require.h"
#include "sources/flowlog/file.h"

// Whatever a log holds: in one piece or in many it is read the same, and what is told of clients adds up to what was
// counted.
namespace {

using namespace wiretight;
using namespace wiretight::flowlog;

FileResult read(std::string_view text, std::size_t piece, Tally& tally) {
  RowReader reader(tally);
  reader.begin(0, {});
  for (std::size_t at = 0; at < text.size() && reader.take(text.substr(at, piece)); at += piece) {
  }
  reader.end(true);
  return reader.result();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static const Ranges ranges =
      *Ranges::parse(R"({"prefixes": [{"ip_prefix": "52.94.0.0/22", "service": "DYNAMODB"}]})");
  Tally whole(&ranges);
  Tally pieces(&ranges);
  const FileResult one = read(text, size, whole);
  const FileResult many = read(text, 7, pieces);
  require(one.rows == many.rows && one.bad_rows == many.bad_rows && one.is_flow_log == many.is_flow_log);
  require(whole.counts().rows <= one.rows);
  std::uint64_t records = whole.counts().not_kept;
  const std::vector<LoggedFlow> flows = facts_of(whole, {"log"});
  require(flows.size() == facts_of(pieces, {"log"}).size());
  for (const LoggedFlow& flow : flows) {
    records += flow.to_server.records + flow.from_server.records + flow.rejected.records;
    require(flow.payload_at_least <= flow.to_server.bytes + flow.from_server.bytes);
    require(flow.payload.is(true) == (flow.payload_at_least > 0));
    require(flow.servers.size() <= most_servers);
  }
  require(records == whole.counts().cleartext + whole.counts().dax + whole.counts().rejected);
  return 0;
}
