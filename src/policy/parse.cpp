#include "policy/parse.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <utility>

#include "core/edit_distance.h"
#include "core/text.h"

namespace wiretight::policy {
namespace {

// Larger than any document that AWS stores (20 KB for a table's policy), and small enough that nothing gets out of
// hand.
constexpr std::size_t most_bytes_of_a_text = 4096;
constexpr std::size_t most_statements = 100'000;

std::string where(const FilePlace& place) { return to_text(Place(place)); }

// Calls fn(node) for a value that may stand alone or in a list.
template <class Function>
Outcome<void> one_or_many(const Node& node, Function fn) {
  if (node.kind != Node::Kind::list) return fn(node);
  for (const Node& item : node.items)
    if (Outcome<void> done = fn(item); !done) return done;
  return {};
}

void append(Text& text, Piece piece) {
  if (piece.kind == Piece::Kind::literal && !text.pieces.empty() && text.pieces.back().kind == Piece::Kind::literal)
    text.pieces.back().text += piece.text;
  else
    text.pieces.push_back(std::move(piece));
}

// A variable's name and default out of "aws:username, 'nobody'".
Piece variable(std::string_view inside) {
  Piece piece{.kind = Piece::Kind::variable, .text = {}, .fallback = {}};
  const std::size_t comma = inside.find(',');
  piece.text = trim(inside.substr(0, comma));
  if (comma != std::string_view::npos) {
    std::string_view fallback = trim(inside.substr(comma + 1));
    if (fallback.size() >= 2 && fallback.front() == '\'' && fallback.back() == '\'')
      fallback = fallback.substr(1, fallback.size() - 2);
    piece.fallback = std::string(fallback);
  }
  return piece;
}

void append_pieces(Text& out, std::string_view text, bool variables) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t special = std::min(text.find_first_of("*?$", at), text.size());
    if (special > at) append(out, {.kind = Piece::Kind::literal, .text = std::string(text.substr(at, special - at))});
    at = special;
    if (at == text.size()) break;
    const char symbol = text[at];
    // Of a variable; what has no end is plain text.
    const std::size_t end =
        variables && text.substr(at).starts_with("${") ? text.find('}', at) : std::string_view::npos;
    if (symbol == '*' || symbol == '?') {
      append(out, {.kind = symbol == '*' ? Piece::Kind::run : Piece::Kind::one});
      ++at;
    } else if (end != std::string_view::npos) {
      const std::string_view inside = text.substr(at + 2, end - at - 2);
      if (inside == "*" || inside == "?" || inside == "$")
        append(out, {.kind = Piece::Kind::literal, .text = std::string(inside)});
      else
        append(out, variable(inside));
      at = end + 1;
    } else {
      append(out, {.kind = Piece::Kind::literal, .text = "$"});
      ++at;
    }
  }
}

class Parser {
 public:
  Parser(const Node& node, std::string name) : node_(node) { policy_.name = std::move(name); }

  Outcome<Policy> policy() {
    policy_.place = node_.place;
    if (node_.kind == Node::Kind::unknown) {
      policy_.unknown.push_back(node_.parts.front().text);
      return std::move(policy_);
    }
    if (node_.kind != Node::Kind::object) return complain("a policy is an object with a Statement", node_.place);
    constexpr std::array<std::string_view, 3> names = {"Version", "Id", "Statement"};
    if (auto known = check_names(node_, names, "policy"); !known) return std::unexpected(known.error());
    if (const Node* version = node_.find("Version")) {
      policy_.variables = version->literal() == "2012-10-17";
      if (version->kind == Node::Kind::unknown)
        policy_.unknown.push_back(version->parts.front().text);
      else if (!policy_.variables && version->literal() != "2008-10-17")
        return complain("Version is \"2012-10-17\" or \"2008-10-17\"", node_.place);
    }
    if (const Node* id = node_.find("Id")) policy_.id = id->literal();
    const Node* statements = node_.find("Statement");
    if (!statements) return complain("a policy needs a Statement", node_.place);
    if (statements->kind == Node::Kind::list && statements->items.size() > most_statements)
      return complain(fmt::format("more than {} statements", most_statements), node_.place);
    auto read = one_or_many(*statements, [&](const Node& node) { return add_statement(node); });
    if (!read) return std::unexpected(read.error());
    return std::move(policy_);
  }

