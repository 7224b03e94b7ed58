#include "policy/mistakes.h"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <utility>

#include "core/text.h"
#include "policy/condition.h"
#include "policy/guards.h"

namespace wiretight::policy {
namespace {

using Kind = MistakeKind;

constexpr std::array<MistakeInfo, mistake_kinds> infos = {{
    {Kind::allow_beside_allow, "allow-beside-allow",
     "Deny requests with aws:SecureTransport false; an Allow takes nothing away that another Allow gives."},
    {Kind::some_actions, "some-actions", "Deny dynamodb:* instead of a list of actions."},
    {Kind::table_arn_only, "table-arn-only", "Name TABLE-ARN/index/* in Resource beside the table's ARN."},
    {Kind::stream_left_out, "stream-left-out",
     "Attach the same Deny to the stream, or cover it by a policy of the organisation or of the role."},
    {Kind::other_region, "other-region",
     "Attach the same policy to the replica in each region, with that replica's ARN."},
    {Kind::some_principals, "some-principals", "Take the other conditions and the list of principals out of the Deny."},
    {Kind::inverted_value, "inverted-value", "Write \"Bool\": {\"aws:SecureTransport\": \"false\"} in the Deny."},
    {Kind::principal_element, "principal-element",
     "Give the statement \"Principal\": \"*\" in a policy of a resource, an endpoint or an RCP, and none elsewhere."},
    {Kind::not_attached, "not-attached", "Attach the policy to the role, to a group of the user, or to the table."},
    {Kind::endpoint_only, "endpoint-only",
     "Deny in the table's policy or an RCP as well: an endpoint's policy says nothing about other ways to the table."},
    {Kind::not_action, "not-action", "Deny dynamodb:* in Action instead of carving actions out by NotAction."},
    {Kind::wrong_account, "wrong-account",
     "Attach the control policy above the table's account (RCP) or the principal's (SCP), without an exemption."},
    {Kind::sibling_policy, "sibling-policy",
     "Deny requests with aws:SecureTransport false; a condition in one policy does not limit what another allows."},
    {Kind::not_an_arn, "not-an-arn",
     "Write the ARN, or a reference that becomes one, and not the name of the reference."},
    {Kind::dead_key, "dead-key",
     "Test aws:SecureTransport: it is the only key about TLS that DynamoDB's requests have."},
    {Kind::jobs_left_out, "jobs-left-out",
     "Cover backups, exports, imports and the global table by a policy of the organisation or of the role: they have "
     "no "
     "resource policies."},
}};

// A document and what becomes of it.
struct Guard {
  Rule rule = {};
  bool attached = true;
};

struct Reason {
  Kind kind = Kind::some_actions;
  std::string message = {};
};

std::string table_name(std::string_view arn) { return std::string(arn.substr(arn.rfind(':') + 1)); }

// "arn:aws:dynamodb:us-east-1:111122223333:table/orders" of a text without wildcards in its region.
bool names_table_elsewhere(std::string_view arn, std::string_view table) {
  const auto here = parse_arn(table), there = parse_arn(arn);
  return here && there && there->service == "dynamodb" && there->region != here->region &&
         (there->resource == here->resource || there->resource.starts_with(here->resource + "/"));
}

bool is_no_arn(const Text& text) {
  return text.pieces.size() == 1 && text.pieces[0].kind == Piece::Kind::literal && !text.raw.starts_with("arn:");
}

class Examiner {
 public:
  Examiner(const Situation& situation, const Proof& proof)
      : situation_(situation), proof_(proof), rulebook_(situation) {}

  std::vector<Mistake> run() {
    for (const Rule& rule : rulebook_.rules())
      if (is_guard(*rule.statement)) examine({.rule = rule});
    for (const Unattached& one : situation_.unattached)
      for (const Statement& statement : one.policy.statements)
        if (is_guard(statement))
          examine({.rule = {.layer = one.layer, .policy = &one.policy, .statement = &statement}, .attached = false});
    return std::move(out_);
  }

