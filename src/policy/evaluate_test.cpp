#include "policy/evaluate.h"

#include <doctest/doctest.h>

#include "policy/fixture.h"

using namespace wiretight::policy;
using namespace wiretight::policy::fixture;

namespace {

const Tri no = Tri::no, maybe = Tri::maybe, yes = Tri::yes;
const std::string other_account = "'principal':'arn:aws:iam::444455556666:role/app'";
const std::string user = "'principal':'arn:aws:iam::111122223333:user/dev/ann'";

// What a GetItem on the table gets, without TLS and with nothing else in its context.
Tri asked(const std::string& members, const std::string& action = "dynamodb:GetItem", std::string resource = table,
          bool through_endpoint = false) {
  const Situation made = situation(members);
  const Rulebook rulebook(made);
  Request request{.action = action, .resource = std::move(resource), .through_endpoint = through_endpoint};
  request.context.set("aws:securetransport", {"false"});
  return evaluate(rulebook, request).allowed;
}

std::string allow(const std::string& principal, const std::string& rest = "") {
  return "{'Effect':'Allow','Principal':" + principal + ",'Action':'dynamodb:*','Resource':'*'" + rest + "}";
}
std::string deny(const std::string& rest) {
  return "{'Effect':'Deny','Action':'dynamodb:*','Resource':'*'" + rest + "}";
}

const std::string identity = attached("identity", allow_all);
const std::string no_identity = "'identity':[]";

}  // namespace

TEST_CASE("an Allow is needed, and a Deny in any policy ends it") {
  CHECK(asked(no_identity) == no);
  CHECK(asked(identity) == yes);
  CHECK(asked("'groups':[{'Statement':[" + allow_all + "]}]") == yes);
  CHECK(asked(attached("identity", allow_all + "," + deny("," + without_tls))) == no);
  CHECK(asked(identity + "," + attached("boundary", allow_all)) == yes);
  CHECK(asked(identity + "," + attached("boundary", "{'Effect':'Allow','Action':'s3:*','Resource':'*'}")) == no);
  CHECK(asked(identity + "," + attached("session", allow_all + "," + deny(""))) == no);
  CHECK(asked(identity + "," + attached("rcp", deny(",'Principal':'*'," + without_tls))) == no);
  CHECK(asked(identity + "," + on_table(deny(",'Principal':'*'," + without_tls))) == no);
  CHECK(asked(identity, "dynamodb:NoSuchAction") == no);
  CHECK(asked(identity, "DYNAMODB:getitem") == yes);
}

TEST_CASE("every level of service control policies must allow") {
  const std::string all = "{'Statement':{'Effect':'Allow','Action':'*','Resource':'*'}}";
  const std::string nothing = "{'Statement':{'Effect':'Allow','Action':'s3:*','Resource':'*'}}";
  const std::string guard = "{'Statement':[" + deny("," + without_tls) + "]}";
  CHECK(asked(identity + ",'scp':[[" + all + "],[" + all + "]]") == yes);
  CHECK(asked(identity + ",'scp':[[" + all + "],[" + nothing + "]]") == no);
  CHECK(asked(identity + ",'scp':[[" + all + "," + nothing + "]]") == yes);
  CHECK(asked(identity + ",'scp':[" + all + "," + guard + "]") == no);
  // Nobody lists FullAWSAccess; it is there.
  CHECK(asked(identity + ",'scp':[" + guard + "]", "dynamodb:DescribeEndpoints") == yes);
  CHECK(asked(identity + ",'scp':[{'Statement':[" + deny(",'Condition':{'Bool':{'aws:SecureTransport':'true'}}") +
              "]}]") == yes);
  CHECK(asked(identity + ",'principal':'arn:aws:iam::111122223333:role/aws-service-role/x.amazonaws.com/R','scp':[" +
              guard + "],'rcp':[{'Statement':[" + deny(",'Principal':'*'") + "]}]") == yes);
}

TEST_CASE("resource policies, in the same account") {
  CHECK(asked(no_identity + "," + on_table(allow("'*'"))) == yes);
  CHECK(asked(no_identity + "," + on_table(allow("{'AWS':'" + role + "'}"))) == yes);
  CHECK(asked(no_identity + "," + on_table(allow("{'AWS':'arn:aws:iam::111122223333:role/other'}"))) == no);
  CHECK(asked(no_identity + "," + on_table(allow("{'Service':'lambda.amazonaws.com'}"))) == no);
  // The account is a delegation.
  CHECK(asked(no_identity + "," + on_table(allow("{'AWS':'111122223333'}"))) == no);
  CHECK(asked(identity + "," + on_table(allow("{'AWS':'arn:aws:iam::111122223333:root'}"))) == yes);
  // What a boundary leaves out limits a role, not a user or session that is named.
  const std::string boundary = "," + attached("boundary", "{'Effect':'Allow','Action':'s3:*','Resource':'*'}");
  CHECK(asked(no_identity + "," + on_table(allow("{'AWS':'" + role + "'}")) + boundary) == no);
  CHECK(asked(no_identity + "," + on_table(allow("'*'")) + boundary) == maybe);
  CHECK(asked(no_identity + "," + user + "," + on_table(allow("{'AWS':'arn:aws:iam::111122223333:user/dev/ann'}")) +
              boundary) == yes);
  CHECK(asked(no_identity + ",'principal':'arn:aws:sts::111122223333:assumed-role/app/job'," +
              on_table(allow("{'AWS':'arn:aws:sts::111122223333:assumed-role/app/job'}")) + boundary) == yes);
  CHECK(asked(no_identity + "," + on_table(allow("{'AWS':'AROAEXAMPLEEXAMPLE123'}"))) == maybe);
  // The table's policy is also its indexes', and not its stream's.
  CHECK(asked(no_identity + "," + on_table(allow("'*'")), "dynamodb:Query", table + "/index/by-day") == yes);
  CHECK(asked(no_identity + "," + on_table(allow("'*'")), "dynamodb:GetRecords", table + "/stream/1") == no);
  // What resource policies do not support.
  CHECK(asked(no_identity + "," + on_table(allow("'*'")), "dynamodb:CreateTable") == no);
  CHECK(asked(identity + "," + on_table(deny(",'Principal':'*'")), "dynamodb:CreateTable") == maybe);
  CHECK(asked(identity + "," + on_table(deny(",'Principal':'*'")), "dynamodb:DescribeBackup", table + "/backup/1") ==
        yes);
}

