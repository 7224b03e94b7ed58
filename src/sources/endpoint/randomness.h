#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "facts/listener.h"

namespace wiretight::endpoint {

// Gathers the values of all handshakes that nobody may be able to predict, and tests them at the end. The tests are
// simple and find what is broken outright (repeats, counters, constant bytes, few states), not a subtly weak generator;
// with few samples the answer stays unresolved.
class Randomness {
 public:
  void server_random(std::span<const std::uint8_t> value, bool tls13);
  void session_id(std::span<const std::uint8_t> value) { add(session_ids_, value); }
  void ticket(std::span<const std::uint8_t> value) { add(tickets_, value); }
  void dh_share(std::span<const std::uint8_t> value) { add(dh_shares_, value); }
  void ecdh_share(std::span<const std::uint8_t> value) { add(ecdh_shares_, value); }

  std::vector<RandomnessTest> test() const;

 private:
  using Values = std::vector<std::string>;
  static void add(Values& values, std::span<const std::uint8_t> value);
  Values randoms_;
  Values session_ids_;
  Values tickets_;
  Values dh_shares_;
  Values ecdh_shares_;
};

}  // namespace wiretight::endpoint
