#include "policy/solve.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace wiretight::policy {
namespace {

bool counts(Tri applies, Effect effect, Mode mode) {
  const bool generous = (effect == Effect::allow) == (mode == Mode::proof);
  return generous ? applies != Tri::no : applies == Tri::yes;
}

// The rules that count, and what each still asks of the keys.
struct Candidate {
  const Rule* rule = nullptr;
  const Conjunction* conditions = nullptr;
  Grade grade = Grade::none;
};

// An Allow that asks nothing of the keys makes the others of its need superfluous.
std::vector<Candidate> candidates_for(const Need& need, const std::vector<Candidate>& allowing) {
  std::vector<Candidate> out;
  for (const Candidate& candidate : allowing) {
    if (!need.is_met_by(*candidate.rule, candidate.grade)) continue;
    if (candidate.conditions->empty()) return {candidate};
    out.push_back(candidate);
  }
  return out;
}

}  // namespace

Tri applies(const Rulebook& rulebook, const RuleMatch& match, const Case& of) {
  Tri tri = both(of.actions.matched[match.rule], match.match);
  if (tri != Tri::no) tri = both(tri, both(of.session.matched[match.rule].match, of.path.conditions[match.rule].fixed));
  if (tri == Tri::no) return tri;
  return both(tri, in_force(rulebook.rules()[match.rule], rulebook.situation(), of.action(), of.resource.text,
                            of.resource.kind, of.path.through_endpoint));
}

Solved solve(const Rulebook& rulebook, const Case& of, Mode mode, std::size_t steps) {
  Solved out;
  Formula denials;
  std::vector<Candidate> allowing;
  // Denies first: one without further conditions settles it.
  for (const Effect effect : {Effect::deny, Effect::allow}) {
    for (const RuleMatch& match : of.resource.matched) {
      const Rule& rule = rulebook.rules()[match.rule];
      if (rule.statement->effect != effect || !counts(applies(rulebook, match, of), effect, mode)) continue;
      const Conjunction& conditions = of.path.conditions[match.rule].open[static_cast<std::size_t>(mode)];
      if (effect == Effect::allow) {
        allowing.push_back({.rule = &rule, .conditions = &conditions, .grade = of.session.matched[match.rule].grade});
      } else if (conditions.empty()) {
        return {.denies = {&rule}};
      } else {
        denials.none.push_back(&conditions);
        out.denies.push_back(&rule);
      }
    }
  }

  bool denied = false;
  for (const Way& way : ways(rulebook.situation(), of.action(), of.path.through_endpoint)) {
    if (!counts(way.certainty, Effect::allow, mode)) continue;
    Formula formula = denials;
    std::vector<std::vector<Candidate>> options;
    for (const Need& need : way.needs) {
      options.push_back(candidates_for(need, allowing));
      auto& group = formula.groups.emplace_back();
      for (const Candidate& candidate : options.back()) group.push_back(candidate.conditions);
      if (group.empty() && out.missing.empty()) out.missing = fmt::format("no Allow in the {}", to_text(need.layer));
    }
    if (std::ranges::any_of(formula.groups, [](const auto& group) { return group.empty(); })) continue;
    SearchResult result = search(formula, of.path.everything, steps);
    out.exhausted = out.exhausted || result.exhausted;
    if (!result.solution) {
      denied = denied || !denials.none.empty();
      out.missing = "the conditions of the Allow statements exclude it";
      continue;
    }
    out.open = true;
    out.solution = std::move(*result.solution);
    for (std::size_t g = 0; g < options.size(); ++g) out.allows.push_back(options[g][out.solution.chosen[g]].rule);
    if (way.certainty == Tri::maybe)
      out.doubts.push_back(fmt::format("whether a resource policy alone can allow {}", of.action().name));
    return out;
  }
  if (!denied) out.denies.clear();
  if (out.missing.empty()) out.missing = "a resource policy cannot allow it to another account";
  return out;
}

}  // namespace wiretight::policy