TEST_CASE("resource policies, from another account") {
  CHECK(asked(identity + "," + other_account) == no);
  CHECK(asked(identity + "," + other_account + "," + on_table(allow("{'AWS':'444455556666'}"))) == yes);
  CHECK(asked(no_identity + "," + other_account + "," + on_table(allow("{'AWS':'444455556666'}"))) == no);
  CHECK(asked(identity + "," + other_account + "," + on_table(allow("'*'")), "dynamodb:PartiQLSelect") == no);
  CHECK(asked(identity + "," + other_account + "," + on_table(allow("'*'")), "dynamodb:StartAwsBackupJob") == maybe);
  CHECK(asked("'principal':'arn:aws:iam::444455556666:root'," + on_table(allow("{'AWS':'444455556666'}"))) == yes);
}

TEST_CASE("NotPrincipal") {
  const auto denied = [&](const std::string& listed, const std::string& more = "") {
    return asked(identity + "," + on_table(deny(",'NotPrincipal':{'AWS':[" + listed + "]}," + without_tls)) + more);
  };
  CHECK(denied("'arn:aws:iam::444455556666:root'") == no);
  CHECK(denied("'" + role + "'") == maybe);
  CHECK(denied("'" + role + "','111122223333'") == maybe);
  CHECK(denied("'" + role + "','111122223333','arn:aws:sts::111122223333:assumed-role/app/any-session'") == yes);
  CHECK(denied("'arn:aws:iam::111122223333:user/dev/ann','111122223333'", "," + user) == yes);
  CHECK(denied("'*'") == yes);
  CHECK(denied("'" + role + "','111122223333','arn:aws:sts::111122223333:assumed-role/app/any-session'",
               "," + attached("boundary", allow_all)) == no);
  CHECK(asked(no_identity + "," +
              on_table("{'Effect':'Allow','NotPrincipal':{'AWS':'444455556666'},'Action':'*','Resource':'*'}")) ==
        maybe);
}

TEST_CASE("VPC endpoint policies bind those who come that way") {
  const std::string endpoint =
      "'vpcEndpointPolicy':{'Statement':[" + allow("'*'") + "," + deny(",'Principal':'*'," + without_tls) + "]}";
  CHECK(asked(identity + "," + endpoint) == yes);
  CHECK(asked(identity + "," + endpoint, "dynamodb:GetItem", table, true) == no);
  CHECK(asked(identity + ",'vpcEndpointPolicy':{'Statement':[" + allow("'*'") + "]}", "dynamodb:GetItem", table,
              true) == yes);
  CHECK(asked(identity + ",'vpcEndpointPolicy':{'Statement':[]}", "dynamodb:GetItem", table, true) == no);
}

TEST_CASE("a document that AWS refuses denies nothing") {
  CHECK(asked(identity + "," + on_table(deny("," + without_tls))) == yes);
  CHECK(asked(identity + "," + attached("scp", deny(",'Principal':'*'," + without_tls))) == yes);
  CHECK(asked(identity + "," + attached("rcp", deny("," + without_tls))) == yes);
  CHECK(asked(attached("identity", allow("'*'"))) == maybe);
}

TEST_CASE("what is not known is said to be so") {
  CHECK(asked("'resourcePolicies':{}") == maybe);
  CHECK(asked("'identity':['arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess']") == yes);
  CHECK(asked("'identity':['arn:aws:iam::111122223333:policy/own']") == maybe);
  CHECK(asked(attached("identity", "{'Effect':'Allow','Action':'dynamodb:*','Resource':{'Fn::GetAtt':['T','Arn']}}")) ==
        maybe);
  CHECK(asked(identity + "," +
              on_table(deny(",'Principal':'*','Condition':{'Bool':{'aws:SecureTransport':'False'}}"))) == maybe);
  CHECK(asked("'identity':[]", "dynamodb:DescribeEndpoints", "*") == yes);
}

TEST_CASE("the deciding statements are named") {
  const Situation made = situation(identity + "," + on_table(deny(",'Sid':'Tls','Principal':'*'," + without_tls)));
  const Rulebook rulebook(made);
  Request request{.action = "dynamodb:Scan", .resource = table};
  request.context.set("aws:securetransport", {"false"});
  const Decision decision = evaluate(rulebook, request);
  REQUIRE(decision.denied_by.size() == 1);
  CHECK(to_text(decision.denied_by[0]) == "resourcePolicies[" + table + "].Statement[0] (Tls)");
  REQUIRE(decision.allowed_by.size() == 1);
  CHECK(to_text(decision.allowed_by[0]) == "identity[0].Statement[0]");
  CHECK(decision.allowed_by[0].place.line == 1);
}
