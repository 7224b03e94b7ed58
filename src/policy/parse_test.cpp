#include "policy/parse.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "policy/fixture.h"

using namespace wiretight;
using namespace wiretight::policy;

namespace {

std::string problem(const std::string& text) {
  const auto node = read_json(fixture::json(text), "p.json");
  if (!node) return node.error().where + " " + node.error().what;
  const auto read = parse_policy(*node, "policy");
  if (read) return "fine";
  return read.error().where + " " + read.error().what;
}

std::string with(const std::string& members) {
  return "{'Version':'2012-10-17','Statement':[{'Effect':'Deny'," + members + "}]}";
}

}  // namespace

TEST_CASE("all forms of a policy") {
  const auto node = read_json(fixture::json(R"({
  'Version': '2012-10-17', 'Id': 'é',
  'Statement': {
    'Sid': 'One', 'Effect': 'Deny', 'NotAction': 'dynamodb:Get*', 'NotResource': ['a', '*'],
    'NotPrincipal': {'AWS': ['*', '111122223333'], 'Service': 'lambda.amazonaws.com',
                     'Federated': 'accounts.google.com', 'CanonicalUser': 'abc'},
    'Condition': {'ForAnyValue:StringNotLikeIfExists': {'aws:TagKeys': ['a', 1, true]}, 'Null': {'aws:userid': 'true'}}
  }})"),
                              "p.json");
  REQUIRE(node);
  const auto read = parse_policy(*node, "policy");
  REQUIRE(read);
  CHECK(read->variables);
  CHECK(read->id == "é");
  REQUIRE(read->statements.size() == 1);
  const Statement& statement = read->statements.front();
  CHECK(statement.sid == "One");
  CHECK(statement.effect == Effect::deny);
  CHECK((statement.actions.negated && statement.resources.negated));
  CHECK(statement.resources.entries.size() == 2);
  REQUIRE(statement.principal);
  CHECK(statement.principal->negated);
  std::vector<PrincipalEntry::Kind> kinds;
  for (const PrincipalEntry& entry : statement.principal->entries) kinds.push_back(entry.kind);
  using Kind = PrincipalEntry::Kind;
  CHECK(kinds == std::vector{Kind::everyone, Kind::aws, Kind::service, Kind::federated, Kind::canonical_user});
  REQUIRE(statement.tests.size() == 2);
  const Operator& op = statement.tests[0].op;
  CHECK((op.family == Family::string && op.negated && op.wildcards && op.if_exists));
  CHECK(op.quantifier == Quantifier::for_any_value);
  CHECK(statement.tests[0].values[1].raw == "1");
  CHECK(statement.tests[0].values[2].raw == "true");
  CHECK(to_text(Place(statement.place)) == "p.json:3:16");
  CHECK(statement.place.end_line == 8);
}

TEST_CASE("every operator of IAM, and no other") {
  for (const std::string_view name : {"StringEquals",
                                      "StringNotEquals",
                                      "StringEqualsIgnoreCase",
                                      "StringNotEqualsIgnoreCase",
                                      "StringLike",
                                      "StringNotLike",
                                      "NumericEquals",
                                      "NumericNotEquals",
                                      "NumericLessThan",
                                      "NumericLessThanEquals",
                                      "NumericGreaterThan",
                                      "NumericGreaterThanEquals",
                                      "DateEquals",
                                      "DateNotEquals",
                                      "DateLessThan",
                                      "DateLessThanEquals",
                                      "DateGreaterThan",
                                      "DateGreaterThanEquals",
                                      "Bool",
                                      "BinaryEquals",
                                      "IpAddress",
                                      "NotIpAddress",
                                      "ArnEquals",
                                      "ArnLike",
                                      "ArnNotEquals",
                                      "ArnNotLike"}) {
    CAPTURE(name);
    for (const char* prefix : {"", "ForAllValues:", "ForAnyValue:"})
      for (const char* suffix : {"", "IfExists"}) CHECK(parse_operator(fmt::format("{}{}{}", prefix, name, suffix)));
  }
  CHECK(parse_operator("Null"));
  CHECK(!parse_operator("NullIfExists"));
  CHECK(!parse_operator("ForAllValues:Null"));
  CHECK(!parse_operator("ForSomeValues:Bool"));
  CHECK(parse_operator("StringEqual").error().what == "\"StringEqual\" is no condition operator; StringEquals?");
  CHECK(!parse_operator("bool"));
}

