#pragma once

#include <cstdint>
#include <doctest/doctest.h>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

// For the tests of this folder: bytes that real programs sent, recorded on loopback, which are the seeds of the fuzzers
// too. File names say who sent them: nss_tls12_staple is NSS 3.87, node010 is Node 0.10.28 with OpenSSL 1.0.1g.
namespace wiretight::tls {

inline std::vector<std::uint8_t> recorded(const std::string& folder, const std::string& name) {
  std::ifstream file("fuzz/seeds/" + folder + "/" + name + ".bin", std::ios::binary);
  std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(file), {}};
  REQUIRE_MESSAGE(!bytes.empty(), "no recording ", name);
  return bytes;
}

}  // namespace wiretight::tls
