#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/problem.h"
#include "net/packet/decode.h"
#include "sources/capture/input.h"

namespace wiretight::capture {

// How an interface writes time.
struct Clock {
  std::uint64_t ticks_a_second = 1'000'000;
  std::int64_t offset = 0;  // seconds
  // Since 1970, UTC.
  std::int64_t milliseconds(std::uint64_t stamp) const;
};

struct Packet {
  Bytes bytes = {};           // good until the next one is read
  std::uint32_t on_wire = 0;  // its length before the capture cut it
  packet::Link link = packet::Link::other;
  std::uint32_t link_number = 0;  // as the file names it
  std::uint64_t stamp = 0;        // 0 where the file has none
  std::uint64_t offset = 0;       // of its record or block, in the (decompressed) file
  Clock clock = {};
  std::int64_t milliseconds() const { return clock.milliseconds(stamp); }
};

// Do these first bytes (16 are enough) begin a pcap or pcapng file, or gzip data that may hold one?
enum class Magic : std::uint8_t { none, gzip, pcap, pcapng };
Magic magic_of(Bytes first);

// Reads the packets of a pcap file (either byte order, microseconds or nanoseconds) or a pcapng file (several sections,
// interfaces and link types; simple, enhanced and obsolete packet blocks; all other blocks passed over) in the order of
// the file. Memory is one window of Input.
class PacketFile {
 public:
  // Fails when the input does not begin like a capture.
  static Outcome<PacketFile> begin(Input input);

  // False at the end: of the file, or of what can be read of it (see problem()).
  bool next(Packet& packet) { return classic_ ? next_classic(packet) : next_block(packet); }

  // What is wrong with the file, with the byte where it is.
  const std::optional<std::string>& problem() const { return problem_; }
  // Packets that the machine that captured says it has lost, by the interface statistics of pcapng.
  std::uint64_t dropped() const { return dropped_; }
  const Input& input() const { return input_; }

 private:
  struct Interface {
    std::uint32_t link_number = 0;
    packet::Link link = packet::Link::other;
    std::uint32_t snap_length = 0;
    Clock clock = {};
    std::uint64_t dropped = 0;  // the last count of its statistics blocks
  };

  explicit PacketFile(Input input) : input_(std::move(input)) {}
  bool begin_classic();
  bool next_classic(Packet& packet);
  bool next_block(Packet& packet);
  bool begin_section();
  bool pass(std::uint32_t length);
  void add_interface(Bytes body);
  void read_statistics(Bytes body);
  bool read_enhanced(Bytes body, Packet& packet, bool obsolete);
  bool read_simple(Bytes body, Packet& packet);
  bool fail(std::string what);
  bool end_early(std::string_view in_what);

  std::uint16_t load16(const std::uint8_t* at) const;
  std::uint32_t load32(const std::uint8_t* at) const;

  Input input_;
  bool classic_ = true;
  bool big_endian_ = false;
  std::vector<Interface> interfaces_ = {};  // of a pcap file: its only one
  std::uint64_t dropped_ = 0;
  std::optional<std::string> problem_ = {};
};

}  // namespace wiretight::capture
