#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/context.h"
#include "policy/document.h"
#include "policy/glob.h"
#include "policy/tri.h"

namespace wiretight::policy {

// A text of a policy made fit for matching. Two patterns, because not everything is known: what `wide` does not match
// is no match; what `narrow` matches is one; between them is `maybe`.
struct Compiled {
  enum class Certainty { never, same, narrower, wide_only };
  Certainty certainty = Certainty::same;  // never: nothing matches; same: narrow is wide; wide_only: narrow is nothing
  Pattern wide = {};
  Pattern narrow = {};  // of `narrower` only
};

// How "*" and "?" are read.
enum class Wildcards {
  literal,   // StringEquals
  free,      // StringLike, actions
  resource,  // resources: the IAM guide lets "*" cross a colon only as the last of its segment; so wide does, narrow
             // not
  arn,       // ArnLike: segment by segment, the last one to the end
};

// A variable takes its value from the context; one that is free, and an unknown value, may be anything.
Compiled compile(const Text& text, Wildcards wildcards, const Context& context, bool ignore_case = false);
// As the operator wants its values; of a text operator.
Compiled compile(const Text& text, const Operator& op, const Context& context);

Tri matches(const Compiled& compiled, std::string_view text);

// Texts with the same identity match alike in every context.
std::string identity_of(const Text& text);

// Keys of variables in a text that the context leaves free.
std::vector<std::string> free_variables(const Text& text, const Context& context);

// Whether the test holds in that context. `maybe` when its key is free or unrecognised, when a value is not known, and
// where IAM's behaviour is not documented ("False", an address that is none, several values without a quantifier).
Tri holds(const Test& test, const Context& context);

// What the value stands for; nothing when it is no number, no time.
std::optional<double> parse_number(std::string_view text);
std::optional<double> parse_time(std::string_view text);  // seconds since 1970

// "192.0.2.0/24", "2001:db8::1".
struct Network {
  std::array<std::uint8_t, 16> first = {};
  std::array<std::uint8_t, 16> last = {};
  bool v6 = false;
};
std::optional<Network> parse_network(std::string_view text);

}  // namespace wiretight::policy
