#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "core/problem.h"
#include "facts/listener.h"
#include "report/console.h"

// What `wiretight pin` does: one handshake, the pin of each certificate presented, and how SDKs take it.
namespace wiretight {

struct PinRequest {
  std::string name = {};  // as typed
  std::chrono::milliseconds timeout{5000};
  int ip_version = 0;      // 4 or 6; 0 both
  std::string sni = {};    // overrides the name sent; "-" sends none
  std::string trust = {};  // PEM file with the only certificates to trust; empty: those of the system
};

struct PinTarget {
  std::string host = {};  // lower case, no brackets
  std::uint16_t port = 443;
};

// Takes HOST, HOST:PORT, [IPV6], [IPV6]:PORT and URLs. Without a port it is 443.
Outcome<PinTarget> parse_pin_target(const std::string& name);

struct Pins {
  PinTarget target = {};
  std::string address = {};  // that answered
  Chain chain = {};
  std::int64_t at = 0;  // seconds since 1970, UTC
  // The key to pin: of the topmost authority presented, else of the server; empty when nothing should be pinned yet.
  std::string recommended() const;
  // Why nothing that was presented should be pinned, a sentence each; empty when all is well.
  std::vector<std::string> warnings() const;
};

// Connects to the addresses of the host one after the other until one presents certificates. The problem says of each
// why it did not.
Outcome<Pins> fetch_pins(const PinTarget& target, const PinRequest& request, std::int64_t now);

std::string pins_text(const Pins& pins, const report::ConsoleStyle& style);
std::string pins_json(const Pins& pins);

}  // namespace wiretight
