#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "policy/context.h"
#include "policy/key_space.h"
#include "policy/rulebook.h"
#include "policy/search.h"
#include "policy/tri.h"

namespace wiretight::policy {

// In a proof, what is not known is against us; in a witness, it is against the witness.
enum class Mode { proof, witness };

// A test whose key has no fixed value: with which of the key's values it holds.
struct OpenTest {
  std::size_t key = 0;
  Bits yes = {};
  Bits possible = {};
};

// A rule's conditions on one path into AWS.
struct Conditions {
  Tri fixed = Tri::yes;                  // what the fixed keys decide
  std::array<Conjunction, 2> open = {};  // the rest, by mode
};

// How a request comes to DynamoDB: it decides which keys it has. Its conditions point into it.
struct Path {
  Context context{false};
  bool through_endpoint = false;
  std::vector<std::string> keys = {};
  std::vector<KeySpace> spaces = {};  // by key
  std::vector<Bits> everything = {};  // by key: all its values
  Bits nothing = {};
  std::deque<OpenTest> tests = {};
  std::vector<Conditions> conditions = {};  // by rule
};

// All paths that differ: from the internet, through the situation's VPC endpoint, through another one. `context` has
// the keys that are fixed for every request; `now` is that of KeyLimits.
std::deque<Path> paths(const Rulebook& rulebook, const Context& context, std::int64_t now);

}  // namespace wiretight::policy
