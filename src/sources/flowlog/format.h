#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wiretight::flowlog {

// The fields that are read here, of those that a flow log can have.
enum class Column : std::uint8_t {
  account,
  interface,
  instance,
  vpc,
  subnet,
  region,
  source,
  destination,
  packet_source,
  packet_destination,
  source_port,
  destination_port,
  protocol,
  packets,
  bytes,
  start,
  end,
  action,
  log_status,
  tcp_flags,
  traffic_path,
  source_service,
  destination_service,
  count
};

inline constexpr std::size_t most_columns = 64;

// Which field stands in which column of a row.
struct Format {
  static constexpr std::uint8_t absent = 0xff;

  std::array<std::uint8_t, static_cast<std::size_t>(Column::count)> at = [] {
    std::array<std::uint8_t, static_cast<std::size_t>(Column::count)> none = {};
    none.fill(absent);
    return none;
  }();
  std::size_t columns = 0;

  bool has(Column column) const { return of(column) != absent; }
  std::uint8_t of(Column column) const { return at[static_cast<std::size_t>(column)]; }
  // What the format lacks for anything to be told of port 80: a sentence; empty when it lacks nothing.
  std::string lack() const;
  bool operator==(const Format&) const = default;
};

// What the first line of a file says that the file is.
enum class Kind : std::uint8_t {
  header,           // of a VPC flow log: field names in their order
  default_format,   // no header; a row of the fourteen fields that a flow log has unless told otherwise
  exported,         // the same behind a time, as CloudWatch Logs writes to S3
  transit_gateway,  // a flow log of a Transit Gateway, whose rows are others
  parquet,
  other
};

struct Recognised {
  Kind kind = Kind::other;
  Format format = {};  // of the first three kinds
};

// Takes the first line without its end; of Parquet the first bytes.
Recognised recognise(std::string_view line);

}  // namespace wiretight::flowlog
