#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "facts/call_group.h"
#include "sources/trail/group_key.h"
#include "sources/trail/key_table.h"

namespace wiretight::trail {

// Which records count.
struct Scope {
  std::optional<std::int64_t> from = {};   // seconds since 1970, UTC; this second counts
  std::optional<std::int64_t> to = {};     // this one no more
  std::vector<std::string> accounts = {};  // empty: all
  std::vector<std::string> regions = {};   // empty: all
};

// An event's id in little room. AWS's are GUIDs; of any other text this is a hash.
struct EventId {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  bool guid = false;
  bool known() const { return high != 0 || low != 0; }
  auto operator<=>(const EventId&) const = default;
};
EventId event_id_from(std::string_view text);
// "6f3d1b3a-…"; empty for what is no GUID.
std::string to_text(const EventId& id);

// Seconds since 1970 in any of the spellings that CloudTrail, older exports and Lake have; 0 for what is no time.
std::int64_t event_time_from(std::string_view text);

// One call of DynamoDB, Streams or DAX.
struct Seen {
  EventId id = {};
  std::int64_t time = 0;
  std::uint64_t source_hash = 0;  // of the address; 0: none
  std::uint64_t key_hash = 0;     // of the access key id; 0: none
  std::uint64_t record = 0;
  std::uint32_t group = 0;
  std::uint32_t operation = 0;
};

// Up to four addresses of a group: those with the lowest hashes, so that any order of the calls gives the same.
using Addresses = std::array<std::string, 4>;
void keep_lowest(Addresses& kept, std::string_view address);

// All events of one account and region.
struct Row {
  std::string account = {};
  std::string region = {};
  std::uint64_t events = 0;
  std::int64_t first = 0;
  std::int64_t last = 0;
  std::uint64_t record = 0;  // the first of them
};

// What a file, or a part of a huge one, holds.
struct Part {
  KeyTable groups = {};
  KeyTable operations = {};
  std::vector<Addresses> addresses = {};  // by group
  std::vector<Seen> seen = {};
  std::vector<Row> rows = {};
  std::vector<TransportDeny> denies = {};
  std::uint64_t events = 0;
};

// Sorts records into parts. Not for two threads at once.
class Collector {
 public:
  using Flush = std::function<void(Part part)>;

  explicit Collector(Scope scope) : scope_(std::move(scope)) {}

  // From now on records are of that file; parts that become large go to `flush`.
  void begin(std::string file, Flush flush);
  void take(const Call& call, std::uint64_t record);
  // What is left of the file.
  Part end();

 private:
  bool in_scope(std::string_view account, std::string_view region, std::int64_t time) const;
  void count(std::string_view account, std::string_view region, std::int64_t time, std::uint64_t record);
  void note_deny(const Call& call, std::int64_t time, std::uint64_t record);

  Scope scope_;
  GroupKeys keys_ = {};
  std::string file_ = {};
  Flush flush_ = {};
  Part part_ = {};
  std::size_t row_ = 0;
};

}  // namespace wiretight::trail
