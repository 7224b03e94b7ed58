#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/hash.h"
#include "facts/fact_set.h"
#include "sources/trail/part.h"
#include "sources/trail/sketch.h"

namespace wiretight::trail {

// How many calls, and from when to when.
struct Totals {
  std::uint64_t count = 0;
  std::int64_t first = 0;
  std::int64_t last = 0;

  void add(std::int64_t time);
  void merge(const Totals& other);
  bool operator==(const Totals&) const = default;
};

// A call kept as an example: the three with the lowest ranks of a group, which follow from the event's id.
struct Example {
  std::uint64_t rank = 0;
  EventId id = {};
  std::string file = {};
  std::uint64_t record = 0;
  auto operator<=>(const Example&) const = default;
};

struct GroupTotals {
  Totals totals = {};
  std::vector<Example> examples = {};  // by rank
  std::map<std::string, std::uint64_t> operations = {};
  std::uint64_t other_operations = 0;  // those for which there was no room
  Addresses addresses = {};
  bool operator==(const GroupTotals&) const = default;
};

struct CoverageTotals {
  Totals events = {};
  std::uint64_t management = 0;
  std::uint64_t data = 0;
  std::string file = {};  // the first record, by file and number
  std::uint64_t record = 0;
  bool operator==(const CoverageTotals&) const = default;
};

// How much room there is for what is told apart.
struct Room {
  std::size_t groups = 50'000;
  std::size_t rows = 250'000;
  bool operator==(const Room&) const = default;
};

// Remembers the ids of one folder's events, half a million of the latest at least, and tells those that come again.
class RepeatedIds {
 public:
  // Another folder than the one before begins with nothing remembered.
  void begin_folder(std::string_view folder);
  // Whether it came before. Unknown ids never did.
  bool seen(const EventId& id);

 private:
  struct Slot {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    bool operator==(const Slot&) const = default;
  };
  // Where it is or would be.
  static Slot& slot_of(std::vector<Slot>& table, const Slot& wanted);
  void grow();

  std::string folder_ = {};
  std::vector<Slot> now_ = {};
  std::vector<Slot> before_ = {};
  std::size_t count_ = 0;  // in `now_`
};

// All that is counted. Adding up is associative and does not depend on the order, so that any cut of the input into
// shards comes to the same: what there is no room for is chosen by the keys alone, the weak and unknown before the
// sound, and counted as one group of its class.
struct Tally {
  struct HashOfText {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return static_cast<std::size_t>(hash64(text)); }
  };
  template <class Value>
  using Table = std::unordered_map<std::string, Value, HashOfText, std::equal_to<>>;

  std::uint64_t events = 0;
  std::uint64_t dynamodb_events = 0;  // with those that came again
  std::uint64_t duplicates = 0;
  Table<GroupTotals> groups = {};       // by group_key.h
  Table<CoverageTotals> coverage = {};  // by coverage_key()
  Sketch addresses = {};
  Sketch access_keys = {};
  std::vector<TransportDeny> denies = {};

  // The parts of a folder's files in the order of the files.
  void add(const Part& part, const std::string& file, RepeatedIds& repeated, const Room& room = {});
  void merge(const Tally& other, const Room& room = {});
  // Once all is added: gives up what there is no room for, and puts what has no order of its own into one.
  void settle(const Room& room = {});

  // The groups and rows as facts, in the order of their keys. Settled ones alone.
  FactSet facts(const std::string& target) const;
};

std::string coverage_key(std::string_view account, std::string_view region);

}  // namespace wiretight::trail
