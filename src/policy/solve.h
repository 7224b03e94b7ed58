#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "policy/classes.h"
#include "policy/paths.h"
#include "policy/rulebook.h"
#include "policy/search.h"

namespace wiretight::policy {

// One class of actions on one class of resources, by a session, on a path.
struct Case {
  const ActionClass& actions;
  const ResourceClass& resource;
  const Session& session;
  const Path& path;
  const Action& action() const { return *actions.actions.front(); }
};

// Whether a rule takes such requests, but for the conditions that are open.
Tri applies(const Rulebook& rulebook, const RuleMatch& match, const Case& of);

// Whether the mode's reading of the documents lets such a request through.
struct Solved {
  bool open = false;
  bool exhausted = false;  // not open as far as was looked
  // Of what is open:
  Solution solution = {};                // values of the path's keys
  std::vector<const Rule*> allows = {};  // one for each need
  std::vector<std::string> doubts = {};  // about the way itself
  // Of what is not:
  std::vector<const Rule*> denies = {};  // those that together deny it; empty: nothing allows it
  std::string missing = {};              // why nothing allows it
};
Solved solve(const Rulebook& rulebook, const Case& of, Mode mode, std::size_t steps);

}  // namespace wiretight::policy
