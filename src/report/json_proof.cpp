#include <string>

#include "facts/proof.h"
#include "report/clean.h"
#include "report/json.h"
#include "report/json_parts.h"

namespace wiretight::report {
namespace {

Json to_json(const PolicyStatement& statement) {
  return Json::object({{"policy", clean(statement.layer)},
                       {"effect", clean(statement.effect)},
                       {"statement", clean(statement.name)},
                       {"location", report::to_json(Place(statement.place))}});
}

Json to_json(const RequestWitness& witness) {
  Json context = Json::object();
  for (const auto& [key, value] : witness.context)
    context.set(clean(key), value == "(absent)" ? Json() : Json(clean(value)));
  return Json::object({{"action", clean(witness.action)},
                       {"resource", clean(witness.resource)},
                       {"principal", clean(witness.principal)},
                       {"context", std::move(context)},
                       {"throughVpcEndpoint", witness.through_endpoint},
                       {"allowedBy", list(witness.allowed_by, [](const auto& one) { return to_json(one); })}});
}

Json to_json(const ProofOpening& opening) {
  return Json::object(
      {{"kind", clean(opening.kind)}, {"actions", strings(opening.actions)}, {"witness", to_json(opening.witness)}});
}

// A statement of the chain, and what it decides.
Json to_json(const ProofClosing& closing) {
  Json out = closing.by ? to_json(*closing.by) : Json::object({{"missing", clean(closing.missing)}});
  return out.set("actions", strings(closing.actions)).set("kinds", strings(closing.kinds));
}

Json to_json(const GuardMistake& mistake) {
  return Json::object({{"number", mistake.number},
                       {"name", clean(mistake.name)},
                       {"statement", to_json(mistake.statement)},
                       {"message", clean(mistake.message)},
                       {"mend", clean(mistake.mend)},
                       {"witness", to_json(mistake.witness)}});
}

Json to_json(const LockOut& lock) {
  return Json::object({{"statement", to_json(lock.statement)},
                       {"kind", clean(lock.kind)},
                       {"actions", strings(lock.actions)},
                       {"repair", lock.repair}});
}

}  // namespace

Json to_json(const Proof& proof) {
  const auto each = [](const auto& items) { return list(items, [](const auto& item) { return to_json(item); }); };
  return Json::object({{"target", clean(proof.target)},
                       {"document", clean(proof.name)},
                       {"location", report::to_json(Place(proof.place))},
                       {"table", clean(proof.table)},
                       {"principal", clean(proof.principal)},
                       {"verdict", wiretight::to_text(proof.verdict)},
                       {"witness", proof.openings.empty() ? Json() : to_json(proof.openings.front().witness)},
                       {"unknown", strings(proof.unknown)},
                       {"openings", each(proof.openings)},
                       {"statements", each(proof.closings)},
                       {"mistakes", each(proof.mistakes)},
                       {"lockOuts", each(proof.lock_outs)},
                       {"accountWide", strings(proof.account_wide)},
                       {"notes", strings(proof.notes)}});
}

}  // namespace wiretight::report
