#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "net/packet/address.h"

// From a captured frame to the TCP segment in it. Pure functions over foreign bytes: nothing is allocated, nothing is
// read past the end, nesting is bounded.
namespace wiretight::packet {

using Bytes = std::span<const std::uint8_t>;

// The link types of pcap files that are read (https://www.tcpdump.org/linktypes.html).
enum class Link : std::uint8_t {
  ethernet,  // 1
  null,      // 0: loopback of BSD and macOS, the family in the byte order of the machine that captured
  loop,      // 108: the same in network order
  raw,       // 12, 14, 101, 228, 229: no header, the IP version tells
  sll,       // 113: Linux, `tcpdump -i any`
  sll2,      // 276: the same since libpcap 1.10
  other,
};
Link link_of(std::uint32_t linktype);

namespace flag {
inline constexpr std::uint8_t fin = 0x01;
inline constexpr std::uint8_t syn = 0x02;
inline constexpr std::uint8_t reset = 0x04;
inline constexpr std::uint8_t ack = 0x10;
}  // namespace flag

// One TCP segment as it was captured.
struct Segment {
  IpAddress source = {};
  IpAddress destination = {};
  std::uint16_t source_port = 0;
  std::uint16_t destination_port = 0;
  std::uint8_t flags = 0;
  std::uint32_t network = 0;  // identifier of the overlay (VXLAN, Geneve) that it came from; 0 for none
  std::uint32_t sequence = 0;
  std::uint32_t size = 0;  // bytes of payload that crossed the wire
  Bytes payload = {};      // what the capture kept of them: shorter where a snap length cut it
};

enum class Kind : std::uint8_t {
  segment,    // TCP; the Segment is filled
  other,      // another protocol
  tunnel,     // packets within packets of a kind that is not read: GRE, MPLS, PPPoE, or tunnels too deep
  fragment,   // a piece of an IP packet that carries TCP, or an overlay; pieces are not put together
  cut,        // the capture kept too little of it to read the headers
  malformed,  // headers that contradict themselves
};

// Reads one frame: VLAN tags, IPv4, IPv6 with its extension headers, IP in IP, and what VXLAN (UDP 4789; VPC Traffic
// Mirroring) and Geneve (UDP 6081) carry, up to four layers deep. `on_wire` is the length that the frame had before the
// capture cut it. `out` is written for Kind::segment only.
Kind decode(Link link, Bytes frame, std::uint32_t on_wire, Segment& out);

}  // namespace wiretight::packet
