#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace wiretight {

// The finaliser of splitmix64: every bit of the result depends on every bit of `value`.
constexpr std::uint64_t mix64(std::uint64_t value) {
  value ^= value >> 30;
  value *= 0xbf58476d1ce4e5b9;
  value ^= value >> 27;
  value *= 0x94d049bb133111eb;
  return value ^ (value >> 31);
}

// A fast hash for tables and sketches, the same on every run and machine. Nothing may rely on it against an adversary:
// whoever compares by it compares the bytes as well.
inline std::uint64_t hash64(std::string_view bytes, std::uint64_t seed = 0) {
  constexpr std::uint64_t odd = 0x9e3779b97f4a7c15;
  std::uint64_t hash = seed ^ (bytes.size() * odd);
  while (bytes.size() >= 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data(), 8);
    hash = (hash ^ word) * odd;
    hash ^= hash >> 32;
    bytes.remove_prefix(8);
  }
  std::uint64_t rest = 0;
  for (std::size_t at = 0; at < bytes.size(); ++at)
    rest |= std::uint64_t{static_cast<unsigned char>(bytes[at])} << (8 * at);
  return mix64((hash ^ rest) * odd);
}

}  // namespace wiretight
