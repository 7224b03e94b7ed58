#include "policy/lock_outs.h"

#include <algorithm>
#include <utility>

#include "policy/guards.h"

namespace wiretight::policy {
namespace {

bool holds_over_tls(const Statement& statement) {
  return statement.effect == Effect::deny && is_guard(statement) && tls_tests_hold(statement, "true") != Tri::no;
}

// The situation, without those of its guards that can hold over TLS. True when there were any.
bool take_guards_out(Situation& situation) {
  bool any = false;
  const auto from = [&](Policy& policy) { any = std::erase_if(policy.statements, holds_over_tls) > 0 || any; };
  for (auto* list : {&situation.identity, &situation.boundary, &situation.session, &situation.rcp})
    for (Policy& policy : *list) from(policy);
  for (auto& level : situation.scp)
    for (Policy& policy : level) from(policy);
  for (auto& [arn, policy] : situation.resource) from(policy);
  if (situation.endpoint) from(*situation.endpoint);
  return any;
}

}  // namespace

std::vector<ShutOut> shut_out(const Situation& situation, const Question& question) {
  Situation without = situation;
  if (!take_guards_out(without)) return {};
  Question over_tls = question;
  over_tls.secure_transport = "true";
  const Proof free = decide(without, over_tls);
  if (free.openings.empty()) return {};
  const Proof guarded = decide(situation, over_tls);

  std::vector<ShutOut> out;
  for (const Opening& opening : free.openings) {
    const auto still = std::ranges::find(guarded.openings, opening.kind, &Opening::kind);
    for (const Closing& closing : guarded.closings) {
      if (!closing.by || std::ranges::find(closing.kinds, opening.kind) == closing.kinds.end()) continue;
      ShutOut one{.statement = *closing.by, .kind = opening.kind};
      for (const std::string_view action : opening.actions)
        if ((still == guarded.openings.end() || std::ranges::find(still->actions, action) == still->actions.end()) &&
            std::ranges::find(closing.actions, action) != closing.actions.end())
          one.actions.push_back(action);
      if (!one.actions.empty()) out.push_back(std::move(one));
    }
  }
  return out;
}

}  // namespace wiretight::policy