 private:
  void examine(const Guard& guard) {
    const Citation citation = cite(guard.rule);
    for (std::size_t o = 0; o < proof_.openings.size(); ++o) {
      const std::optional<Reason> reason = guard.rule.statement->effect == Effect::deny
                                               ? why_not_denied(guard, proof_.openings[o])
                                               : why_allowed_besides(guard, proof_.openings[o]);
      if (!reason) continue;
      const bool known = std::ranges::any_of(
          out_, [&](const Mistake& mistake) { return mistake.kind == reason->kind && mistake.statement == citation; });
      if (!known)
        out_.push_back({.kind = reason->kind, .statement = citation, .message = reason->message, .opening = o});
    }
  }

  // An Allow that asks for TLS, and the Allow that does not.
  static std::optional<Reason> why_allowed_besides(const Guard& guard, const Opening& opening) {
    const Statement& statement = *guard.rule.statement;
    const Witness& witness = opening.witness;
    if (!guard.attached || tls_tests_hold(statement, "false") != Tri::no) return {};
    if (action_matches(statement, witness.request.action, witness.request.context) == Tri::no) return {};
    if (resource_matches(statement, witness.request.resource, witness.request.context) == Tri::no) return {};
    for (const Citation& other : witness.decision.allowed_by)
      if (other.policy == guard.rule.policy->name)
        return Reason{Kind::allow_beside_allow, fmt::format("it allows {} over TLS, and {} beside it allows it without",
                                                            witness.request.action, to_text(other))};
    for (const Citation& other : witness.decision.allowed_by)
      if (other.layer == guard.rule.layer || other.layer == Layer::resource)
        return Reason{Kind::sibling_policy,
                      fmt::format("it allows {} over TLS, and {} of another policy allows it without",
                                  witness.request.action, to_text(other))};
    return {};
  }

  // The first thing that keeps the Deny from the witness, in the order in which it would have to be mended.
  std::optional<Reason> why_not_denied(const Guard& guard, const Opening& opening) const {
    const Rule& rule = guard.rule;
    const Statement& statement = *rule.statement;
    const Request& request = opening.witness.request;
    const std::string what = fmt::format("{} on the {}", request.action, to_text(opening.kind));
    std::optional<Reason> elsewhere = about_another_resource(rule, opening, what);
    if (elsewhere && elsewhere->kind == Kind::other_region) return elsewhere;
    if (!is_about_table(statement) && !(elsewhere && elsewhere->kind == Kind::not_an_arn)) return {};
    const bool control = rule.layer == Layer::scp || rule.layer == Layer::rcp;
    if (!guard.attached)
      return Reason{control ? Kind::wrong_account : Kind::not_attached,
                    control ? fmt::format("the {} is not over the account that {} belongs to", to_text(rule.layer),
                                          rule.layer == Layer::scp ? "the principal" : "the table")
                            : "nothing here has the policy, so it denies nothing"};
    if (!rule.refused.empty())
      return Reason{Kind::principal_element, fmt::format("AWS refuses the document: {}", rule.refused)};
    for (const Test& test : statement.tests)
      if (tls_test(test) == TlsTest::dead)
        return Reason{Kind::dead_key,
                      fmt::format("requests to DynamoDB never have the key {}", sanitise(test.key, 60))};
    if (tls_tests_hold(statement, "false") == Tri::no)
      return Reason{Kind::inverted_value, tls_tests_hold(statement, "true") == Tri::yes
                                              ? "it denies requests over TLS and lets those without pass"
                                              : "its condition never holds for a request without TLS"};
    if (rule.layer == Layer::endpoint && !request.through_endpoint)
      return Reason{Kind::endpoint_only, fmt::format("{} comes another way than through this VPC endpoint", what)};
    if (control && situation_.principal.service_linked)
      return Reason{Kind::wrong_account, "control policies do not limit service-linked roles"};
    if (elsewhere) return elsewhere;
    if (action_matches(statement, request.action, request.context) == Tri::no)
      return statement.actions.negated
                 ? Reason{Kind::not_action, fmt::format("its NotAction leaves {} out", request.action)}
                 : Reason{Kind::some_actions, fmt::format("its Action does not have {}", request.action)};
    if (principal_matches(rule, situation_.principal, rulebook_.bounded()).match == Tri::no)
      return Reason{Kind::some_principals, "its Principal does not take this principal in"};
    for (const Test& test : statement.tests) {
      if (tls_test(test) != TlsTest::none || holds(test, request.context) == Tri::yes) continue;
      const bool account = control && is_about_account(read_key(test.key).name);
      return Reason{
          account ? Kind::wrong_account : Kind::some_principals,
          fmt::format("its condition {} {} leaves this request out", test.operator_name, sanitise(test.key, 60))};
    }
    return {};
  }

