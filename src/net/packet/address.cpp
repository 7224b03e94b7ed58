#include "net/packet/address.h"

#include <arpa/inet.h>
#include <array>
#include <cstring>

namespace wiretight::packet {
namespace {

constexpr std::array<std::uint8_t, 4> mapped = {0, 0, 0xff, 0xff};

}  // namespace

IpAddress ip4_address(const std::uint8_t* bytes) {
  std::array<std::uint8_t, 8> low = {};
  std::memcpy(low.data(), mapped.data(), 4);
  std::memcpy(low.data() + 4, bytes, 4);
  IpAddress address;
  std::memcpy(&address.low, low.data(), 8);
  return address;
}

IpAddress ip6_address(const std::uint8_t* bytes) {
  IpAddress address;
  std::memcpy(&address.high, bytes, 8);
  std::memcpy(&address.low, bytes + 8, 8);
  return address;
}

std::string to_text(const IpAddress& address) {
  std::array<std::uint8_t, 16> bytes = {};
  std::memcpy(bytes.data(), &address.high, 8);
  std::memcpy(bytes.data() + 8, &address.low, 8);
  const bool v4 = address.high == 0 && std::memcmp(bytes.data() + 8, mapped.data(), 4) == 0;
  std::array<char, INET6_ADDRSTRLEN> text = {};
  inet_ntop(v4 ? AF_INET : AF_INET6, v4 ? bytes.data() + 12 : bytes.data(), text.data(), text.size());
  return text.data();
}

}  // namespace wiretight::packet
