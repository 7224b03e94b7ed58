#include "engine/rule.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace wiretight::rules {
namespace {

Json shown(const RequestWitness& witness) {
  Json allowed = Json::array();
  for (const PolicyStatement& statement : witness.allowed_by) allowed.push(statement.name);
  Json context = Json::object();
  for (const auto& [key, value] : witness.context) context.set(key, value);
  return Json::object({{"action", witness.action},
                       {"resource", witness.resource},
                       {"principal", witness.principal},
                       {"allowedBy", std::move(allowed)},
                       {"context", std::move(context)}});
}

void report(const std::string& account, const std::vector<const Proof*>& open, Findings& out) {
  const Proof& first = *open.front();
  const RequestWitness& witness = first.openings.front().witness;
  const std::string others = open.size() == 1
                                 ? ""
                                 : fmt::format("; so do requests of {} more of table and principal",
                                               open.size() == 2 ? "1 pair" : fmt::format("{} pairs", open.size() - 1));
  Json tables = Json::array(), principals = Json::array();
  for (const Proof* proof : open) {
    tables.push(proof->table);
    principals.push(proof->principal);
  }
  out.add(first)
      .about(account)
      .says("{} on {} by {} gets through with aws:SecureTransport=false: {}{}.", witness.action, witness.resource,
            witness.principal,
            witness.allowed_by.empty()
                ? "the root user needs no Allow"
                : fmt::format("{} allows it and nothing denies it", witness.allowed_by.front().name),
            others)
      .shows("witness", shown(witness))
      .shows("tables", std::move(tables))
      .shows("principals", std::move(principals));
}

}  // namespace

// Reports that policies let requests without TLS through. Hardly any project has a guard, so what is missing is missing
// once: one finding for all tables of an account in one target.
extern const Rule policy_permits_cleartext{
    .name = "policy-permits-cleartext",
    .check =
        [](const FactSet& facts, Findings& out) {
          std::map<std::pair<std::string, std::string>, std::vector<const Proof*>> open;
          for (const Proof& proof : facts.proofs)
            if (!proof.openings.empty()) open[{proof.target, proof.account}].push_back(&proof);
          for (const auto& [scope, proofs] : open) report(scope.second, proofs, out);
        },
};

}  // namespace wiretight::rules
