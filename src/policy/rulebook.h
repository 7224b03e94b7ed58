#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "core/place.h"
#include "policy/actions.h"
#include "policy/document.h"
#include "policy/layer.h"
#include "policy/principal.h"
#include "policy/situation.h"
#include "policy/tri.h"

namespace wiretight::policy {

// A statement in force, or not.
struct Rule {
  Layer layer = Layer::identity;
  std::size_t level = 0;  // of SCPs
  const Policy* policy = nullptr;
  const Statement* statement = nullptr;
  std::string_view resource = {};  // of a resource policy: the ARN it is attached to
  std::string_view refused = {};   // not empty: why AWS does not take the document. Its Denies protect nothing
};

// A statement, named for people and programs.
struct Citation {
  Layer layer = Layer::identity;
  Effect effect = Effect::allow;
  std::string policy = {};  // "resourcePolicies[arn:…]"
  std::string sid = {};
  std::size_t index = 0;
  FilePlace place = {};
  bool operator==(const Citation&) const = default;
};

// "resourcePolicies[arn:…].Statement[0] (DenyCleartext)"
std::string to_text(const Citation& citation);

// Everything that a situation puts in force, as one list. Refers to the situation.
class Rulebook {
 public:
  explicit Rulebook(const Situation& situation);
  Rulebook(const Rulebook&) = delete;
  Rulebook& operator=(const Rulebook&) = delete;

  const Situation& situation() const { return situation_; }
  const std::vector<Rule>& rules() const { return rules_; }
  bool bounded() const { return !situation_.boundary.empty(); }

 private:
  void add(Layer layer, std::size_t level, const Policy& policy, std::string_view resource);
  void add_full_access(std::size_t level);

  const Situation& situation_;
  std::vector<Rule> rules_;
  std::deque<Statement> made_;   // what stands for unknown documents
  std::deque<Policy> policies_;  // what AWS attaches by itself
};

Citation cite(const Rule& rule);

// Why AWS refuses the statement in a policy of that layer; empty when it does not.
std::string_view refusal(const Statement& statement, Layer layer);

// What a request takes part in besides its statements: one of the ways in which it can be allowed. All `needs` must be
// met by an Allow, and no Deny may apply. `certainty` is `maybe` where nobody says that this way is open.
struct Need {
  Layer layer = Layer::identity;
  std::size_t level = 0;
  Grade least = Grade::none;  // of a resource policy: how closely it must name the principal
  Grade most = Grade::exact;
  // Whether an Allow of that rule meets it; `grade` says how closely a resource policy names the principal.
  bool is_met_by(const Rule& rule, Grade grade) const {
    return rule.statement->effect == Effect::allow && rule.layer == layer && rule.level == level &&
           (layer != Layer::resource || (grade >= least && grade <= most));
  }
};
struct Way {
  std::vector<Need> needs = {};
  Tri certainty = Tri::yes;
};
// `through_endpoint`: by way of a VPC endpoint that has the situation's endpoint policy.
std::vector<Way> ways(const Situation& situation, const Action& action, bool through_endpoint);

// Whether a rule can apply to that action on a resource of that kind at all, by where it is attached; `maybe` for a
// Deny of a resource policy on an action that resource policies do not support.
Tri in_force(const Rule& rule, const Situation& situation, const Action& action, std::string_view resource,
             ResourceKind kind, bool through_endpoint);

}  // namespace wiretight::policy