  // Whether where the Deny is attached, or its Resource, keeps it from the witness's resource.
  std::optional<Reason> about_another_resource(const Rule& rule, const Opening& opening,
                                               const std::string& what) const {
    const std::string& table = situation_.table;
    if (rule.layer == Layer::resource && names_table_elsewhere(rule.resource, table))
      return Reason{Kind::other_region, fmt::format("it guards the replica {}; {} here has no such policy",
                                                    rule.resource, table_name(table))};
    const bool of_table = opening.kind == ResourceKind::table || opening.kind == ResourceKind::index;
    const std::string_view guarded = of_table ? std::string_view(table) : opening.witness.request.resource;
    const bool reached = rule.layer != Layer::resource || rule.resource == guarded;
    if (reached &&
        resource_matches(*rule.statement, opening.witness.request.resource, opening.witness.request.context) != Tri::no)
      return {};
    for (const Text& text : rule.statement->resources.entries) {
      if (is_no_arn(text))
        return Reason{Kind::not_an_arn,
                      fmt::format("its Resource \"{}\" is no ARN and matches nothing", sanitise(text.raw, 80))};
      if (names_table_elsewhere(text.raw, table) && !is_about_table(*rule.statement))
        return Reason{Kind::other_region, fmt::format("its Resource is the replica {}", sanitise(text.raw, 120))};
    }
    switch (opening.kind) {
      case ResourceKind::table:
      case ResourceKind::index:
        return Reason{Kind::table_arn_only,
                      fmt::format("its Resource leaves out the {}: {} gets through", to_text(opening.kind), what)};
      case ResourceKind::stream:
        return Reason{Kind::stream_left_out,
                      fmt::format("{} gets through: the stream is {}", what,
                                  reached ? "not in its Resource" : "a resource with a policy of its own")};
      default:
        return Reason{Kind::jobs_left_out,
                      fmt::format("{} gets through: {}", what,
                                  reached ? "its Resource leaves that out" : "a table's policy is not about it")};
    }
  }

  bool is_about_table(const Statement& statement) const {
    const Context nothing{false};
    for (const char* part : {"", "/index/any", "/stream/2025-01-01T00:00:00.000"})
      if (resource_matches(statement, situation_.table + part, nothing) != Tri::no) return true;
    return std::ranges::any_of(statement.resources.entries,
                               [&](const Text& text) { return text.raw.starts_with(situation_.table + "/"); });
  }

  static bool is_about_account(std::string_view key) {
    constexpr std::array<std::string_view, 6> keys = {"aws:principalaccount",  "aws:principalorgid",
                                                      "aws:principalorgpaths", "aws:resourceaccount",
                                                      "aws:resourceorgid",     "aws:resourceorgpaths"};
    return std::ranges::find(keys, key) != keys.end();
  }

  const Situation& situation_;
  const Proof& proof_;
  Rulebook rulebook_;
  std::vector<Mistake> out_;
};

}  // namespace

const MistakeInfo& info_of(MistakeKind kind) { return infos[static_cast<std::size_t>(kind) - 1]; }

std::vector<Mistake> mistakes(const Situation& situation, const Proof& proof) {
  return proof.openings.empty() ? std::vector<Mistake>() : Examiner(situation, proof).run();
}

}  // namespace wiretight::policy
