#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "policy/decide.h"

// The sixteen classic ways in which a guard against requests without TLS does not do what its author meant.
namespace wiretight::policy {

enum class MistakeKind {
  allow_beside_allow = 1,  // an Allow that asks for TLS beside another Allow of the same document
  some_actions,            // a Deny that lists a few actions
  table_arn_only,          // a Deny on the table that leaves its indexes open
  stream_left_out,         // … or its stream
  other_region,            // the policy, or its Resource, is that of another replica
  some_principals,         // a Deny for some callers only
  inverted_value,          // a Deny that holds for requests over TLS, or never
  principal_element,       // a document that AWS refuses: Principal missing, or where it must not be
  not_attached,            // a Deny in a policy that applies to nothing here
  endpoint_only,           // a VPC endpoint's policy, and there are other ways in
  not_action,              // a Deny whose NotAction carves the action out
  wrong_account,           // an SCP or RCP that is not over this account, or exempts it
  sibling_policy,          // an Allow that asks for TLS beside a policy that does not
  not_an_arn,              // a Resource that is no ARN
  dead_key,                // a key that requests to DynamoDB never have
  jobs_left_out,           // a Deny that leaves backups, exports, imports or the global table open
};

struct MistakeInfo {
  MistakeKind kind = MistakeKind::allow_beside_allow;
  std::string_view name = {};  // "table-arn-only"
  std::string_view mend = {};  // a sentence
};
const MistakeInfo& info_of(MistakeKind kind);
inline constexpr std::size_t mistake_kinds = 16;

// A guard, and how it fails to stop the witness of one opening.
struct Mistake {
  MistakeKind kind = MistakeKind::allow_beside_allow;
  Citation statement = {};
  std::string message = {};
  std::size_t opening = 0;  // index in the proof
};

// Every guard of the situation that is about the table and stops one of the proof's witnesses not, with the reason: one
// for each statement and reason. Empty where the proof has no witness.
std::vector<Mistake> mistakes(const Situation& situation, const Proof& proof);

}  // namespace wiretight::policy