 private:
  static std::unexpected<Problem> complain(std::string what, const FilePlace& place) {
    return failure(std::move(what), where(place));
  }

  // IAM refuses what it does not know and what is there twice.
  static Outcome<void> check_names(const Node& node, std::span<const std::string_view> names, std::string_view what) {
    std::vector<std::string_view> seen;
    for (const auto& [name, value] : node.members) {
      if (std::find(names.begin(), names.end(), name) == names.end()) {
        const std::string meant = nearest(name, names);
        return complain(fmt::format("a {} has no \"{}\"{}", what, sanitise(name, 60),
                                    meant.empty() ? "" : fmt::format("; {}?", meant)),
                        node.place);
      }
      if (std::find(seen.begin(), seen.end(), name) != seen.end())
        return complain(fmt::format("\"{}\" is there twice", name), node.place);
      seen.push_back(name);
    }
    return {};
  }

  Outcome<void> add_statement(const Node& node) {
    if (node.kind == Node::Kind::unknown) {
      policy_.unknown.push_back(node.parts.front().text);
      return {};
    }
    if (node.kind != Node::Kind::object) return complain("a statement is an object", node_.place);
    constexpr std::array<std::string_view, 9> names = {
        "Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal", "Condition"};
    if (auto known = check_names(node, names, "statement"); !known) return known;
    Statement statement;
    statement.place = node.place;
    statement.index = next_index_++;
    if (const Node* sid = node.find("Sid")) statement.sid = sid->literal();
    const Node* effect = node.find("Effect");
    if (!effect) return complain("the statement has no Effect", node.place);
    if (effect->kind == Node::Kind::unknown) {
      policy_.unknown.push_back(effect->parts.front().text);
      return {};
    }
    if (effect->literal() != "Allow" && effect->literal() != "Deny")
      return complain("Effect is \"Allow\" or \"Deny\"", node.place);
    statement.effect = effect->literal() == "Allow" ? Effect::allow : Effect::deny;
    if (auto read = read_element(node, "Action", "NotAction", statement.actions); !read) return read;
    if (auto read = read_element(node, "Resource", "NotResource", statement.resources); !read) return read;
    if (auto read = read_principal(node, statement); !read) return read;
    if (const Node* condition = node.find("Condition"))
      if (auto read = read_condition(*condition, statement); !read) return read;
    policy_.statements.push_back(std::move(statement));
    return {};
  }

  // The text of a value, with its unknown parts.
  Outcome<Text> text_of(const Node& node, const FilePlace& place) const {
    Text text;
    switch (node.kind) {
      case Node::Kind::text:
      case Node::Kind::number:
      case Node::Kind::boolean:
      case Node::Kind::unknown:
        for (const Part& part : node.parts) {
          text.raw += part.text;
          if (part.known)
            append_pieces(text, part.text, policy_.variables);
          else
            append(text, {.kind = Piece::Kind::unknown, .text = part.text});
        }
        if (text.raw.size() > most_bytes_of_a_text)
          return complain(fmt::format("a value is longer than {} bytes", most_bytes_of_a_text), place);
        return text;
      default:
        return complain("a string was expected", place);
    }
  }

  Outcome<void> read_element(const Node& node, std::string_view name, std::string_view negated, Element& out) const {
    const Node* value = node.find(name);
    const Node* other = node.find(negated);
    if (value && other) return complain(fmt::format("{} and {} exclude each other", name, negated), node.place);
    if (!value && !other) return complain(fmt::format("the statement has no {}", name), node.place);
    out.negated = other != nullptr;
    return one_or_many(value ? *value : *other, [&](const Node& entry) -> Outcome<void> {
      if (entry.kind != Node::Kind::text && entry.kind != Node::Kind::unknown)
        return complain(fmt::format("{} is a string or a list of strings", value ? name : negated), node.place);
      Outcome<Text> text = text_of(entry, node.place);
      if (!text) return std::unexpected(text.error());
      out.entries.push_back(std::move(*text));
      return {};
    });
  }

