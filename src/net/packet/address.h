#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace wiretight::packet {

// An IPv4 or IPv6 address in sixteen bytes, IPv4 as RFC 4291 maps it, kept as two words because a flow table hashes and
// compares millions a second.
struct IpAddress {
  std::uint64_t high = 0;  // the words hold the bytes in the order of the network, whatever the machine's is
  std::uint64_t low = 0;
  bool operator==(const IpAddress&) const = default;
  auto operator<=>(const IpAddress&) const = default;
};

// `bytes` points at 4 or 16 bytes in network order.
IpAddress ip4_address(const std::uint8_t* bytes);
IpAddress ip6_address(const std::uint8_t* bytes);

// "192.0.2.1", "2001:db8::1".
std::string to_text(const IpAddress& address);

}  // namespace wiretight::packet
