#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/problem.h"
#include "policy/context.h"
#include "policy/document.h"
#include "policy/layer.h"
#include "policy/node.h"
#include "policy/principal.h"

namespace wiretight::policy {

// A document of the project that applies to nothing here, and what it was made for: for the explanation.
struct Unattached {
  Layer layer = Layer::identity;
  Policy policy = {};
};

// All that is known about one principal and one table: every policy that AWS would look at, as far as it was given.
// What was not given is not there, but for the identity policies: no list of them means that nobody knows them, and an
// empty list that there is none.
struct Situation {
  std::string name = {};   // for people: the file, and which of several in it
  std::string table = {};  // its ARN
  Principal principal = {};
  std::vector<Policy> identity = {};  // the principal's own and those of its groups
  std::vector<Policy> boundary = {};  // none or one
  std::vector<Policy> session = {};
  // One list for each level, from the root to the account. A level without any Allow is one from which somebody left
  // out FullAWSAccess, which AWS attaches everywhere, and is read with it.
  std::vector<std::vector<Policy>> scp = {};
  std::vector<Policy> rcp = {};
  std::vector<std::pair<std::string, Policy>> resource = {};  // by the ARN of table or stream
  std::optional<Policy> endpoint = {};                        // of VPC endpoints
  std::string endpoint_id = {};  // of the one endpoint that has it; empty: of every endpoint
  std::vector<Unattached> unattached = {};
  FilePlace place = {};                                  // where it is written
  std::optional<std::vector<std::string>> indexes = {};  // names; not given: there may be any
  std::optional<std::vector<std::string>> streams = {};  // ARNs; not given: those with a policy, else there may be any
  Context known{false};                                  // what holds for every request, as the documents say
};

// Whether the text is sound JSON that is neither such an object nor a list of them: another file of the project.
bool is_something_else(std::string_view text);

// Reads a JSON file of the contract's form: one object, or a list of them, each for one table and principal ("table"
// and "principal" may be lists, for all pairs). docs/policies.md describes it.
Outcome<std::vector<Situation>> read_situations(std::string_view text, const std::string& file);

}  // namespace wiretight::policy
