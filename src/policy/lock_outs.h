#pragma once

#include <string_view>
#include <vector>

#include "policy/decide.h"

namespace wiretight::policy {

// A Deny about TLS that also stops requests over TLS which something else allows.
struct ShutOut {
  Citation statement = {};
  ResourceKind kind = ResourceKind::table;
  std::vector<std::string_view> actions = {};
};

// Decides the same question twice for requests over TLS, with the guards and without: what gets through only without
// them is shut out. Costs nothing where no guard can hold over TLS.
std::vector<ShutOut> shut_out(const Situation& situation, const Question& question);

}  // namespace wiretight::policy
