#include "engine/rule.h"

#include <utility>

namespace wiretight::rules {

// Reports a statement that was meant to keep requests without TLS out, while one gets through: which of the sixteen
// classic mistakes it is, and the request.
extern const Rule policy_guard_ineffective{
    .name = "policy-guard-ineffective",
    .check = over<Proof>([](const Proof& proof, Findings& out) {
      for (const GuardMistake& mistake : proof.mistakes) {
        const RequestWitness& witness = mistake.witness;
        Json context = Json::object();
        for (const auto& [key, value] : witness.context) context.set(key, value);
        out.add(proof, mistake.statement.place)
            .about(fmt::format("{} {}", mistake.name, mistake.statement.name))
            .says("{} does not keep requests without TLS from {}: {}.", mistake.statement.name, proof.table,
                  mistake.message)
            .shows("mistake", mistake.number)
            .shows("name", mistake.name)
            .shows("policy", mistake.statement.layer)
            .shows("witness", Json::object({{"action", witness.action},
                                            {"resource", witness.resource},
                                            {"principal", witness.principal},
                                            {"context", std::move(context)}}))
            .step(mistake.mend);
      }
    }),
};

}  // namespace wiretight::rules
