#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/host.h"
#include "facts/setting.h"

namespace wiretight {

enum class FlowService : std::uint8_t {
  dynamodb,  // DynamoDB or DynamoDB Streams, on port 80
  dax,       // port 8111 of DAX clusters
};

constexpr std::string_view to_text(FlowService service) {
  return service == FlowService::dynamodb ? "dynamodb" : "dax";
}

// What the records of one direction, or of one outcome, add up to.
struct FlowTally {
  std::uint64_t records = 0;
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;  // with all headers from IP on
  bool operator==(const FlowTally&) const = default;
};

// Traffic of one client, at one network interface, with a port where DynamoDB or DAX is spoken without TLS, as VPC flow
// logs record it: who, when and how much, and never what.
struct LoggedFlow {
  std::string target = {};  // as the user named it
  std::string detector = "flow-log";
  FlowService service = FlowService::dynamodb;
  // What says that the server is the service's: "pkt-dst-aws-service", "ip-ranges.json". Empty: its port alone.
  std::vector<std::string> recognised_by = {};
  std::string client = {};                // numeric address
  std::vector<std::string> servers = {};  // numeric addresses, at most 16
  bool more_servers = false;
  std::uint16_t port = 80;  // of the servers
  Destination destination = Destination::unknown;

  // Where it was logged. Each may be empty: the log does not say.
  std::string interface = {};
  std::string account = {};
  std::string instance = {};
  std::string vpc = {};
  std::string subnet = {};
  std::string region = {};
  std::string path = {};  // the traffic-path of requests, in words

  FlowTally to_server = {};    // not rejected
  FlowTally from_server = {};  // not rejected
  FlowTally rejected = {};     // in both directions
  // Bytes that headers cannot account for, summed over records that were not rejected.
  std::uint64_t payload_at_least = 0;

  Setting<bool> tcp = {};       // the log says that it was TCP
  Setting<bool> accepted = {};  // security groups and network ACLs let it pass
  Setting<bool> payload = {};   // it carried more than headers

  std::int64_t first_seen = 0;  // seconds since 1970, UTC: the start of the first record
  std::int64_t last_seen = 0;   // the end of the last one; 0: the log has no times
  Place first_record = {};
  Place last_record = {};

  // The ARN of the interface; its id where region or account are not known; else the client.
  Place place() const;
};

}  // namespace wiretight
