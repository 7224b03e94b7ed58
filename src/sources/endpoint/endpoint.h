#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "core/problem.h"
#include "sources/reading.h"

namespace wiretight::endpoint {

// An endpoint as the user named it, taken apart.
struct Target {
  std::string text = {};    // as typed
  std::string scheme = {};  // "https" "http" "daxs" "dax", or "" for host:port
  std::string host = {};    // lower case, no brackets, no trailing dot
  std::uint16_t port = 0;   // the scheme's default where none was typed
  bool port_given = false;
};

// Takes "https://host[:port][/…]", "http://…", "dax://…", "daxs://…", "host:port", "[v6]:port". A sentence that says
// what is wrong otherwise: an IPv6 literal without brackets, a port that is none, an empty host.
Outcome<Target> parse_target(std::string_view text);

enum class Depth {
  fast,     // cleartext, versions, certificate: about a dozen connections; the default for AWS-managed names
  full,     // everything
  economy,  // everything with fewer connections and more round trips
};

// What is asked of the prober.
struct Request {
  std::chrono::milliseconds timeout{5000};  // per network operation
  std::optional<double> rate = {};  // new connections a second to one address; unset: 50 with room for one assessment
  std::optional<Depth> depth = {};  // unset: fast for AWS-managed names, else full
  std::string sni = {};             // overrides the name sent; "-" sends none
  int max_connections = 0;          // for one target; 0 is the default budget
  bool intrusive = false;           // also probes that leave traces on a server: sending early data
  bool siblings = true;             // also the sibling ports
  int ip_version = 0;               // 4 or 6; 0 both
  int workers = 1;                  // threads
  std::string trust = {};           // PEM file with the only certificates to trust; empty: those of the system
};

// Called for the next target, from any worker, one call at a time; nothing ends the scan.
using Next = std::function<std::optional<Target>()>;
// Called with each finished target, one call at a time, in order of completion.
using Done = std::function<void(Reading)>;

// Probes every target that `next` hands out, several at a time, and returns when all are done. Memory depends on the
// number of targets under way, not on the length of the list. A target that cannot be reached is a Reading with gaps.
void probe(const Request& request, const Next& next, const Done& done);

}  // namespace wiretight::endpoint
