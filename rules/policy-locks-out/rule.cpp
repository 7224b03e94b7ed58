#include "engine/rule.h"

#include <string>
#include <utility>

namespace wiretight::rules {

// Reports a Deny about TLS that also stops requests over TLS which something else allows.
extern const Rule policy_locks_out{
    .name = "policy-locks-out",
    .check = over<Proof>([](const Proof& proof, Findings& out) {
      for (const LockOut& lock : proof.lock_outs) {
        Json actions = Json::array();
        for (const std::string& action : lock.actions) actions.push(action);
        out.add(proof, lock.statement.place)
            .about(fmt::format("{} {}", lock.statement.name, lock.kind))
            .says("{} also denies {}{} on the {} of {} to {} over TLS{}.", lock.statement.name, lock.actions.front(),
                  lock.actions.size() == 1 ? "" : fmt::format(" and {} more", lock.actions.size() - 1), lock.kind,
                  proof.table, proof.principal, lock.repair ? ", and with it the right to repair the policy" : "")
            .shows("actions", std::move(actions))
            .shows("repair", lock.repair);
      }
    }),
};

}  // namespace wiretight::rules