TEST_CASE("what IAM refuses is a problem with its place") {
  CHECK(problem("{'Statement':[]}") == "fine");
  CHECK(problem("[]") == "p.json:1:1 a policy is an object with a Statement");
  CHECK(problem("{'Version':'2012-10-17'}") == "p.json:1:1 a policy needs a Statement");
  CHECK(problem("{'Version':'2012-10-18','Statement':[]}") == "p.json:1:1 Version is \"2012-10-17\" or \"2008-10-17\"");
  CHECK(problem("{'Statment':[]}") == "p.json:1:1 a policy has no \"Statment\"; Statement?");
  CHECK(problem(with("'Action':'*'")) == "p.json:1:38 the statement has no Resource");
  CHECK(problem(with("'Resource':'*'")) == "p.json:1:38 the statement has no Action");
  CHECK(problem(with("'Action':'*','Resource':'*','NotAction':'*'")) ==
        "p.json:1:38 Action and NotAction exclude each other");
  CHECK(problem(with("'Action':'*','Resource':'*','Resource':'a'")) == "p.json:1:38 \"Resource\" is there twice");
  CHECK(problem(with("'Action':7,'Resource':'*'")) == "p.json:1:38 Action is a string or a list of strings");
  CHECK(problem(with("'Action':'*','Resource':'*','Principal':'me'")) ==
        "p.json:1:38 Principal is \"*\" or an object of AWS, Service, Federated or CanonicalUser");
  CHECK(problem(with("'Action':'*','Resource':'*','Principal':{'Aws':'*'}")) ==
        "p.json:1:38 \"Aws\" is no kind of principal: AWS, Service, Federated, CanonicalUser");
  CHECK(problem(with("'Action':'*','Resource':'*','Condition':{'Bool':'x'}")) ==
        "p.json:1:38 Bool needs an object of keys and values");
  CHECK(problem(with("'Action':'*','Resource':'*','Condition':[]")) == "p.json:1:38 Condition is an object");
  CHECK(problem("{'Statement':[{'Effect':'Maybe','Action':'*','Resource':'*'}]}") ==
        "p.json:1:15 Effect is \"Allow\" or \"Deny\"");
  CHECK(problem("{'Statement':") == "p.json:1:14 the document ends too early");
}

TEST_CASE("values of other tools are unknown, never guessed") {
  const auto node =
      read_json(fixture::json("{'Statement':[{'Effect':'Allow','Action':'*','Resource':{'Fn::Sub':'${T}/*'},"
                              "'Condition':{'Fn::If':['a','b','c']}},{'Fn::If':['x']}]}"),
                "p.json");
  REQUIRE(node);
  const auto read = parse_policy(*node, "policy");
  REQUIRE(read);
  REQUIRE(read->statements.size() == 1);
  const Piece& piece = read->statements[0].resources.entries.at(0).pieces.at(0);
  CHECK(piece.kind == Piece::Kind::unknown);
  CHECK(piece.text == R"({"Fn::Sub":"${T}/*"})");
  CHECK(read->statements[0].tests.at(0).unknown == R"({"Fn::If":["a","b","c"]})");
  CHECK(read->unknown == std::vector<std::string>{R"({"Fn::If":["x"]})"});
}

TEST_CASE("hostile input is bounded") {
  CHECK(problem(std::string(100000, '[')).ends_with("the document is nested too deeply"));
  CHECK(problem(with("'Action':'" + std::string(5000, 'a') + "','Resource':'*'")) ==
        "p.json:1:38 a value is longer than 4096 bytes");
  CHECK(problem(with("'Action':'" + std::string(4000, '*') + "','Resource':'${" + std::string(4000, '?') + "'")) ==
        "fine");
}

TEST_CASE("columns count UTF-16 units, also in one long line") {
  const std::string text = "{\"a\":[\"" + std::string(1000, 'x') + "é🔒\",[1]]}";
  const auto node = read_json(text, "p.json");
  REQUIRE(node);
  const FilePlace& place = node->members[0].second.items[1].place;
  CHECK(place.column == 1 + 7 + 1000 + 1 + 2 + 2);
  CHECK(place.offset == text.find("[1]"));
}
