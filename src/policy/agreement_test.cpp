#include <algorithm>
#include <array>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <rapidcheck.h>
#include <sstream>

#include "core/text.h"
#include "policy/decide.h"
#include "policy/fixture.h"

using namespace wiretight::policy;
using namespace wiretight::policy::fixture;

// The decision against brute force: random policies, and every request of a grid of actions, resources and contexts
// given to the evaluator, which knows nothing of classes, products and searches. The grid has a value for every way in
// which the generated tests can hold, so that on these policies the two must agree both ways.
namespace {

const std::array<std::string, 6> action_patterns = {
    "dynamodb:*", "dynamodb:GetItem", "dynamodb:Q*", "dynamodb:?can", "*", "s3:*"};
const std::array<std::string, 9> resource_patterns = {"*",
                                                      table,
                                                      table + "*",
                                                      table + "/index/*",
                                                      table + "/index/by-*",
                                                      table + "/stream/*",
                                                      table + "/index/by-?",
                                                      "arn:aws:dynamodb:*:*:table/orders",
                                                      "arn:aws:s3:::x"};
const std::array<std::string, 14> conditions = {"'Bool':{'aws:SecureTransport':'false'}",
                                                "'Bool':{'aws:SecureTransport':'true'}",
                                                "'BoolIfExists':{'aws:SecureTransport':'false'}",
                                                "'StringNotEquals':{'aws:SecureTransport':'true'}",
                                                "'StringEquals':{'aws:PrincipalTag/team':'a'}",
                                                "'StringNotEquals':{'aws:PrincipalTag/team':'a'}",
                                                "'StringLike':{'aws:PrincipalTag/team':'b*'}",
                                                "'StringEqualsIfExists':{'aws:PrincipalTag/team':['a','b']}",
                                                "'Null':{'aws:PrincipalTag/team':'true'}",
                                                "'NumericLessThan':{'aws:MultiFactorAuthAge':'60'}",
                                                "'NumericGreaterThanEqualsIfExists':{'aws:MultiFactorAuthAge':'60'}",
                                                "'ForAnyValue:StringEquals':{'dynamodb:LeadingKeys':'x'}",
                                                "'ForAllValues:StringEquals':{'dynamodb:LeadingKeys':['x','y']}",
                                                "'IpAddress':{'aws:SourceIp':'10.0.0.0/8'}"};

template <class List>
rc::Gen<std::string> one_of(const List& list) {
  return rc::gen::elementOf(std::vector<std::string>(list.begin(), list.end()));
}

// {'Effect':…}; `everybody`: with Principal "*".
rc::Gen<std::string> statements(bool everybody) {
  return rc::gen::exec([everybody] {
    std::string out;
    const int count = *rc::gen::inRange(0, 4);
    for (int i = 0; i < count; ++i) {
      const bool allow = *rc::gen::arbitrary<bool>();
      const std::string not_action = *rc::gen::weightedElement<std::string>({{5, ""}, {1, "Not"}});
      const std::string not_resource = *rc::gen::weightedElement<std::string>({{5, ""}, {1, "Not"}});
      out += fmt::format("{}{{'Effect':'{}',{}'{}Action':'{}','{}Resource':'{}'", i == 0 ? "" : ",",
                         allow ? "Allow" : "Deny", everybody ? "'Principal':'*'," : "", not_action,
                         *one_of(action_patterns), not_resource, *one_of(resource_patterns));
      const int tests = *rc::gen::inRange(0, 3);
      if (tests > 0) {
        const std::string first = *one_of(conditions);
        std::string second = *one_of(conditions);
        // An operator stands once in a Condition.
        const bool same = first.substr(0, first.find(':', first.starts_with("'For") ? 13 : 0)) ==
                          second.substr(0, second.find(':', second.starts_with("'For") ? 13 : 0));
        out += ",'Condition':{" + first + (tests == 2 && !same ? "," + second : "") + "}";
      }
      out += "}";
    }
    return out;
  });
}

std::string policies(const std::string& member, const std::string& inside) {
  return inside.empty() ? "'" + member + "':[]" : attached(member, inside);
}

using Values = std::vector<std::optional<Context::Values>>;

// Values are varied for keys that the policies look at.
bool any_allowed(const Situation& made, const std::string& policies) {
  const Rulebook rulebook(made);
  const std::vector<std::string> resources = {table,
                                              table + "/index/aaa",
                                              table + "/index/by-",
                                              table + "/index/by-a",
                                              table + "/index/by-aa",
                                              table + "/stream/2025-01-01T00:00:00.000",
                                              table + "/backup/01500000000000-00000000",
                                              table + "/export/01500000000000-00000000",
                                              table + "/import/01500000000000-00000000",
                                              global_table_of(table)};
  const auto varied = [&](const char* key, const Values& values) {
    return policies.find(key) == std::string::npos ? Values{std::nullopt} : values;
  };
  using One = Context::Values;
  const Values teams = varied("PrincipalTag/team", {std::nullopt, One{"a"}, One{"b"}, One{"bb"}, One{"c"}});
  const Values ages = varied("MultiFactorAuthAge", {std::nullopt, One{"59"}, One{"60"}, One{"61"}});
  const Values keys = varied("LeadingKeys", {std::nullopt, One{"x"}, One{"y"}, One{"z"}, One{"x", "y"}, One{"x", "z"}});
  const Values addresses = varied("SourceIp", {std::nullopt, One{"10.1.2.3"}, One{"192.0.2.1"}});
  // One action of each way in which the patterns and resource types tell them apart is enough.
  for (const char* action : {"dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan", "dynamodb:PutItem",
                             "dynamodb:GetRecords", "dynamodb:DescribeContributorInsights", "dynamodb:ImportTable",
                             "dynamodb:CreateTableReplica", "dynamodb:DescribeBackup", "dynamodb:DescribeExport",
                             "dynamodb:DescribeImport", "dynamodb:DescribeGlobalTable", "dynamodb:DescribeTimeToLive"})
    for (const std::string& resource : resources) {
      if (!find_action(action)->on(kind_of(resource, table))) continue;
      for (const auto& team : teams)
        for (const auto& age : ages)
          for (const auto& key : keys)
            for (const auto& address : addresses) {
              Request request{.action = action, .resource = resource};
              request.context.set("aws:securetransport", {"false"});
              if (team) request.context.set("aws:principaltag/team", *team);
              if (age) request.context.set("aws:multifactorauthage", *age);
              if (key) request.context.set("dynamodb:leadingkeys", *key);
              if (address)
                request.context.set("aws:sourceip", *address);
              else
                request.context.set("aws:sourcevpce", {"vpce-1"});
              if (evaluate(rulebook, request).allowed == Tri::yes) return true;
            }
    }
  return false;
}

}  // namespace

