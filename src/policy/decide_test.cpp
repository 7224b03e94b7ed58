#include "policy/decide.h"

#include <chrono>
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "policy/fixture.h"

using namespace wiretight::policy;
using namespace wiretight::policy::fixture;

namespace {

const std::string identity = attached("identity", allow_all);
const std::string items =
    attached("identity", "{'Effect':'Allow','Action':['dynamodb:GetItem','dynamodb:Query'],'Resource':['" + table +
                             "','" + table + "/index/*']}");

std::string guard(const std::string& resources, const std::string& condition = without_tls) {
  return "{'Sid':'Tls','Effect':'Deny','Principal':'*','Action':'dynamodb:*','Resource':" + resources + "," +
         condition + "}";
}
std::string rcp(const std::string& condition = without_tls) { return attached("rcp", guard("'*'", condition)); }

// Every witness must stand before the evaluator; decide() sees to it, and this looks again.
Proof decided(const std::string& members, const Question& question = {}) {
  const Situation made = situation(members);
  Proof proof = decide(made, question);
  const Rulebook rulebook(made);
  for (const Opening& opening : proof.openings) {
    CHECK(evaluate(rulebook, opening.witness.request).allowed == Tri::yes);
    CHECK(*opening.witness.request.context.find("aws:securetransport") == Context::Values{"false"});
    CHECK(kind_of(opening.witness.request.resource, made.table) == opening.kind);
  }
  return proof;
}

std::vector<std::string> open_kinds(const Proof& proof) {
  std::vector<std::string> kinds;
  for (const Opening& opening : proof.openings) kinds.emplace_back(to_text(opening.kind));
  return kinds;
}

}  // namespace

TEST_CASE("no guard: a witness") {
  const Proof proof = decided(identity);
  CHECK(proof.verdict == Verdict::witness);
  REQUIRE(!proof.openings.empty());
  const Witness& witness = proof.openings.front().witness;
  CHECK(witness.request.action == "dynamodb:GetItem");
  CHECK(witness.request.resource == table);
  CHECK(to_text(witness.decision.allowed_by.at(0)) == "identity[0].Statement[0]");
  CHECK(open_kinds(proof) ==
        std::vector<std::string>{"table", "index", "stream", "backup", "export", "import", "global table"});
  // DescribeEndpoints is outside any policy, and ListTables is nobody's table.
  CHECK(std::find(proof.account_wide.begin(), proof.account_wide.end(), "dynamodb:ListTables") !=
        proof.account_wide.end());
  for (const Opening& opening : proof.openings)
    for (const std::string_view action : opening.actions) CHECK(action != "dynamodb:DescribeEndpoints");
}

TEST_CASE("a guard over everything: proved, by it") {
  const Proof proof = decided(identity + "," + rcp());
  CHECK(proof.verdict == Verdict::proved);
  REQUIRE(proof.closings.size() == 1);
  CHECK(to_text(*proof.closings[0].by) == "rcp[0].Statement[0] (Tls)");
  CHECK(proof.account_wide.empty());
}

TEST_CASE("nothing allowed: proved, because of that") {
  const Proof proof = decided("'identity':[]");
  CHECK(proof.verdict == Verdict::proved);
  REQUIRE(proof.closings.size() == 1);
  CHECK(proof.closings[0].missing == "no Allow in the identity policy");
}

TEST_CASE("a table's policy covers what it is attached to") {
  CHECK(decided(items + "," + on_table(guard("['" + table + "','" + table + "/index/*']"))).verdict == Verdict::proved);
  const Proof table_only = decided(items + "," + on_table(guard("'" + table + "'")));
  CHECK(table_only.verdict == Verdict::witness);
  CHECK(open_kinds(table_only) == std::vector<std::string>{"index"});
  CHECK(table_only.openings[0].witness.request.action == "dynamodb:Query");
  CHECK(table_only.openings[0].witness.request.resource == table + "/index/aaa");
  // Backups have no policies of their own.
  CHECK(open_kinds(decided(identity + "," + on_table(guard("'*'")))) ==
        std::vector<std::string>{"stream", "backup", "export", "import", "global table"});
}

