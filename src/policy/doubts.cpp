#include "policy/doubts.h"

#include <fmt/format.h>

#include "core/text.h"
#include "policy/condition.h"
#include "policy/evaluate.h"

namespace wiretight::policy {
namespace {

class Doubts {
 public:
  explicit Doubts(const Rule& rule) : where_(to_text(cite(rule))) {}

  template <class... Arguments>
  void add(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    out_.push_back(fmt::format("{}: {}", where_, fmt::format(format, std::forward<Arguments>(arguments)...)));
  }

  // Unknown values and variables that a text hangs on; false when it has none.
  bool add_parts(const Text& text, std::string_view element, const Context& context) {
    const std::size_t before = out_.size();
    for (const Piece& piece : text.pieces)
      if (piece.kind == Piece::Kind::unknown) add("the value of {} in {}", sanitise(piece.text, 120), element);
    for (const std::string& name : free_variables(text, context))
      add("the value of ${{{}}} in {}", display_name(name), element);
    return out_.size() > before;
  }

  void add_element(const Element& element, std::string_view name, std::string_view text, Wildcards wildcards,
                   const Context& context) {
    for (const Text& entry : element.entries) {
      if (matches(compile(entry, wildcards, context, wildcards == Wildcards::free), text) != Tri::maybe) continue;
      if (!add_parts(entry, name, context))
        add("whether a \"*\" in \"{}\" reaches across a colon", sanitise(entry.raw, 120));
    }
  }

  void add_test(const Test& test, const Context& context) {
    if (!test.unknown.empty()) {
      add("the condition {}", sanitise(test.unknown, 120));
      return;
    }
    const Key key = read_key(test.key);
    if (key.fate == KeyFate::unrecognised) {
      add("the condition key \"{}\" is not one that is known", sanitise(test.key, 120));
      return;
    }
    for (const Text& value : test.values)
      if (!add_parts(value, test.operator_name, context) && is_odd(test.op, value, context))
        add("what {} makes of \"{}\" is not documented", test.operator_name, sanitise(value.raw, 120));
  }

  // A value that the operator has no documented reading for.
  static bool is_odd(const Operator& op, const Text& value, const Context& context) {
    switch (op.family) {
      case Family::boolean:
      case Family::null:
        return value.raw != "true" && value.raw != "false";
      case Family::numeric:
        return !parse_number(value.raw);
      case Family::date:
        return !parse_time(value.raw);
      case Family::address:
        return !parse_network(value.raw);
      default:
        return compile(value, op, context).certainty == Compiled::Certainty::wide_only;
    }
  }

  std::vector<std::string> take() { return std::move(out_); }

 private:
  std::string where_;
  std::vector<std::string> out_;
};

}  // namespace

std::vector<std::string> doubts_about(const Rule& rule, const Situation& situation, const RequestLine& line,
                                      const PrincipalMatch& principal, const Context& context) {
  const Statement& statement = *rule.statement;
  Doubts doubts(rule);
  // A document that nobody knows is one doubt, not three.
  if (!rule.policy->unknown.empty() && &statement != rule.policy->statements.data() + statement.index) {
    for (const Text& entry : statement.actions.entries) doubts.add("{} is not known", sanitise(entry.raw, 200));
    return doubts.take();
  }
  if (in_force(rule, situation, line.action, line.resource, line.kind, line.through_endpoint) == Tri::maybe) {
    if (!rule.refused.empty())
      doubts.add("AWS refuses the document ({}), so that nobody knows what is in force", rule.refused);
    else
      doubts.add("whether a Deny of a resource policy applies to {}, which resource policies do not support",
                 line.action.name);
  }
  doubts.add_element(statement.actions, statement.actions.negated ? "NotAction" : "Action", line.action.name,
                     Wildcards::free, context);
  doubts.add_element(statement.resources, statement.resources.negated ? "NotResource" : "Resource", line.resource,
                     Wildcards::resource, context);
  if (principal.match == Tri::maybe) {
    const bool negated = statement.principal && statement.principal->negated;
    std::string names;
    if (statement.principal)
      for (const PrincipalEntry& entry : statement.principal->entries)
        names += (names.empty() ? "" : ", ") + sanitise(entry.value, 120);
    doubts.add("whether {} \"{}\" is about the principal", negated ? "NotPrincipal" : "Principal", names);
  }
  for (const Test& test : statement.tests) doubts.add_test(test, context);
  return doubts.take();
}

}  // namespace wiretight::policy
