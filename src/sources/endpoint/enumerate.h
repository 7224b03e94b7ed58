#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "sources/endpoint/lane.h"

namespace wiretight::endpoint {

// What a server took out of a list of codes that was offered to it.
struct Choice {
  std::optional<std::uint16_t> code = {};  // nothing: all were refused
  bool conclusive = true;                  // false: no answer that means anything
};

struct Enumeration {
  std::vector<std::uint16_t> accepted = {};  // in the order of the offer
  bool complete = true;                      // every code was either accepted or refused
};

// Offers some codes in one hello.
using Offer = std::function<net::Task<Choice>(std::vector<std::uint16_t>)>;

// Finds every accepted code. An answer names one accepted code and completeness needs one refusal, so K accepted codes
// cost at least K+1 connections. `likely` codes are offered one by one, all at once: one round on an ordinary server.
// `rest` is offered in a few chunks; a hit is taken out and the halves of what is left are offered again, both at once.
// With `few_connections` hits are taken out of each chunk one after another, and nothing is offered one by one.
net::Task<Enumeration> enumerate(net::Wire& wire, std::span<const std::uint16_t> likely,
                                 std::span<const std::uint16_t> rest, const Offer& offer, bool few_connections);

}  // namespace wiretight::endpoint