TEST_CASE("a stream that has a policy is the stream") {
  const std::string stream = table + "/stream/2025-05-11T21:21:33.291";
  const std::string both_policies = "'resourcePolicies':{'" + table + "':{'Statement':[" + guard("'*'") + "]},'" +
                                    stream + "':{'Statement':[" + guard("'" + stream + "'") + "]}}";
  const Proof proof = decided(identity + "," + both_policies);
  CHECK(open_kinds(proof) == std::vector<std::string>{"backup", "export", "import", "global table"});
  CHECK(open_kinds(decided(identity + ",'streams':[]," + on_table(guard("'*'")))) ==
        std::vector<std::string>{"backup", "export", "import", "global table"});
}

TEST_CASE("patterns on names are decided exactly") {
  // Every index but those that begin with x, by three statements.
  const std::string query =
      attached("identity", "{'Effect':'Allow','Action':'dynamodb:Query','Resource':'" + table + "/index/?*'}");
  const auto deny = [](const std::string& index) { return guard("'" + table + "/index/" + index + "'"); };
  const Proof open = decided(query + "," + attached("rcp", deny("a*") + "," + deny("b*") + "," + deny("?c*")));
  REQUIRE(open.openings.size() == 1);
  CHECK(open.openings[0].witness.request.resource == table + "/index/caa");
  CHECK(decided(query + "," + attached("rcp", deny("???*"))).verdict == Verdict::proved);
  CHECK(decided(query + "," + attached("rcp", deny("????*"))).verdict == Verdict::witness);
  CHECK(decided(query + ",'indexes':['by-day']," + attached("rcp", deny("by-*"))).verdict == Verdict::proved);
  // NotResource and NotAction.
  CHECK(decided(query + "," +
                attached("rcp", "{'Effect':'Deny','Principal':'*','NotAction':'s3:*','NotResource':'" + table + "'," +
                                    without_tls + "}"))
            .verdict == Verdict::proved);
}

TEST_CASE("other conditions: who escapes is found") {
  const auto with = [](const std::string& more) {
    return rcp("'Condition':{'Bool':{'aws:SecureTransport':'false'}," + more + "}");
  };
  const Proof org = decided(items + "," + with("'StringEquals':{'aws:PrincipalOrgID':'o-1'}"));
  CHECK(org.verdict == Verdict::witness);
  CHECK(org.openings[0].witness.context.at(1) == std::pair<std::string, std::string>{"aws:PrincipalOrgID", "(absent)"});
  CHECK(
      decided(items + ",'context':{'aws:PrincipalOrgID':'o-1'}," + with("'StringEquals':{'aws:PrincipalOrgID':'o-1'}"))
          .verdict == Verdict::proved);
  // Fixed by the principal and the table.
  CHECK(decided(items + "," + with("'ArnLike':{'aws:PrincipalArn':'" + role + "'}")).verdict == Verdict::proved);
  CHECK(decided(items + "," + with("'ArnNotLike':{'aws:PrincipalArn':'" + role + "'}")).verdict == Verdict::witness);
  CHECK(decided(items + "," + with("'StringEquals':{'aws:RequestedRegion':'eu-west-1'}")).verdict == Verdict::proved);
  CHECK(decided(items + "," + with("'BoolIfExists':{'aws:PrincipalIsAWSService':'false'}")).verdict == Verdict::proved);
  // Two statements that cover all addresses together.
  const std::string inside =
      guard("'*'", "'Condition':{'Bool':{'aws:SecureTransport':'false'},'IpAddress':{'aws:SourceIp':'10.0.0.0/8'}}");
  const std::string outside =
      guard("'*'", "'Condition':{'Bool':{'aws:SecureTransport':'false'},'NotIpAddress':{'aws:SourceIp':'10.0.0.0/8'}}");
  CHECK(decided(items + "," + attached("rcp", inside + "," + outside)).verdict == Verdict::proved);
  const Proof one = decided(items + "," + attached("rcp", outside));
  CHECK(one.verdict == Verdict::witness);
  CHECK(one.openings[0].witness.context.at(1).second == "10.0.0.10");
  // By VPC endpoint there is no aws:SourceIp.
  CHECK(decided(items + "," + attached("rcp", inside)).verdict == Verdict::witness);
  // An Allow that wants TLS, alone, is a guard.
  const std::string tls_only = attached(
      "identity",
      "{'Effect':'Allow','Action':'dynamodb:*','Resource':'*','Condition':{'Bool':{'aws:SecureTransport':'true'}}}");
  CHECK(decided(tls_only).verdict == Verdict::proved);
}

