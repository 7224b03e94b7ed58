#pragma once

#include <string>
#include <vector>

#include "policy/arn.h"
#include "policy/product.h"
#include "policy/situation.h"

namespace wiretight::policy {

// ARNs that resources of one kind may have: the prefix, and what follows it.
struct ResourceNames {
  ResourceKind kind = ResourceKind::table;
  std::string prefix = {};
  std::vector<Language> rest = {};
};

// All that can belong to the situation's table: itself, indexes, streams, backups, exports, imports, its global table;
// and "*", for the actions on no resource.
std::vector<ResourceNames> resource_names(const Situation& situation);

}  // namespace wiretight::policy