TEST_CASE("the decision is what brute force finds") {
  const bool agreed = rc::check("decide() and the evaluator over a grid of requests", [] {
    std::string members = policies("identity", *statements(false));
    if (*rc::gen::inRange(0, 3) == 0) members += "," + policies("boundary", *statements(false));
    if (*rc::gen::arbitrary<bool>()) members += "," + policies("rcp", *statements(true));
    if (*rc::gen::inRange(0, 3) == 0) members += "," + policies("scp", *statements(false));
    const std::string on_it = *statements(true);
    if (!on_it.empty()) members += "," + on_table(on_it);
    RC_TAG(members.size() / 400);
    const Situation made = situation(members);
    const Proof proof = decide(made);
    RC_LOG(members);
    RC_CLASSIFY(proof.verdict == Verdict::proved, "proved");
    RC_CLASSIFY(proof.verdict == Verdict::witness, "witness");
    const bool open = any_allowed(made, members);
    if (proof.verdict == Verdict::proved) RC_ASSERT(!open);
    if (open) RC_ASSERT(proof.verdict == Verdict::witness);
    // A witness of the decision is one by the evaluator's own word.
    const Rulebook rulebook(made);
    for (const Opening& opening : proof.openings)
      RC_ASSERT(evaluate(rulebook, opening.witness.request).allowed == Tri::yes);
  });
  CHECK(agreed);
}

// infrastructure.md 3.3, whole: a Deny with this condition, and what becomes of a request with aws:SecureTransport
// false, true, and absent.
TEST_CASE("truth table of conditions on aws:SecureTransport") {
  struct Row {
    const char* condition;
    const char* denied;  // y or n for false, true, absent; ? where IAM does not say
  };
  for (const Row& row :
       {Row{"'Bool':{'aws:SecureTransport':'false'}", "ynn"}, Row{"'Bool':{'aws:SecureTransport':false}", "ynn"},
        Row{"'Bool':{'aws:SecureTransport':['false']}", "ynn"},
        Row{"'BoolIfExists':{'aws:SecureTransport':'false'}", "yny"},
        Row{"'StringEquals':{'aws:SecureTransport':'false'}", "ynn"},
        Row{"'StringNotEquals':{'aws:SecureTransport':'true'}", "yny"},
        Row{"'Bool':{'aws:SecureTransport':'true'}", "nyn"},
        Row{"'Bool':{'aws:SecureTransport':['true','false']}", "yyn"},
        Row{"'Null':{'aws:SecureTransport':'true'}", "nny"},
        Row{"'ForAllValues:Bool':{'aws:SecureTransport':'false'}", "yny"},
        Row{"'ForAnyValue:Bool':{'aws:SecureTransport':'false'}", "ynn"},
        Row{"'NumericLessThan':{'s3:TlsVersion':'1.2'}", "nnn"}, Row{"'Bool':{'aws:SecureTransprot':'false'}", "nnn"},
        Row{"'Bool':{'AWS:securetransport':'false'}", "ynn"}, Row{"'Bool':{'aws:SecureTransport':'False'}", "?nn"}}) {
    CAPTURE(row.condition);
    const Situation made = situation(
        attached("identity", allow_all) + "," +
        attached("rcp", std::string("{'Effect':'Deny','Principal':'*','Action':'*','Resource':'*','Condition':{") +
                            row.condition + "}}"));
    const Rulebook rulebook(made);
    for (std::size_t i = 0; i < 3; ++i) {
      if (row.denied[i] == '?') continue;
      CAPTURE(i);
      Request request{.action = "dynamodb:GetItem", .resource = table};
      if (i < 2) request.context.set("aws:securetransport", {i == 0 ? "false" : "true"});
      CHECK(evaluate(rulebook, request).allowed == tri(row.denied[i] == 'n'));
    }
    CHECK(decide(made).verdict == (row.denied[0] == 'y'   ? Verdict::proved
                                   : row.denied[0] == 'n' ? Verdict::witness
                                                          : Verdict::unknown));
  }
  // With another key: who escapes.
  const Situation partial =
      situation(attached("identity", allow_all) + "," +
                attached("rcp",
                         "{'Effect':'Deny','Principal':'*','Action':'*','Resource':'*','Condition':{'Bool':{'aws:"
                         "SecureTransport':'false'},'StringEquals':{'aws:PrincipalOrgID':'o-1'}}}"));
  CHECK(decide(partial).verdict == Verdict::witness);
}