TEST_CASE("numbers, times and sets of values") {
  const auto with = [](const std::string& one, const std::string& two) {
    const auto made = [](const std::string& more) {
      return guard("'*'", "'Condition':{'Bool':{'aws:SecureTransport':'false'}," + more + "}");
    };
    return items + "," + attached("rcp", made(one) + "," + made(two));
  };
  const std::string age = "'aws:MultiFactorAuthAge'";
  CHECK(decided(with("'NumericLessThanIfExists':{" + age + ":'60'}", "'NumericGreaterThanEquals':{" + age + ":'60'}"))
            .verdict == Verdict::proved);
  CHECK(decided(with("'NumericLessThanIfExists':{" + age + ":'60'}", "'NumericGreaterThan':{" + age + ":'60'}"))
            .verdict == Verdict::witness);
  CHECK(
      decided(with("'NumericLessThan':{" + age + ":'60'}", "'NumericGreaterThanEquals':{" + age + ":'60'}")).verdict ==
      Verdict::witness);
  const std::string before = "'DateLessThan':{'aws:CurrentTime':'2025-01-01T00:00:00Z'}";
  const std::string after = "'DateGreaterThanEquals':{'aws:EpochTime':'1735689600'}";
  CHECK(decided(with(before, after)).verdict == Verdict::proved);
  CHECK(decided(with(before, before)).verdict == Verdict::witness);
  // What is over does not come again.
  CHECK(decided(with(after, after)).verdict == Verdict::witness);
  CHECK(decided(with(after, after), {.now = 1760000000}).verdict == Verdict::proved);
  const std::string keys = "'dynamodb:LeadingKeys'";
  CHECK(decided(
            with("'ForAnyValue:StringEquals':{" + keys + ":'a'}", "'ForAllValues:StringNotEquals':{" + keys + ":'a'}"))
            .verdict == Verdict::proved);
  const Proof sets = decided(
      with("'ForAllValues:StringEquals':{" + keys + ":'a'}", "'ForAllValues:StringNotEquals':{" + keys + ":'a'}"));
  CHECK(sets.verdict == Verdict::witness);
  CHECK(sets.openings[0].witness.context.at(1).second == "a, b");
}

TEST_CASE("ways into AWS") {
  const std::string endpoint =
      "'vpcEndpointPolicy':{'Statement':[{'Effect':'Allow','Principal':'*','Action':'*','Resource':'*'}," +
      guard("'*'") + "]}";
  CHECK(decided(items + "," + endpoint).verdict == Verdict::witness);
  const auto only = [&](const std::string& condition) {
    return items + "," + endpoint + "," + attached("rcp", guard("'*'", "'Condition':" + condition));
  };
  CHECK(decided(only("{'Null':{'aws:SourceVpce':'true'}}")).verdict == Verdict::proved);
  CHECK(decided(only("{'StringNotEquals':{'aws:SourceVpce':'vpce-1'}}")).verdict == Verdict::proved);
  CHECK(decided(only("{'StringNotEquals':{'aws:SourceVpce':'vpce-1'}}") + ",'vpcEndpoint':'vpce-1'").verdict ==
        Verdict::proved);
  CHECK(decided(only("{'StringNotEquals':{'aws:SourceVpce':'vpce-2'}}") + ",'vpcEndpoint':'vpce-1'").verdict ==
        Verdict::witness);
  CHECK(decided(items + "," + endpoint + ",'context':{'aws:SourceVpce':'vpce-1'}").verdict == Verdict::proved);
}

TEST_CASE("a role's session may have any name") {
  const std::string session = "arn:aws:sts::111122223333:assumed-role/app/job";
  const std::string one =
      "{'Effect':'Allow','Principal':{'AWS':'" + session + "'},'Action':'dynamodb:GetItem','Resource':'*'}";
  const Proof proof = decided("'identity':[]," + on_table(one));
  CHECK(proof.verdict == Verdict::witness);
  CHECK(proof.openings[0].witness.caller == session);
  CHECK(decided("'identity':[],'principal':'arn:aws:sts::111122223333:assumed-role/app/other'," + on_table(one))
            .verdict == Verdict::proved);
}

