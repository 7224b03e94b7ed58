#include "policy/mistakes.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <set>

#include "policy/fixture.h"
#include "policy/prove.h"

using namespace wiretight::policy;
using namespace wiretight::policy::fixture;

namespace {

const std::string all = attached("identity", allow_all);
const std::string read =
    attached("identity", "{'Effect':'Allow','Action':['dynamodb:GetItem','dynamodb:Query'],'Resource':['" + table +
                             "','" + table + "/index/*']}");
const std::string get = attached("identity", "{'Effect':'Allow','Action':'dynamodb:GetItem','Resource':'*'}");

std::string deny(const std::string& rest) { return "{'Sid':'Tls','Effect':'Deny','Principal':'*'," + rest + "}"; }
std::string deny_all(const std::string& more = without_tls) {
  return deny("'Action':'dynamodb:*','Resource':'*'," + more);
}
std::string without_principal(const std::string& rest) { return "{'Sid':'Tls','Effect':'Deny'," + rest + "}"; }
std::string attached_to(const std::string& arn, const std::string& statement) {
  return "'resourcePolicies':{'" + arn + "':{'Statement':[" + statement + "]}}";
}

std::set<int> found(const std::string& members) {
  const Situation made = situation(members);
  const Proof proof = decide(made);
  std::set<int> numbers;
  for (const Mistake& mistake : mistakes(made, proof)) {
    numbers.insert(static_cast<int>(mistake.kind));
    CHECK(!mistake.message.empty());
    // The witness is a request that the guard does not stop.
    const Rulebook rulebook(made);
    CHECK(evaluate(rulebook, proof.openings.at(mistake.opening).witness.request).allowed == Tri::yes);
  }
  return numbers;
}

Verdict verdict(const std::string& members) { return decide(situation(members)).verdict; }

struct Case {
  int number = 0;
  std::string wrong = {};
  std::string right = {};  // the twin: proved
};

}  // namespace

TEST_CASE("sixteen classic mistakes, each with its witness and a twin that is right") {
  const std::string tls = "'Condition':{'Bool':{'aws:SecureTransport':'true'}}";
  const std::string allow_tls = "{'Effect':'Allow','Action':'dynamodb:*','Resource':'*'," + tls + "}";
  const std::string allow_get = "{'Effect':'Allow','Action':'dynamodb:GetItem','Resource':'*'}";
  const std::string replica = "arn:aws:dynamodb:us-east-1:111122223333:table/orders";
  const std::string stream = table + "/stream/2025-05-11T21:21:33.291";
  const std::string on_both = "['" + table + "','" + table + "/index/*']";
  const std::string endpoint =
      "'vpcEndpointPolicy':{'Statement':[{'Effect':'Allow','Principal':'*','Action':'*','Resource':'*'}," + deny_all() +
      "]}";
  const std::string records = attached("identity", "{'Effect':'Allow','Action':'dynamodb:GetRecords','Resource':'*'}");
  const std::string restore =
      attached("identity", "{'Effect':'Allow','Action':'dynamodb:DescribeBackup','Resource':'*'}");
  const std::vector<Case> cases = {
      {1, attached("identity", allow_tls + "," + allow_get), attached("identity", allow_tls)},
      {2,
       all + "," +
           attached("rcp", deny("'Action':['dynamodb:GetItem','dynamodb:PutItem'],'Resource':'*'," + without_tls)),
       all + "," + attached("rcp", deny_all())},
      {3, read + "," + on_table(deny("'Action':'dynamodb:*','Resource':'" + table + "'," + without_tls)),
       read + "," + on_table(deny("'Action':'dynamodb:*','Resource':" + on_both + "," + without_tls))},
      {4, records + "," + on_table(deny_all()), records + "," + attached_to(stream, deny_all())},
      {5, get + "," + attached_to(replica, deny_all()), get + "," + on_table(deny_all())},
      {6,
       get + "," +
           attached(
               "rcp",
               deny_all(
                   "'Condition':{'Bool':{'aws:SecureTransport':'false'},'StringEquals':{'aws:PrincipalArn':'x'}}")),
       get + "," +
           attached(
               "rcp",
               deny_all("'Condition':{'Bool':{'aws:SecureTransport':'false'},'StringEquals':{'aws:PrincipalArn':'" +
                        role + "'}}"))},
      {7, get + "," + attached("rcp", deny_all(tls)), get + "," + attached("rcp", deny_all())},
      {8, get + "," + on_table(without_principal("'Action':'dynamodb:*','Resource':'*'," + without_tls)),
       get + "," + on_table(deny_all())},
      {9,
       get + ",'unattached':[{'Statement':[" + without_principal("'Action':'*','Resource':'*'," + without_tls) + "]}]",
       get + "," +
           attached("boundary", allow_all + "," + without_principal("'Action':'*','Resource':'*'," + without_tls))},
      {10, get + "," + endpoint,
       get + "," + endpoint + "," + attached("rcp", deny_all("'Condition':{'Null':{'aws:SourceVpce':'true'}}"))},
      {11, get + "," + attached("rcp", deny("'NotAction':'dynamodb:Get*','Resource':'*'," + without_tls)),
       get + "," + attached("rcp", deny("'NotAction':'s3:*','Resource':'*'," + without_tls))},
      {12,
       get + ",'unattached':{'scp':[{'Statement':[" + without_principal("'Action':'*','Resource':'*'," + without_tls) +
           "]}]}",
       get + ",'scp':[{'Statement':[" + without_principal("'Action':'*','Resource':'*'," + without_tls) + "]}]"},
      {13, "'identity':[{'Statement':[" + allow_tls + "]},'arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess']",
       attached("identity", allow_tls)},
      {14, get + "," + attached("rcp", deny("'Action':'*','Resource':'aws_dynamodb_table.orders.arn'," + without_tls)),
       get + "," + attached("rcp", deny("'Action':'*','Resource':'" + table + "'," + without_tls))},
      {15, get + "," + attached("rcp", deny_all("'Condition':{'NumericLessThan':{'s3:TlsVersion':'1.2'}}")),
       get + "," + attached("rcp", deny_all())},
      {16, restore + "," + on_table(deny_all()), restore + "," + attached("rcp", deny_all())},
  };
  REQUIRE(cases.size() == mistake_kinds);
  for (const Case& one : cases) {
    CAPTURE(one.number);
    CHECK(verdict(one.wrong) == Verdict::witness);
    CHECK(found(one.wrong) == std::set<int>{one.number});
    CHECK(verdict(one.right) == Verdict::proved);
    CHECK(found(one.right).empty());
    CHECK(info_of(static_cast<MistakeKind>(one.number)).kind == static_cast<MistakeKind>(one.number));
  }
}

