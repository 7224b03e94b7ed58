#include "policy/rulebook.h"

#include <algorithm>
#include <fmt/format.h>

#include "policy/arn.h"

namespace wiretight::policy {
namespace {

Text unknown_text(const std::string& what) {
  return {.raw = what, .pieces = {{.kind = Piece::Kind::unknown, .text = what, .fallback = {}}}};
}

bool names_everybody(const PrincipalElement& element) {
  return !element.negated &&
         std::all_of(element.entries.begin(), element.entries.end(), [](const PrincipalEntry& entry) {
           return entry.kind == PrincipalEntry::Kind::everyone || entry.kind == PrincipalEntry::Kind::unknown;
         });
}

}  // namespace

std::string_view to_text(Layer layer) {
  switch (layer) {
    case Layer::identity:
      return "identity policy";
    case Layer::boundary:
      return "permissions boundary";
    case Layer::session:
      return "session policy";
    case Layer::scp:
      return "service control policy";
    case Layer::rcp:
      return "resource control policy";
    case Layer::resource:
      return "resource policy";
    case Layer::endpoint:
      return "VPC endpoint policy";
  }
  return "";
}

std::string to_text(const Citation& citation) {
  return fmt::format("{}.Statement[{}]{}", citation.policy, citation.index,
                     citation.sid.empty() ? "" : fmt::format(" ({})", citation.sid));
}

Citation cite(const Rule& rule) {
  return {.layer = rule.layer,
          .effect = rule.statement->effect,
          .policy = rule.policy->name,
          .sid = rule.statement->sid,
          .index = rule.statement->index,
          .place = rule.statement->place};
}

std::string_view refusal(const Statement& statement, Layer layer) {
  switch (layer) {
    case Layer::identity:
    case Layer::boundary:
    case Layer::session:
      if (statement.principal) return "a policy of a principal has no Principal";
      break;
    case Layer::scp:
      if (statement.principal) return "a service control policy has no Principal";
      break;
    case Layer::rcp:
      if (!statement.principal || !names_everybody(*statement.principal))
        return "a resource control policy has Principal \"*\"";
      break;
    case Layer::resource:
    case Layer::endpoint:
      if (!statement.principal) return "the statement has no Principal";
      break;
  }
  return {};
}

Rulebook::Rulebook(const Situation& situation) : situation_(situation) {
  for (const Policy& policy : situation.identity) add(Layer::identity, 0, policy, {});
  for (const Policy& policy : situation.boundary) add(Layer::boundary, 0, policy, {});
  for (const Policy& policy : situation.session) add(Layer::session, 0, policy, {});
  for (std::size_t level = 0; level < situation.scp.size(); ++level) {
    const std::size_t before = rules_.size();
    for (const Policy& policy : situation.scp[level]) add(Layer::scp, level, policy, {});
    if (std::none_of(rules_.begin() + static_cast<std::ptrdiff_t>(before), rules_.end(),
                     [](const Rule& rule) { return rule.statement->effect == Effect::allow; }))
      add_full_access(level);
  }
  for (const Policy& policy : situation.rcp) add(Layer::rcp, 0, policy, {});
  for (const auto& [arn, policy] : situation.resource) add(Layer::resource, 0, policy, arn);
  if (situation.endpoint) add(Layer::endpoint, 0, *situation.endpoint, {});
}

void Rulebook::add(Layer layer, std::size_t level, const Policy& policy, std::string_view resource) {
  // AWS takes a document whole or not at all.
  std::string_view refused;
  for (const Statement& statement : policy.statements)
    if (refused.empty()) refused = refusal(statement, layer);
  for (const Statement& statement : policy.statements)
    rules_.push_back({layer, level, &policy, &statement, resource, refused});
  for (const std::string& what : policy.unknown) {
    for (const Effect effect : {Effect::allow, Effect::deny}) {
      Statement& made = made_.emplace_back();
      made.effect = effect;
      made.index = policy.statements.size();
      made.actions.entries.push_back(unknown_text(what));
      made.resources.entries.push_back(unknown_text(what));
      made.principal = PrincipalElement{.entries = {{.kind = PrincipalEntry::Kind::unknown, .value = what}}};
      made.place = policy.place;
      rules_.push_back({layer, level, &policy, &made, resource, {}});
    }
  }
}

void Rulebook::add_full_access(std::size_t level) {
  Policy& policy = policies_.emplace_back();
  policy.name = "FullAWSAccess";
  Statement& statement = policy.statements.emplace_back();
  const Text all{.raw = "*", .pieces = {{.kind = Piece::Kind::run, .text = {}, .fallback = {}}}};
  statement.actions.entries.push_back(all);
  statement.resources.entries.push_back(all);
  rules_.push_back({Layer::scp, level, &policy, &statement, {}, {}});
}

std::vector<Way> ways(const Situation& situation, const Action& action, bool through_endpoint) {
  const Principal& principal = situation.principal;
  std::vector<Need> common;
  if (!principal.service_linked)
    for (std::size_t level = 0; level < situation.scp.size(); ++level) common.push_back({Layer::scp, level});
  if (through_endpoint && situation.endpoint) common.push_back({Layer::endpoint});
  std::vector<Need> limits;
  if (!situation.boundary.empty()) limits.push_back({Layer::boundary});
  if (!situation.session.empty()) limits.push_back({Layer::session});

  const bool same_account = parse_arn(situation.table)->account == principal.account;
  std::vector<Way> out;
  const auto add = [&](std::initializer_list<Need> own, bool limited, Tri certainty) {
    Way way{.needs = common, .certainty = certainty};
    way.needs.insert(way.needs.end(), own.begin(), own.end());
    if (limited) way.needs.insert(way.needs.end(), limits.begin(), limits.end());
    out.push_back(std::move(way));
  };
  const auto supported = [&](bool other_account) {
    switch (action.support) {
      case PolicySupport::full:
        return Tri::yes;
      case PolicySupport::in_account:
        return tri(!other_account);
      case PolicySupport::none:
        return Tri::no;
      case PolicySupport::unlisted:
        return Tri::maybe;
    }
    return Tri::maybe;
  };
  const bool root = principal.kind == Principal::Kind::root;
  if (!same_account) {
    // Both accounts must agree. The root user of the other account needs no identity policy.
    const Need named{Layer::resource, 0, Grade::account, Grade::exact};
    const Tri certainty = supported(true);
    if (certainty == Tri::no) return out;
    if (root)
      add({named}, true, certainty);
    else
      add({{Layer::identity}, named}, true, certainty);
    return out;
  }
  if (root) {
    add({}, true, Tri::yes);
    return out;
  }
  add({{Layer::identity}}, true, Tri::yes);
  const Tri certainty = supported(false);
  if (certainty == Tri::no) return out;
  add({{Layer::resource, 0, Grade::everyone, Grade::role}}, true, certainty);
  add({{Layer::resource, 0, Grade::exact, Grade::exact}}, false, certainty);
  // Whether "*" overcomes what a boundary or session policy leaves out is not documented.
  if (!limits.empty()) add({{Layer::resource, 0, Grade::everyone, Grade::everyone}}, false, Tri::maybe);
  return out;
}

Tri in_force(const Rule& rule, const Situation& situation, const Action& action, std::string_view resource,
             ResourceKind kind, bool through_endpoint) {
  if (!rule.refused.empty()) return rule.statement->effect == Effect::deny ? Tri::no : Tri::maybe;
  switch (rule.layer) {
    case Layer::scp:
      return tri(!situation.principal.service_linked);
    case Layer::rcp:
      // Only Denies matter: RCPFullAWSAccess cannot be detached.
      return tri(!situation.principal.service_linked && rule.statement->effect == Effect::deny);
    case Layer::endpoint:
      return tri(through_endpoint);
    case Layer::resource: {
      const bool of_table = kind == ResourceKind::table || kind == ResourceKind::index;
      if (rule.resource != (of_table ? std::string_view(situation.table) : resource)) return Tri::no;
      const bool said = action.support == PolicySupport::full || action.support == PolicySupport::in_account;
      return rule.statement->effect == Effect::deny && !said ? Tri::maybe : Tri::yes;
    }
    default:
      return Tri::yes;
  }
}

}  // namespace wiretight::policy