TEST_CASE("what is missing is named") {
  const Proof no_identity = decided("'resourcePolicies':{}");
  CHECK(no_identity.verdict == Verdict::unknown);
  CHECK(no_identity.unknown.at(0) == "identity.Statement[0]: the identity policies of " + role + " is not known");
  // A guard makes it unnecessary to know.
  CHECK(decided(rcp()).verdict == Verdict::proved);

  const Proof arn =
      decided(items + "," +
              attached("rcp", "{'Effect':'Deny','Principal':'*','Action':'*','Resource':{'Fn::GetAtt':'T.Arn'}," +
                                  without_tls + "}"));
  CHECK(arn.verdict == Verdict::unknown);
  CHECK(arn.unknown.at(0) == "rcp[0].Statement[0]: the value of {\"Fn::GetAtt\":\"T.Arn\"} in Resource");
  const Proof odd = decided(items + "," + rcp("'Condition':{'Bool':{'aws:SecureTransport':'False'}}"));
  CHECK(odd.verdict == Verdict::unknown);
  CHECK(odd.unknown.at(0) == "rcp[0].Statement[0] (Tls): what Bool makes of \"False\" is not documented");
  const Proof key = decided(
      items + "," + rcp("'Condition':{'Bool':{'aws:SecureTransport':'false'},'StringEquals':{'aws:NoSuchKey':'x'}}"));
  CHECK(key.verdict == Verdict::unknown);
  CHECK(key.unknown.at(0) == "rcp[0].Statement[0] (Tls): the condition key \"aws:NoSuchKey\" is not one that is known");
  const Proof odd_network =
      decided(items + "," +
              rcp("'Condition':{'IpAddress':{'aws:SourceIp':'10.0.0.0/99'},'Bool':{'aws:SecureTransport':'false'}}"));
  CHECK(odd_network.verdict == Verdict::witness);
}

TEST_CASE("effort is bounded") {
  // 2^24 ways to match, and Denies that only together cover everything.
  std::string patterns, denies;
  for (char letter = 'a'; letter <= 'x'; ++letter)
    patterns += fmt::format("{}'{}/index/*{}*'", patterns.empty() ? "" : ",", table, letter);
  const std::string query =
      attached("identity", "{'Effect':'Allow','Action':'dynamodb:Query','Resource':'" + table + "/index/?*'}");
  const Proof many = decided(query + "," + attached("rcp", guard("[" + patterns + "]")), {.product_steps = 10'000});
  CHECK(many.verdict == Verdict::unknown);
  CHECK(many.unknown.at(0) == "the Resource patterns fall into too many classes of index names to look at each");
  for (int i = 0; i < 40; ++i)
    denies += fmt::format("{}{}", i == 0 ? "" : ",",
                          guard("'*'", fmt::format("'Condition':{{'StringEquals':{{'aws:PrincipalTag/"
                                                   "t{}':'x'}},'StringLike':{{'aws:PrincipalTag/t{}':'y*'}}}}",
                                                   i, (i + 1) % 40)));
  CHECK(decided(items + "," + attached("rcp", denies)).verdict == Verdict::witness);
}

TEST_CASE("ten thousand statements") {
  std::string statements;
  for (int i = 0; i < 10'000; ++i)
    statements +=
        fmt::format("{}{{'Effect':'Allow','Action':['dynamodb:GetItem','dynamodb:Q*'],'Resource':'{}/index/by-{}-*'}}",
                    i == 0 ? "" : ",", table, i);
  const Situation made = situation(attached("identity", statements) + "," + rcp());
  const auto begin = std::chrono::steady_clock::now();
  CHECK(decide(made).verdict == Verdict::proved);
  const auto taken = std::chrono::steady_clock::now() - begin;
  MESSAGE("10,000 statements in ", std::chrono::duration_cast<std::chrono::milliseconds>(taken).count(), " ms");
  CHECK(decide(situation(attached("identity", statements))).verdict == Verdict::witness);
}
