#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// For tests and fuzzers of captures: packets and files made by hand.
namespace wiretight::capture::frames {

using Frame = std::vector<std::uint8_t>;

inline void add16(Frame& to, std::uint32_t value) {
  to.push_back(static_cast<std::uint8_t>(value >> 8));
  to.push_back(static_cast<std::uint8_t>(value));
}
inline void add32(Frame& to, std::uint32_t value) {
  add16(to, value >> 16);
  add16(to, value);
}

struct Segment {
  std::uint32_t source = 0x0a000005;       // 10.0.0.5
  std::uint32_t destination = 0x345e000a;  // 52.94.0.10
  std::uint16_t source_port = 40000;
  std::uint16_t destination_port = 80;
  std::uint32_t sequence = 1;
  std::uint8_t flags = 0x18;
  std::string_view payload = {};
};

// An IPv4 packet with a TCP segment.
inline Frame ip4(const Segment& segment) {
  Frame out = {0x45, 0};
  add16(out, static_cast<std::uint32_t>(40 + segment.payload.size()));
  out.insert(out.end(), {0, 1, 0, 0, 64, 6, 0, 0});
  add32(out, segment.source);
  add32(out, segment.destination);
  add16(out, segment.source_port);
  add16(out, segment.destination_port);
  add32(out, segment.sequence);
  add32(out, 0);
  out.insert(out.end(), {0x50, segment.flags, 0xff, 0xff, 0, 0, 0, 0});
  out.insert(out.end(), segment.payload.begin(), segment.payload.end());
  return out;
}

inline Frame ethernet(std::uint16_t type, const Frame& inner) {
  Frame out(12, 2);
  add16(out, type);
  out.insert(out.end(), inner.begin(), inner.end());
  return out;
}
inline Frame ethernet(const Segment& segment) { return ethernet(0x0800, ip4(segment)); }

// A big-endian pcap file of Ethernet frames, a second between them.
inline Frame pcap(const std::vector<Frame>& packets, std::uint32_t link = 1) {
  Frame out;
  add32(out, 0xa1b2c3d4);
  add16(out, 2);
  add16(out, 4);
  for (std::uint32_t word : {0U, 0U, 262144U, link}) add32(out, word);
  std::uint32_t second = 1'764'000'000;
  for (const Frame& packet : packets) {
    const auto size = static_cast<std::uint32_t>(packet.size());
    for (std::uint32_t word : {second++, 0U, size, size}) add32(out, word);
    out.insert(out.end(), packet.begin(), packet.end());
  }
  return out;
}

}  // namespace wiretight::capture::frames
