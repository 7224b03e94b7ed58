#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace wiretight {

// Where something stands. One alternative for each form of `location` in the contract. Places are ordered by kind, then
// by their fields.

// A stretch of a file. `file` is relative to the target; `line` and `column` count from 1, columns in UTF-16 code
// units (what SARIF and editors count); `offset` and `length` are bytes, for edits.
struct FilePlace {
  std::string file = {};
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::uint32_t end_line = 0;
  std::uint32_t end_column = 0;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  auto operator<=>(const FilePlace&) const = default;
};

// A network endpoint: `endpoint` is "host:port" ("[v6]:port"); `address` is set where one name has several addresses
// that were told apart.
struct EndpointPlace {
  std::string endpoint = {};
  std::string address = {};
  auto operator<=>(const EndpointPlace&) const = default;
};

// An ARN or the address of a resource in infrastructure code.
struct ResourcePlace {
  std::string resource = {};
  auto operator<=>(const ResourcePlace&) const = default;
};

// A frame of a packet capture. `frame` counts from 1, as tshark does; `stream` from 0; `offset` is in bytes.
struct CapturePlace {
  std::string file = {};
  std::uint64_t frame = 0;
  std::uint64_t stream = 0;
  std::uint64_t offset = 0;
  auto operator<=>(const CapturePlace&) const = default;
};

// A record of a log archive. `record` counts from 1 within `file`; 0 when the place is the whole file or a group.
struct TrailPlace {
  std::string file = {};
  std::uint64_t record = 0;
  auto operator<=>(const TrailPlace&) const = default;
};

using Place = std::variant<std::monostate, FilePlace, EndpointPlace, ResourcePlace, CapturePlace, TrailPlace>;

// One line for people: "src/app.py:3:5", "db.example:443 (192.0.2.1)", "dump.pcap frame 17". Empty for no place.
std::string to_text(const Place& place);

// The stable half of a place, without line numbers, frames and offsets: what a fingerprint is made of. A record of a
// log archive has none: it is an example of what goes on, and the next delivery brings another one.
std::string anchor_of(const Place& place);

}  // namespace wiretight
