#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>

#include "policy/arn.h"

namespace wiretight::policy {

// What AWS says about a resource policy and an action (developer guide, "DynamoDB API operations supported by
// resource-based policies").
enum class PolicySupport {
  full,        // also for other accounts
  in_account,  // for principals of the table's own account
  none,        // not supported: an Allow has no effect, and nobody says whether a Deny has
  unlisted,    // nobody says
};

// An action of IAM's "dynamodb:" (78 of them), and what it is authorised on.
struct Action {
  std::string_view name = {};  // "dynamodb:GetItem"
  std::uint16_t kinds = 0;     // bits of ResourceKind
  PolicySupport support = PolicySupport::full;

  bool on(ResourceKind kind) const { return (kinds >> static_cast<unsigned>(kind) & 1U) != 0; }
};

// DescribeEndpoints: on the public endpoint AWS skips its authorisation, even against an explicit Deny (developer
// guide, "Internetwork traffic privacy"), so no policy is about it.
bool is_never_authorised(const Action& action);

// All of them, those that carry items first: a witness names the first that gets through.
std::span<const Action> actions();
// Nothing for a name that is not there; in any case of letters.
const Action* find_action(std::string_view name);

}  // namespace wiretight::policy
