#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "policy/actions.h"
#include "policy/context.h"
#include "policy/principal.h"
#include "policy/rulebook.h"
#include "policy/tri.h"

// What makes the question finite: requests that every statement takes alike are one request.
namespace wiretight::policy {

// Actions that every statement takes alike.
struct ActionClass {
  std::vector<const Action*> actions = {};
  std::vector<Tri> matched = {};  // by rule
};
std::vector<ActionClass> action_classes(const Rulebook& rulebook, const Context& context);

struct RuleMatch {
  std::uint32_t rule = 0;
  Tri match = Tri::no;
};

// Resources of the table that every statement takes alike.
struct ResourceClass {
  std::string text = {};  // one of them
  ResourceKind kind = ResourceKind::table;
  std::vector<RuleMatch> matched = {};  // the rules that may take it, ascending
};
struct ResourceClasses {
  std::vector<ResourceClass> list = {};
  std::vector<ResourceKind> too_many = {};  // kinds of which not all classes could be found within the steps allowed
};
// `budget`: steps for each kind, beside those that grow with the patterns.
ResourceClasses resource_classes(const Rulebook& rulebook, const Context& context, std::size_t budget);

// A role's session may have any name: one of those that the documents mention, or another.
struct Session {
  std::string name = {};
  std::vector<PrincipalMatch> matched = {};  // by rule
};
// The one that nobody mentions first.
std::vector<Session> sessions(const Rulebook& rulebook);

}  // namespace wiretight::policy
