#include <algorithm>
#include <fmt/format.h>
#include <string>
#include <string_view>
#include <vector>

#include "core/prose.h"
#include "core/text.h"
#include "report/clean.h"
#include "report/console_parts.h"
#include "report/ink.h"

// One proof for an auditor: the verdict, the request that gets through with the statements that let it, what keeps the
// rest out, and what is wrong with guards that were meant to.
namespace wiretight::report {
namespace {

constexpr std::size_t verdict_column = 2;
constexpr std::size_t text_column = 11;
constexpr std::size_t few_actions = 4;

Ink ink_of(ProofVerdict verdict) {
  return verdict == ProofVerdict::proved ? Ink::good : verdict == ProofVerdict::witness ? Ink::bad : Ink::unsure;
}

std::string line(std::string_view text, const ConsoleStyle& style) {
  return hang(spaces(text_column), text_column, clean(text), columns_of(style));
}

std::string detail(std::string_view label, std::string_view text, const ConsoleStyle& style) {
  constexpr std::size_t label_width = 9;
  const std::string head = spaces(text_column) + paint(Ink::faint, padded(label, label_width), style.color);
  return hang(head, text_column + label_width, clean(text), columns_of(style));
}

// "dynamodb:" once is enough.
std::string actions_text(const std::vector<std::string>& actions, const ConsoleStyle& style) {
  std::vector<std::string> names;
  for (const std::string& action : actions) names.push_back(action.substr(action.find(':') + 1));
  return list_of(names, style.verbose ? SIZE_MAX : few_actions);
}

std::string statement_text(const PolicyStatement& statement) {
  const std::string place = to_text(Place(statement.place));
  return fmt::format("{} of the {}{}{}", statement.name, statement.layer, place.empty() ? "" : ", ", place);
}

std::string context_text(const RequestWitness& witness) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : witness.context)
    keys.push_back(value == "(absent)" ? fmt::format("{} absent", key) : fmt::format("{}={}", key, value));
  return join(keys, ", ");
}

std::string opening_lines(const ProofOpening& opening, const ConsoleStyle& style) {
  const RequestWitness& witness = opening.witness;
  std::string out = line(fmt::format("{} on {} gets through without TLS.", witness.action, witness.resource), style);
  if (opening.actions.size() > 1)
    out += detail("so do",
                  fmt::format("{} on the {}", actions_text({opening.actions.begin() + 1, opening.actions.end()}, style),
                              opening.kind),
                  style);
  for (const PolicyStatement& statement : witness.allowed_by)
    out += detail("allowed", statement_text(statement), style);
  if (witness.allowed_by.empty()) out += detail("allowed", "the account's root user needs no policy", style);
  out += detail("context", context_text(witness), style);
  if (witness.through_endpoint) out += detail("", "by way of the VPC endpoint whose policy is given", style);
  return out;
}

std::string closing_lines(const ProofClosing& closing, const ConsoleStyle& style) {
  const std::string what = fmt::format("{} ({})", count_of(closing.actions.size(), "action"), list_of(closing.kinds));
  std::string out =
      closing.by ? detail("denied", statement_text(*closing.by), style) : detail("closed", closing.missing, style);
  return out +
         detail("", style.verbose ? fmt::format("{}: {}", what, actions_text(closing.actions, style)) : what, style);
}

}  // namespace

std::string proof_lines(const Proof& proof, const ConsoleStyle& style) {
  const std::string verdict = wiretight::to_text(proof.verdict);
  std::string out = spaces(verdict_column) + paint(ink_of(proof.verdict), verdict, style.color) +
                    spaces(text_column - verdict_column - verdict.size()) +
                    paint(Ink::strong, clean(proof.table), style.color) + "\n";
  out += line(fmt::format("by {}  ({})", proof.principal, proof.name), style);
  if (proof.verdict == ProofVerdict::proved)
    out += line("No request without TLS gets through, within the documents given.", style);
  // Not every kind at length: the first is the worst.
  for (const ProofOpening& opening : proof.openings) {
    if (&opening == &proof.openings.front() || style.verbose)
      out += opening_lines(opening, style);
    else
      out += detail("also", fmt::format("{}: {}", opening.kind, actions_text(opening.actions, style)), style);
  }
  for (const std::string& missing : proof.unknown) out += detail("missing", missing, style);
  if (proof.verdict != ProofVerdict::witness || style.verbose)
    for (const ProofClosing& closing : proof.closings) out += closing_lines(closing, style);
  for (const GuardMistake& mistake : proof.mistakes)
    out += detail("mistake",
                  fmt::format("{} {}: {}: {}", mistake.number, mistake.name, mistake.statement.name, mistake.message),
                  style);
  for (const LockOut& lock : proof.lock_outs)
    out += detail("locks out",
                  fmt::format("{} denies over TLS too: {} on the {}", lock.statement.name,
                              actions_text(lock.actions, style), lock.kind),
                  style);
  if (!proof.account_wide.empty())
    out += detail("besides",
                  fmt::format("{}, about no table and no part of the verdict", actions_text(proof.account_wide, style)),
                  style);
  for (const std::string& note : proof.notes) out += detail("note", note, style);
  return out;
}

}  // namespace wiretight::report
