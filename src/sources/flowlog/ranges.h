#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/host.h"
#include "core/problem.h"

namespace wiretight::flowlog {

// The addresses of DynamoDB by AWS's own list, ip-ranges.json, which the user gives. It is never downloaded.
class Ranges {
 public:
  static Outcome<Ranges> load(const std::string& path);
  // The problem's place is empty.
  static Outcome<Ranges> parse(std::string_view json);

  bool holds(const Address& address) const {
    return address.v6 ? holds_v6(address)
                      : holds_v4(static_cast<std::uint32_t>(address.bytes[0]) << 24 |
                                 static_cast<std::uint32_t>(address.bytes[1]) << 16 |
                                 static_cast<std::uint32_t>(address.bytes[2]) << 8 |
                                 static_cast<std::uint32_t>(address.bytes[3]));
  }
  // How many prefixes of DynamoDB's the list has.
  std::size_t size() const { return v4_.size() + v6_.size(); }
  // The list's own date: "2026-11-20-18-03-07".
  const std::string& created() const { return created_; }

 private:
  using V6 = std::array<std::uint8_t, 16>;

  bool holds_v4(std::uint32_t address) const;
  bool holds_v6(const Address& address) const;

  // First and last address of each prefix, ascending.
  std::vector<std::pair<std::uint32_t, std::uint32_t>> v4_ = {};
  std::vector<std::pair<V6, V6>> v6_ = {};
  std::string created_ = {};
};

}  // namespace wiretight::flowlog
