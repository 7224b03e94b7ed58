#include "net/packet/decode.h"

#include <algorithm>

namespace wiretight::packet {
namespace {

constexpr int max_depth = 4;         // of tunnels
constexpr int max_vlan_tags = 4;     // QinQ has two
constexpr int max_ip6_headers = 12;  // extension headers in one packet

constexpr std::uint16_t ether_ip4 = 0x0800, ether_ip6 = 0x86dd, ether_bridged = 0x6558;
constexpr std::uint16_t ether_vlan = 0x8100, ether_qinq = 0x88a8, ether_old_qinq = 0x9100;
constexpr std::uint16_t ether_mpls = 0x8847, ether_pppoe = 0x8864;
constexpr std::uint8_t ip_in_ip = 4, tcp = 6, udp = 17, ip6_in_ip = 41, gre = 47;
constexpr std::uint16_t vxlan_port = 4789, geneve_port = 6081;

std::uint16_t load16(const std::uint8_t* at) { return static_cast<std::uint16_t>(at[0] << 8 | at[1]); }
std::uint32_t load24(const std::uint8_t* at) {
  return static_cast<std::uint32_t>(at[0]) << 16 | static_cast<std::uint32_t>(at[1]) << 8 | at[2];
}
std::uint32_t load32(const std::uint8_t* at) { return static_cast<std::uint32_t>(at[0]) << 24 | load24(at + 1); }

// What is left of a packet: the bytes that the capture has, and how many there were on the wire.
struct Rest {
  Bytes bytes = {};
  std::uint32_t on_wire = 0;

