#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "facts/fact_set.h"
#include "facts/flow.h"
#include "net/hello/flight.h"

namespace wiretight::capture {

// What one connection shows, before it is laid together with others like it.
struct Sighting {
  Flow flow = {};
  std::string key_id = {};  // as it crossed the wire: never shown
  std::uint8_t signs = 0;
};

void add_count(std::vector<NamedCount>& counts, std::string_view name, std::uint64_t count);

// At most 16 different ones.
void add_tables(std::vector<std::string>& tables, const std::vector<std::string>& more);

// Where a TLS server was seen.
struct ServerSeen {
  std::string name = {};
  std::string address = {};
  std::uint16_t port = 0;
  Place place = {};
  std::int64_t at = 0;  // milliseconds since 1970, UTC
};

// Everything that one capture shows, laid together: bounded whatever the capture holds.
class Tally {
 public:
  void add(Sighting sighting);
  void add_server(const ServerSeen& seen, const tls::Flight& flight);

  // The facts, in the order in which they were first seen. HTTP/2 in the clear counts as DynamoDB's where the same
  // server is known for it by other flows; the rest of it is counted only.
  struct Result {
    std::vector<Flow> flows = {};
    std::vector<Listener> listeners = {};
    std::uint64_t http2_elsewhere = 0;
    std::uint64_t overflowed = 0;  // connections that found no room
  };
  Result result(const std::string& target);

 private:
  struct Shown {
    std::vector<std::vector<std::uint8_t>> chain = {};  // DER, leaf first
    std::vector<std::uint8_t> staple = {};
    std::int64_t at = 0;
  };
  struct Served {
    Listener listener = {};
    std::vector<Shown> chains = {};
  };

  void add_chain(Served& served, const tls::Flight& flight, std::int64_t at);
  void judge_chains(Served& served);

  std::vector<Sighting> sightings_ = {};
  std::unordered_map<std::string, std::size_t> by_key_ = {};
  std::vector<Served> servers_ = {};
  std::uint64_t overflowed_ = 0;
};

}  // namespace wiretight::capture
