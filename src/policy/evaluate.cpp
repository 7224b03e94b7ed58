#include "policy/evaluate.h"

#include <algorithm>
#include <array>

#include "policy/arn.h"
#include "policy/condition.h"

namespace wiretight::policy {
namespace {

struct Applied {
  const Rule* rule = nullptr;
  Tri applies = Tri::no;
  Grade grade = Grade::none;
};

Tri element_matches(const Element& element, std::string_view text, Wildcards wildcards, const Context& context,
                    bool ignore_case) {
  Tri any = Tri::no;
  for (const Text& entry : element.entries) {
    any = either(any, matches(compile(entry, wildcards, context, ignore_case), text));
    if (any == Tri::yes) break;
  }
  return element.negated ? opposite(any) : any;
}

}  // namespace

void add_fixed_keys(const Situation& situation, Context& context) {
  const Principal& principal = situation.principal;
  const auto table = parse_arn(situation.table);
  context.set("aws:principalarn", {principal.arn});
  context.set("aws:principalaccount", {principal.account});
  constexpr std::array<const char*, 4> types = {"AssumedRole", "User", "FederatedUser", "Account"};
  context.set("aws:principaltype", {types[static_cast<std::size_t>(principal.kind)]});
  if (principal.kind == Principal::Kind::user)
    context.set("aws:username", {principal.name});
  else
    context.set_absent("aws:username");
  context.set("aws:resourceaccount", {table ? table->account : ""});
  context.set("aws:requestedregion", {table ? table->region : ""});
  // The principal calls by itself. What services do on its behalf goes over connections that are theirs.
  context.set("aws:viaawsservice", {"false"});
  context.set("aws:principalisawsservice", {"false"});
  for (const char* name :
       {"aws:calledvia", "aws:calledviafirst", "aws:calledvialast", "aws:principalservicename",
        "aws:principalservicenameslist", "aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths"})
    context.set_absent(name);
}

Tri action_matches(const Statement& statement, std::string_view action, const Context& context) {
  return element_matches(statement.actions, action, Wildcards::free, context, true);
}

Tri resource_matches(const Statement& statement, std::string_view resource, const Context& context) {
  return element_matches(statement.resources, resource, Wildcards::resource, context, false);
}

PrincipalMatch principal_matches(const Rule& rule, const Principal& principal, bool bounded) {
  if (!rule.statement->principal) return {.match = Tri::yes, .grade = Grade::none};
  PrincipalMatch match = match_principal(*rule.statement->principal, principal, bounded);
  // NotPrincipal with Allow "is not supported", says the IAM User Guide.
  if (rule.statement->principal->negated && rule.statement->effect == Effect::allow)
    match.match = both(match.match, Tri::maybe);
  return match;
}

Decision evaluate(const Rulebook& rulebook, const Request& request) {
  const Situation& situation = rulebook.situation();
  Decision decision;
  const Action* action = find_action(request.action);
  if (!action) return decision;
  if (is_never_authorised(*action)) return {.allowed = Tri::yes};
  Principal principal = situation.principal;
  if (!request.session.empty()) principal.session = request.session;
  Context context = request.context;
  add_fixed_keys(situation, context);

  const ResourceKind kind = kind_of(request.resource, situation.table);
  std::vector<Applied> applied;
  Tri denied = Tri::no;
  for (const Rule& rule : rulebook.rules()) {
    Tri applies = in_force(rule, situation, *action, request.resource, kind, request.through_endpoint);
    if (applies == Tri::no) continue;
    applies = both(applies, action_matches(*rule.statement, action->name, context));
    if (applies == Tri::no) continue;
    applies = both(applies, resource_matches(*rule.statement, request.resource, context));
    const PrincipalMatch match = principal_matches(rule, principal, rulebook.bounded());
    applies = both(applies, match.match);
    for (const Test& test : rule.statement->tests) {
      if (applies == Tri::no) break;
      applies = both(applies, holds(test, context));
    }
    if (applies == Tri::no) continue;
    const bool deny = rule.statement->effect == Effect::deny;
    if (deny) denied = either(denied, applies);
    if (applies == Tri::maybe)
      decision.doubtful.push_back(cite(rule));
    else
      (deny ? decision.denied_by : decision.allowed_by).push_back(cite(rule));
    applied.push_back({.rule = &rule, .applies = applies, .grade = match.grade});
  }

  Tri granted = Tri::no;
  for (const Way& way : ways(situation, *action, request.through_endpoint)) {
    Tri open = way.certainty;
    for (const Need& need : way.needs) {
      Tri met = Tri::no;
      for (const Applied& one : applied)
        if (need.is_met_by(*one.rule, one.grade)) met = either(met, one.applies);
      open = both(open, met);
    }
    granted = either(granted, open);
  }
  decision.allowed = both(granted, opposite(denied));
  return decision;
}

}  // namespace wiretight::policy