  static Outcome<void> read_principal(const Node& node, Statement& out) {
    const Node* value = node.find("Principal");
    const Node* other = node.find("NotPrincipal");
    if (value && other) return complain("Principal and NotPrincipal exclude each other", node.place);
    if (!value && !other) return {};
    PrincipalElement element{.negated = other != nullptr, .entries = {}};
    const Node& given = value ? *value : *other;
    if (given.literal() == "*") {
      element.entries.push_back({.kind = PrincipalEntry::Kind::everyone, .value = "*"});
    } else if (given.kind == Node::Kind::unknown) {
      element.entries.push_back({.kind = PrincipalEntry::Kind::unknown, .value = given.parts.front().text});
    } else if (given.kind != Node::Kind::object) {
      return complain("Principal is \"*\" or an object of AWS, Service, Federated or CanonicalUser", node.place);
    }
    for (const auto& [kind_name, values] : given.members) {
      constexpr std::array<std::pair<std::string_view, PrincipalEntry::Kind>, 4> kinds = {
          {{"AWS", PrincipalEntry::Kind::aws},
           {"Service", PrincipalEntry::Kind::service},
           {"Federated", PrincipalEntry::Kind::federated},
           {"CanonicalUser", PrincipalEntry::Kind::canonical_user}}};
      const auto* kind =
          std::find_if(kinds.begin(), kinds.end(), [&](const auto& entry) { return entry.first == kind_name; });
      if (kind == kinds.end())
        return complain(fmt::format("\"{}\" is no kind of principal: AWS, Service, Federated, CanonicalUser",
                                    sanitise(kind_name, 60)),
                        node.place);
      auto read = one_or_many(values, [&](const Node& entry) -> Outcome<void> {
        PrincipalEntry read_entry{.kind = kind->second, .value = std::string(entry.literal())};
        if (entry.kind == Node::Kind::unknown || (entry.kind == Node::Kind::text && read_entry.value.empty())) {
          read_entry = {.kind = PrincipalEntry::Kind::unknown, .value = {}};
          for (const Part& part : entry.parts) read_entry.value += part.text;
        } else if (entry.kind != Node::Kind::text) {
          return complain("a principal is a string", node.place);
        } else if (read_entry.kind == PrincipalEntry::Kind::aws && read_entry.value == "*") {
          read_entry.kind = PrincipalEntry::Kind::everyone;
        }
        element.entries.push_back(std::move(read_entry));
        return {};
      });
      if (!read) return read;
    }
    out.principal = std::move(element);
    return {};
  }

  Outcome<void> read_condition(const Node& node, Statement& out) const {
    if (node.kind == Node::Kind::unknown) {
      out.tests.push_back({.unknown = node.parts.front().text});
      return {};
    }
    if (node.kind != Node::Kind::object) return complain("Condition is an object", out.place);
    for (const auto& [operator_name, keys] : node.members) {
      const Outcome<Operator> op = parse_operator(operator_name);
      if (!op) return complain(op.error().what, out.place);
      if (keys.kind == Node::Kind::unknown) {
        out.tests.push_back({.unknown = keys.parts.front().text});
        continue;
      }
      if (keys.kind != Node::Kind::object)
        return complain(fmt::format("{} needs an object of keys and values", operator_name), out.place);
      for (const auto& [key, values] : keys.members) {
        Test test{.op = *op, .operator_name = operator_name, .key = key, .values = {}, .unknown = {}};
        auto read = one_or_many(values, [&](const Node& value) -> Outcome<void> {
          Outcome<Text> text = text_of(value, out.place);
          if (!text) return std::unexpected(text.error());
          test.values.push_back(std::move(*text));
          return {};
        });
        if (!read) return read;
        out.tests.push_back(std::move(test));
      }
    }
    return {};
  }

  const Node& node_;
  Policy policy_;
  std::size_t next_index_ = 0;
};