TEST_CASE("one guard may have several mistakes, and they are told apart") {
  CHECK(found(all + "," + on_table(deny("'Action':'dynamodb:*','Resource':'" + table + "'," + without_tls))) ==
        std::set<int>{3, 4, 16});
  // An RCP that exempts the table's account.
  CHECK(found(get + "," +
              attached("rcp", deny_all("'Condition':{'Bool':{'aws:SecureTransport':'false'},'StringNotEquals':{'aws:"
                                       "ResourceAccount':'111122223333'}}"))) == std::set<int>{12});
  // A misspelt key, and a test that never holds.
  CHECK(found(get + "," + attached("rcp", deny_all("'Condition':{'Bool':{'aws:SecureTransprot':'false'}}"))) ==
        std::set<int>{15});
  CHECK(found(get + "," + attached("rcp", deny_all("'Condition':{'Null':{'aws:SecureTransport':'true'}}"))) ==
        std::set<int>{7});
}

TEST_CASE("what is no guard of this table is no mistake") {
  CHECK(found(get).empty());
  CHECK(
      found(attached("identity",
                     "{'Effect':'Allow','Action':'*','Resource':'*'},{'Effect':'Deny','Action':'s3:*','Resource':'*'," +
                         without_tls + "}"))
          .empty());
  CHECK(
      found(get + "," + attached("rcp", deny("'Action':'*','Resource':'arn:aws:s3:::logs/*'," + without_tls))).empty());
  CHECK(found(get + "," +
              attached("rcp", deny("'Action':'*','Resource':'arn:aws:dynamodb:eu-west-1:111122223333:table/other'," +
                                   without_tls)))
            .empty());
}

TEST_CASE("a guard that stops TLS as well locks out; one that does not is silent") {
  const auto proved = [](const std::string& condition) {
    return prove(situation(all + "," + attached("rcp", deny_all("'Condition':" + condition))), {});
  };
  const wiretight::Proof inverted = proved("{'Bool':{'aws:SecureTransport':'true'}}");
  REQUIRE(!inverted.lock_outs.empty());
  CHECK(inverted.lock_outs[0].statement.name == "rcp[0].Statement[0] (Tls)");
  CHECK(inverted.lock_outs[0].kind == "table");
  CHECK(inverted.lock_outs[0].repair);
  const wiretight::Proof both = proved("{'Bool':{'aws:SecureTransport':['true','false']}}");
  CHECK(both.verdict == wiretight::ProofVerdict::proved);
  CHECK(!both.lock_outs.empty());
  CHECK(proved("{'Bool':{'aws:SecureTransport':'false'}}").lock_outs.empty());
  const wiretight::Proof careful = proved("{'BoolIfExists':{'aws:SecureTransport':'false'}}");
  CHECK(careful.lock_outs.empty());
  CHECK(careful.notes.size() == 1);
  // What the principal may not do over TLS either is not taken from it.
  CHECK(prove(situation("'identity':[]," +
                        attached("rcp", deny_all("'Condition':{'Bool':{'aws:SecureTransport':'true'}}"))),
              {})
            .lock_outs.empty());
}
