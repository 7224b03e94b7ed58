#pragma once

#include <string>
#include <vector>

#include "policy/context.h"
#include "policy/principal.h"
#include "policy/rulebook.h"
#include "policy/tri.h"

namespace wiretight::policy {

// One request, with everything that is decided about it.
struct Request {
  std::string action = {};    // "dynamodb:GetItem"
  std::string resource = {};  // an ARN; "*" for an action on no resource
  std::string session = {};   // of a role; empty: the situation's
  // Keys with their values; a key that is not set is absent. The keys that follow from principal and table are added.
  Context context{true};
  bool through_endpoint = false;  // the situation's endpoint policy applies
};

struct Decision {
  Tri allowed = Tri::no;
  std::vector<Citation> allowed_by = {};  // statements that apply for sure, of all layers
  std::vector<Citation> denied_by = {};
  std::vector<Citation> doubtful = {};  // statements of which it is not known whether they apply
};

// What AWS would answer (infrastructure.md 3.2): no Deny applies, and one of the ways of being allowed is open.
// DescribeEndpoints is always allowed: AWS skips its authorisation.
Decision evaluate(const Rulebook& rulebook, const Request& request);

// Keys whose value follows from who asks for what.
void add_fixed_keys(const Situation& situation, Context& context);

// What of a statement the principal and the request's line decide, without its conditions.
Tri action_matches(const Statement& statement, std::string_view action, const Context& context);
Tri resource_matches(const Statement& statement, std::string_view resource, const Context& context);
PrincipalMatch principal_matches(const Rule& rule, const Principal& principal, bool bounded);

}  // namespace wiretight::policy
