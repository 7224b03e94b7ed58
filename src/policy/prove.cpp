#include "policy/prove.h"

#include <algorithm>
#include <fmt/format.h>
#include <string>
#include <utility>
#include <vector>

#include "policy/guards.h"
#include "policy/lock_outs.h"
#include "policy/mistakes.h"

namespace wiretight::policy {
namespace {

template <class List>
std::vector<std::string> texts(const List& list) {
  return {list.begin(), list.end()};
}

PolicyStatement fact(const Citation& citation) {
  return {.layer = std::string(to_text(citation.layer)),
          .effect = citation.effect == Effect::allow ? "Allow" : "Deny",
          .name = to_text(citation),
          .place = citation.place};
}

RequestWitness fact(const Witness& witness) {
  RequestWitness out{.action = witness.request.action,
                     .resource = witness.request.resource,
                     .principal = witness.caller,
                     .context = witness.context,
                     .through_endpoint = witness.request.through_endpoint};
  for (const Citation& citation : witness.decision.allowed_by) out.allowed_by.push_back(fact(citation));
  return out;
}

ProofVerdict fact(Verdict verdict) {
  return verdict == Verdict::proved    ? ProofVerdict::proved
         : verdict == Verdict::witness ? ProofVerdict::witness
                                       : ProofVerdict::unknown;
}

bool is_repair(std::string_view action) {
  return action == "dynamodb:PutResourcePolicy" || action == "dynamodb:DeleteResourcePolicy";
}

// Denies that also take requests without the key: those that AWS services make for somebody may be among them.
std::vector<std::string> notes_of(const Situation& situation) {
  std::vector<std::string> out;
  const Rulebook rulebook(situation);
  for (const Rule& rule : rulebook.rules()) {
    const Statement& statement = *rule.statement;
    if (statement.effect != Effect::deny || !is_guard(statement) || tls_tests_hold(statement, "false") != Tri::yes ||
        tls_tests_hold(statement, nullptr) != Tri::yes)
      continue;
    out.push_back(fmt::format("{} also denies requests that lack aws:SecureTransport, which those of AWS services may",
                              to_text(cite(rule))));
  }
  return out;
}

}  // namespace

wiretight::Proof prove(const Situation& situation, const Question& question) {
  Proof decided = decide(situation, question);
  wiretight::Proof out{.name = decided.name,
                       .place = situation.place,
                       .table = decided.table,
                       .account = parse_arn(decided.table).value_or(Arn{}).account,
                       .principal = decided.principal,
                       .verdict = fact(decided.verdict),
                       .unknown = decided.unknown,
                       .account_wide = texts(decided.account_wide)};
  for (const Opening& opening : decided.openings)
    out.openings.push_back({.kind = std::string(to_text(opening.kind)),
                            .actions = texts(opening.actions),
                            .witness = fact(opening.witness)});
  for (const Closing& closing : decided.closings) {
    ProofClosing& made = out.closings.emplace_back();
    if (closing.by) made.by = fact(*closing.by);
    made.missing = closing.missing;
    made.actions = texts(closing.actions);
    for (const ResourceKind kind : closing.kinds) made.kinds.emplace_back(to_text(kind));
  }
  for (const Mistake& mistake : mistakes(situation, decided)) {
    const MistakeInfo& info = info_of(mistake.kind);
    out.mistakes.push_back({.number = static_cast<int>(info.kind),
                            .name = std::string(info.name),
                            .statement = fact(mistake.statement),
                            .message = mistake.message,
                            .mend = std::string(info.mend),
                            .witness = out.openings[mistake.opening].witness});
  }
  for (const ShutOut& one : shut_out(situation, question))
    out.lock_outs.push_back({.statement = fact(one.statement),
                             .kind = std::string(to_text(one.kind)),
                             .actions = texts(one.actions),
                             .repair = std::ranges::any_of(one.actions, is_repair)});
  out.notes = notes_of(situation);
  return out;
}

}  // namespace wiretight::policy