  bool has(std::size_t size) const { return bytes.size() >= size; }
  const std::uint8_t* data() const { return bytes.data(); }
  // `size` must be there.
  Rest after(std::size_t size) const {
    const auto gone = static_cast<std::uint32_t>(size);
    return {bytes.subspan(size), on_wire > gone ? on_wire - gone : 0};
  }
  // Of `size` bytes on the wire: without the padding of the link.
  Rest first(std::uint32_t size) const { return {bytes.first(std::min<std::size_t>(bytes.size(), size)), size}; }
  // Too few bytes for a header: is it the capture's doing or the packet's?
  Kind short_of(std::size_t size) const { return on_wire >= size ? Kind::cut : Kind::malformed; }
};

Kind read_ip(Rest rest, Segment& out, int depth);
Kind read_ethernet(Rest rest, Segment& out, int depth);

Kind read_tcp(Rest rest, Segment& out) {
  if (!rest.has(20)) return rest.short_of(20);
  const std::uint8_t* header = rest.data();
  const std::size_t size = static_cast<std::size_t>(header[12] >> 4) * 4;
  if (size < 20 || size > rest.on_wire) return Kind::malformed;
  out.source_port = load16(header);
  out.destination_port = load16(header + 2);
  out.sequence = load32(header + 4);
  out.flags = header[13];
  out.size = rest.on_wire - static_cast<std::uint32_t>(size);
  out.payload = rest.bytes.subspan(std::min(size, rest.bytes.size()));
  return Kind::segment;
}

Kind read_ether_type(std::uint16_t type, Rest rest, Segment& out, int depth) {
  for (int tags = 0; type == ether_vlan || type == ether_qinq || type == ether_old_qinq; ++tags) {
    if (!rest.has(4)) return rest.short_of(4);
    if (tags == max_vlan_tags) return Kind::tunnel;
    type = load16(rest.data() + 2);
    rest = rest.after(4);
  }
  if (type == ether_ip4 || type == ether_ip6) return read_ip(rest, out, depth);
  return type == ether_mpls || type == ether_pppoe ? Kind::tunnel : Kind::other;
}

Kind read_ethernet(Rest rest, Segment& out, int depth) {
  if (!rest.has(14)) return rest.short_of(14);
  return read_ether_type(load16(rest.data() + 12), rest.after(14), out, depth);
}

// Overlays only: nothing else over UDP is looked at.
Kind read_udp(Rest rest, Segment& out, int depth) {
  if (!rest.has(8)) return rest.short_of(8);
  const std::uint16_t port = load16(rest.data() + 2);
  rest = rest.after(8);
  if (port == vxlan_port) {  // RFC 7348
    if (!rest.has(8)) return rest.short_of(8);
    if ((rest.data()[0] & 0x08) == 0) return Kind::other;
    out.network = load24(rest.data() + 4);
    return read_ethernet(rest.after(8), out, depth + 1);
  }
  if (port == geneve_port) {  // RFC 8926
    if (!rest.has(8)) return rest.short_of(8);
    const std::size_t options = static_cast<std::size_t>(rest.data()[0] & 0x3f) * 4;
    const std::uint16_t type = load16(rest.data() + 2);
    if ((rest.data()[0] >> 6) != 0) return Kind::other;
    out.network = load24(rest.data() + 4);
    if (!rest.has(8 + options)) return rest.short_of(8 + options);
    rest = rest.after(8 + options);
    return type == ether_bridged ? read_ethernet(rest, out, depth + 1) : read_ether_type(type, rest, out, depth + 1);
  }
  return Kind::other;
}

Kind read_transport(std::uint8_t protocol, Rest rest, Segment& out, int depth) {
  switch (protocol) {
    case tcp:
      return read_tcp(rest, out);
    case udp:
      return read_udp(rest, out, depth);
    case ip_in_ip:
    case ip6_in_ip:
      return read_ip(rest, out, depth + 1);
    case gre:
      return Kind::tunnel;
    default:
      return Kind::other;
  }
}

// Of the first piece of a packet the ports can be seen, of the others only the protocol.
Kind read_fragment(std::uint8_t protocol, bool first, Rest rest) {
  if (protocol == tcp || protocol == ip_in_ip || protocol == ip6_in_ip) return Kind::fragment;
  if (protocol != udp || !first || !rest.has(4)) return Kind::other;
  const std::uint16_t port = load16(rest.data() + 2);
  return port == vxlan_port || port == geneve_port ? Kind::fragment : Kind::other;
}

Kind read_ip4(Rest rest, Segment& out, int depth) {
  if (!rest.has(20)) return rest.short_of(20);
  const std::uint8_t* header = rest.data();
  const std::size_t size = static_cast<std::size_t>(header[0] & 0x0f) * 4;
  // 0 is what segmentation offload leaves in the packets that a host captures of itself.
  const std::uint32_t total = load16(header + 2) != 0 ? load16(header + 2) : rest.on_wire;
  if (size < 20 || total < size) return Kind::malformed;
  if (!rest.has(size)) return rest.short_of(size);
  const std::uint8_t protocol = header[9];
  const std::uint16_t fragment = load16(header + 6) & 0x3fff;
  out.source = ip4_address(header + 12);
  out.destination = ip4_address(header + 16);
  rest = rest.first(total).after(size);
  if (fragment != 0) return read_fragment(protocol, (fragment & 0x1fff) == 0, rest);
  return read_transport(protocol, rest, out, depth);
}

Kind read_ip6(Rest rest, Segment& out, int depth) {
  if (!rest.has(40)) return rest.short_of(40);
  const std::uint8_t* header = rest.data();
  std::uint8_t protocol = header[6];
  const std::uint32_t length = load16(header + 4);
  out.source = ip6_address(header + 8);
  out.destination = ip6_address(header + 24);
  // 0 is a jumbogram (RFC 2675) or segmentation offload.
  rest = (length != 0 ? rest.first(40 + length) : rest).after(40);
  for (int headers = 0; headers <= max_ip6_headers; ++headers) {
    constexpr std::uint8_t hop_by_hop = 0, routing = 43, fragmented = 44, authentication = 51, options = 60;
    constexpr std::uint8_t mobility = 135, host_identity = 139, shim6 = 140;
    switch (protocol) {
      case hop_by_hop:
      case routing:
      case options:
      case mobility:
      case host_identity:
      case shim6:
      case authentication: {
        if (!rest.has(8)) return rest.short_of(8);
        const std::size_t size =
            protocol == authentication ? (std::size_t{rest.data()[1]} + 2) * 4 : (std::size_t{rest.data()[1]} + 1) * 8;
        protocol = rest.data()[0];
        if (!rest.has(size)) return rest.short_of(size);
        rest = rest.after(size);
        break;
      }
      case fragmented: {
        if (!rest.has(8)) return rest.short_of(8);
        protocol = rest.data()[0];
        const std::uint16_t where = load16(rest.data() + 2);
        rest = rest.after(8);
        // "Atomic" ones (RFC 6946) are whole.
        if ((where & 0xfff9) != 0) return read_fragment(protocol, (where & 0xfff8) == 0, rest);
        break;
      }
      default:
        return read_transport(protocol, rest, out, depth);
    }
  }
  return Kind::malformed;
}

Kind read_ip(Rest rest, Segment& out, int depth) {
  if (depth > max_depth) return Kind::tunnel;
  if (!rest.has(1)) return rest.short_of(1);
  switch (rest.data()[0] >> 4) {
    case 4:
      return read_ip4(rest, out, depth);
    case 6:
      return read_ip6(rest, out, depth);
    default:
      return Kind::malformed;
  }
}

// AF_INET is 2 everywhere; AF_INET6 is 10, 24, 28 or 30, by system.
Kind read_family(Rest rest, bool any_order, Segment& out) {
  if (!rest.has(4)) return rest.short_of(4);
  std::uint32_t family = load32(rest.data());
  if (any_order && family > 0xffff) family = family >> 24 | (family >> 8 & 0xff00);
  if (family == 2 || family == 10 || family == 24 || family == 28 || family == 30)
    return read_ip(rest.after(4), out, 0);
  return Kind::other;
}

}  // namespace

Link link_of(std::uint32_t linktype) {
  switch (linktype) {
    case 0:
      return Link::null;
    case 1:
      return Link::ethernet;
    case 12:
    case 14:
    case 101:
    case 228:
    case 229:
      return Link::raw;
    case 108:
      return Link::loop;
    case 113:
      return Link::sll;
    case 276:
      return Link::sll2;
    default:
      return Link::other;
  }
}

Kind decode(Link link, Bytes frame, std::uint32_t on_wire, Segment& out) {
  out.network = 0;
  const Rest rest{frame, std::max(on_wire, static_cast<std::uint32_t>(frame.size()))};
  switch (link) {
    case Link::ethernet:
      return read_ethernet(rest, out, 0);
    case Link::null:
      return read_family(rest, true, out);
    case Link::loop:
      return read_family(rest, false, out);
    case Link::raw:
      return read_ip(rest, out, 0);
    case Link::sll:
      if (!rest.has(16)) return rest.short_of(16);
      return read_ether_type(load16(rest.data() + 14), rest.after(16), out, 0);
    case Link::sll2:
      if (!rest.has(20)) return rest.short_of(20);
      return read_ether_type(load16(rest.data()), rest.after(20), out, 0);
    case Link::other:
      break;
  }
  return Kind::other;
}

}  // namespace wiretight::packet