struct Named {
  std::string_view name = {};
  Operator op = {};
};

constexpr std::array<Named, 28> operators = {{
    {"StringEquals", {.family = Family::string}},
    {"StringNotEquals", {.family = Family::string, .negated = true}},
    {"StringEqualsIgnoreCase", {.family = Family::string, .ignore_case = true}},
    {"StringNotEqualsIgnoreCase", {.family = Family::string, .negated = true, .ignore_case = true}},
    {"StringLike", {.family = Family::string, .wildcards = true}},
    {"StringNotLike", {.family = Family::string, .negated = true, .wildcards = true}},
    {"ArnEquals", {.family = Family::arn, .wildcards = true}},
    {"ArnNotEquals", {.family = Family::arn, .negated = true, .wildcards = true}},
    {"ArnLike", {.family = Family::arn, .wildcards = true}},
    {"ArnNotLike", {.family = Family::arn, .negated = true, .wildcards = true}},
    {"Bool", {.family = Family::boolean}},
    {"NumericEquals", {.family = Family::numeric}},
    {"NumericNotEquals", {.family = Family::numeric, .negated = true}},
    {"NumericLessThan", {.family = Family::numeric, .comparison = Comparison::less}},
    {"NumericLessThanEquals", {.family = Family::numeric, .comparison = Comparison::less_or_equal}},
    {"NumericGreaterThan", {.family = Family::numeric, .comparison = Comparison::greater}},
    {"NumericGreaterThanEquals", {.family = Family::numeric, .comparison = Comparison::greater_or_equal}},
    {"DateEquals", {.family = Family::date}},
    {"DateNotEquals", {.family = Family::date, .negated = true}},
    {"DateLessThan", {.family = Family::date, .comparison = Comparison::less}},
    {"DateLessThanEquals", {.family = Family::date, .comparison = Comparison::less_or_equal}},
    {"DateGreaterThan", {.family = Family::date, .comparison = Comparison::greater}},
    {"DateGreaterThanEquals", {.family = Family::date, .comparison = Comparison::greater_or_equal}},
    {"BinaryEquals", {.family = Family::binary}},
    {"BinaryNotEquals", {.family = Family::binary, .negated = true}},
    {"IpAddress", {.family = Family::address}},
    {"NotIpAddress", {.family = Family::address, .negated = true}},
    {"Null", {.family = Family::null}},
}};

}  // namespace

Outcome<Operator> parse_operator(std::string_view name) {
  std::string_view rest = name;
  Quantifier quantifier = Quantifier::none;
  for (const auto& [prefix, meant] :
       {std::pair<std::string_view, Quantifier>{"ForAllValues:", Quantifier::for_all_values},
        {"ForAnyValue:", Quantifier::for_any_value}}) {
    if (rest.starts_with(prefix)) {
      quantifier = meant;
      rest.remove_prefix(prefix.size());
      break;
    }
  }
  const bool if_exists = rest.ends_with("IfExists");
  if (if_exists) rest.remove_suffix(std::string_view("IfExists").size());
  const auto* found =
      std::find_if(operators.begin(), operators.end(), [&](const Named& entry) { return entry.name == rest; });
  if (found == operators.end()) {
    std::vector<std::string_view> names;
    for (const Named& entry : operators) names.push_back(entry.name);
    const std::string meant = nearest(rest, names);
    return failure(fmt::format("\"{}\" is no condition operator{}", sanitise(name, 60),
                               meant.empty() ? "" : fmt::format("; {}?", meant)));
  }
  if (found->op.family == Family::null && (if_exists || quantifier != Quantifier::none))
    return failure("Null takes neither IfExists nor ForAllValues nor ForAnyValue");
  Operator op = found->op;
  op.quantifier = quantifier;
  op.if_exists = if_exists;
  return op;
}

Text parse_text(std::string_view text, bool variables) {
  Text out;
  out.raw = text;
  append_pieces(out, text, variables);
  return out;
}

Outcome<Policy> parse_policy(const Node& node, std::string name) { return Parser(node, std::move(name)).policy(); }

}  // namespace wiretight::policy
