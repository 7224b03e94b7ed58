#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "facts/logged_flow.h"
#include "sources/flowlog/format.h"
#include "sources/flowlog/ranges.h"
#include "sources/flowlog/rows.h"

namespace wiretight::flowlog {

// Clients of which the records are kept apart; the others are counted. A client is some kilobytes at most.
inline constexpr std::size_t most_clients = 10'000;
inline constexpr std::size_t most_servers = 16;

// A record and where it stands, in an order that does not depend on who read it when.
struct RecordAt {
  std::int64_t time = 0;
  std::size_t file = 0;
  std::uint64_t row = 0;  // from 1; 0: none
  auto operator<=>(const RecordAt&) const = default;
};

// Whose traffic, and where it was logged. `Text` is std::string, or std::string_view to look for it.
template <class Text>
struct WhoseOf {
  FlowService service = FlowService::dynamodb;
  Text account = {};
  Text interface = {};
  Text client = {};
};
using Who = WhoseOf<std::string>;

struct ByWho {
  using is_transparent = void;
  template <class One, class Other>
  bool operator()(const WhoseOf<One>& one, const WhoseOf<Other>& other) const {
    if (one.service != other.service) return one.service < other.service;
    if (const int order = one.account.compare(other.account); order != 0) return order < 0;
    if (const int order = one.interface.compare(other.interface); order != 0) return order < 0;
    return one.client.compare(other.client) < 0;
  }
};

// What is known of one client's traffic. Adding up in any order gives the same.
struct Traffic {
  FlowTally to_server = {};
  FlowTally from_server = {};
  FlowTally rejected = {};
  std::uint64_t payload_at_least = 0;
  std::uint64_t records_accepted = 0;  // the log says so
  std::uint64_t records_unsized = 0;   // without bytes or packets
  bool by_label = false;
  bool by_ranges = false;
  bool tcp_unknown = false;  // of any record
  std::string instance = {};
  std::string vpc = {};
  std::string subnet = {};
  std::string region = {};
  std::string path = {};
  std::set<std::string, std::less<>> servers = {};  // the smallest
  bool more_servers = false;
  std::int64_t last_end = 0;
  RecordAt first = {};
  RecordAt last = {};

  void merge(const Traffic& other);
  std::uint64_t records() const { return to_server.records + from_server.records + rejected.records; }
};
using Clients = std::map<Who, Traffic, ByWho>;

// What a file's place in the AWSLogs/ layout says, for logs whose rows do not.
struct Whereabouts {
  std::string account = {};
  std::string region = {};
};

// Adds up rows of any number of files. One for each thread, merged at the end: the sums, the clients kept and the first
// and last records are the same for any distribution of the files.
class Tally {
 public:
  explicit Tally(const Ranges* ranges = nullptr) : ranges_(ranges) {}

  // From now on rows are of that file.
  void begin_file(std::size_t index, Whereabouts whereabouts);
  // False for a row that is none of that format.
  bool add(const Row& row, const Format& format);
  void merge(Tally&& other);

  struct Counts {
    std::uint64_t rows = 0;
    std::uint64_t tls = 0;              // DynamoDB on port 443
    std::uint64_t other_ports = 0;      // DynamoDB on neither 80 nor 443
    std::uint64_t cleartext = 0;        // DynamoDB on port 80, not rejected
    std::uint64_t dax = 0;              // port 8111, not rejected
    std::uint64_t rejected = 0;         // either, rejected
    std::uint64_t no_data = 0;          // intervals without traffic
    std::uint64_t skipped = 0;          // intervals of which records were lost
    std::uint64_t without_status = 0;   // one or the other: the log has no log-status
    std::uint64_t unknown_service = 0;  // port 80 of a public address that may be DynamoDB's
    std::uint64_t private_service = 0;  // port 80 of a private address: an interface endpoint is not told
    std::uint64_t not_kept = 0;         // of cleartext, dax and rejected, beyond most_clients
    std::int64_t earliest = 0;          // 0: no times
    std::int64_t latest = 0;
  };
  const Counts& counts() const { return counts_; }
  const Clients& clients() const { return clients_; }

 private:
  struct Direction;

  void see_time(const Row& row, const Format& format);
  bool is_dynamodb(std::string_view label, std::string_view address, bool by_address, Direction& how) const;
  void judge(const Row& row, const Format& format, std::string_view source_port, std::string_view destination_port);
  void note_unknown(const Row& row, const Format& format);
  void keep(const Row& row, const Format& format, const Direction& direction);
  Traffic* traffic_of(const WhoseOf<std::string_view>& who);
  void drop_last_clients();

  const Ranges* ranges_;
  std::size_t file_ = 0;
  Whereabouts whereabouts_ = {};
  std::uint64_t row_ = 0;  // in the file
  Counts counts_ = {};
  Clients clients_ = {};
  std::string start_text_ = {};  // of the row before: most rows begin at the same second
};

// The facts, in the order of clients; `paths` are the names of the files.
std::vector<LoggedFlow> facts_of(const Tally& tally, const std::vector<std::string>& paths);

}  // namespace wiretight::flowlog
