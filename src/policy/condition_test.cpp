#include "policy/condition.h"

#include <doctest/doctest.h>

#include "policy/evaluate.h"
#include "policy/fixture.h"

using namespace wiretight::policy;

namespace {

const Tri no = Tri::no, maybe = Tri::maybe, yes = Tri::yes;

// A condition such as {"Bool": {"k": "v"}} in a context of one key; "-" leaves it out.
Tri held_with(const std::string& condition, const std::string& key, const Context::Values& values) {
  const Policy policy = fixture::policy("{'Effect':'Deny','Action':'*','Resource':'*','Condition':" + condition + "}");
  Context context;
  if (values != Context::Values{"-"}) context.set(read_key(key).name, values);
  Tri all = yes;
  for (const Test& test : policy.statements.front().tests) all = both(all, holds(test, context));
  return all;
}

Tri held(const std::string& condition, const std::string& key, const std::string& value) {
  return held_with(condition, key, {value});
}

}  // namespace

// infrastructure.md 3.3, whole: what a Deny's condition does to a request without TLS, with TLS, and without the key.
TEST_CASE("the truth table of aws:SecureTransport") {
  struct Row {
    std::string condition;
    Tri without_tls, with_tls, absent;
  };
  const std::vector<Row> rows = {
      {"{'Bool':{'aws:SecureTransport':'false'}}", yes, no, no},
      {"{'Bool':{'aws:SecureTransport':false}}", yes, no, no},
      {"{'Bool':{'aws:SecureTransport':['false']}}", yes, no, no},
      {"{'BoolIfExists':{'aws:SecureTransport':'false'}}", yes, no, yes},
      {"{'StringEquals':{'aws:SecureTransport':'false'}}", yes, no, no},
      {"{'StringNotEquals':{'aws:SecureTransport':'true'}}", yes, no, yes},
      {"{'Bool':{'aws:SecureTransport':'true'}}", no, yes, no},
      {"{'Bool':{'aws:SecureTransport':['true','false']}}", yes, yes, no},
      {"{'Null':{'aws:SecureTransport':'true'}}", no, no, yes},
      {"{'ForAllValues:Bool':{'aws:SecureTransport':'false'}}", yes, no, yes},
      {"{'ForAnyValue:Bool':{'aws:SecureTransport':'false'}}", yes, no, no},
      {"{'NumericLessThan':{'s3:TlsVersion':'1.2'}}", no, no, no},
      {"{'Bool':{'aws:SecureTransprot':'false'}}", no, no, no},
      {"{'Bool':{'s3:SecureTransport':'false'}}", no, no, no},
      // In other spellings.
      {"{'Bool':{'AWS:securetransport':'false'}}", yes, no, no},
      {"{'Bool':{'aws:SecureTransport':'False'}}", maybe, no, no},
      {"{'StringEquals':{'aws:SecureTransport':'False'}}", no, no, no},
      {"{'StringEqualsIgnoreCase':{'aws:SecureTransport':'False'}}", yes, no, no},
      {"{'StringLike':{'aws:SecureTransport':'f*'}}", yes, no, no},
      {"{'Null':{'aws:SecureTransport':'false'}}", yes, yes, no},
      {"{'ForAnyValue:StringNotEquals':{'aws:SecureTransport':'true'}}", yes, no, no},
      {"{'ForAnyValue:StringNotEqualsIfExists':{'aws:SecureTransport':'true'}}", yes, no, yes},
      {"{'NumericLessThanIfExists':{'s3:TlsVersion':'1.2'}}", yes, yes, yes},
  };
  for (const Row& row : rows) {
    CAPTURE(row.condition);
    CHECK(held(row.condition, "aws:SecureTransport", "false") == row.without_tls);
    CHECK(held(row.condition, "aws:SecureTransport", "true") == row.with_tls);
    CHECK(held(row.condition, "aws:SecureTransport", "-") == row.absent);
  }
  // Bool false AND another key: only where both hold.
  const std::string pair = "{'Bool':{'aws:SecureTransport':'false'},'StringNotEquals':{'aws:PrincipalOrgID':'o-1'}}";
  const Policy policy = fixture::policy("{'Effect':'Deny','Action':'*','Resource':'*','Condition':" + pair + "}");
  for (const bool tls : {false, true}) {
    for (const bool inside : {false, true}) {
      Context context;
      context.set("aws:securetransport", {tls ? "true" : "false"});
      context.set("aws:principalorgid", {inside ? "o-1" : "o-2"});
      const auto& tests = policy.statements.front().tests;
      REQUIRE(tests.size() == 2);
      CHECK(both(holds(tests[0], context), holds(tests[1], context)) == tri(!tls && !inside));
    }
  }
}

TEST_CASE("operators") {
  CHECK(held("{'StringEquals':{'aws:username':['a','b*']}}", "aws:username", "b*") == yes);
  CHECK(held("{'StringEquals':{'aws:username':['a','b*']}}", "aws:username", "bc") == no);
  CHECK(held("{'StringNotEquals':{'aws:username':['a','b']}}", "aws:username", "c") == yes);
  CHECK(held("{'StringNotEquals':{'aws:username':['a','b']}}", "aws:username", "a") == no);
  CHECK(held("{'StringLike':{'aws:username':'?pp-*'}}", "aws:username", "app-") == yes);
  CHECK(held("{'StringNotLike':{'aws:username':'?pp-*'}}", "aws:username", "pp-") == yes);
  CHECK(held("{'StringNotEqualsIgnoreCase':{'aws:username':'App'}}", "aws:username", "aPP") == no);
  CHECK(held("{'ArnLike':{'aws:PrincipalArn':'arn:aws:iam::*:role/a*'}}", "aws:PrincipalArn",
             "arn:aws:iam::1:role/a:b") == yes);
  CHECK(held("{'ArnEquals':{'aws:PrincipalArn':'arn:*:role/a'}}", "aws:PrincipalArn", "arn:aws:iam::1:role/a") ==
        maybe);
  CHECK(held("{'ArnLike':{'aws:PrincipalArn':'arn:aws:*::1:role/a'}}", "aws:PrincipalArn", "arn:aws:x:y::1:role/a") ==
        no);
  CHECK(held("{'ArnNotLike':{'aws:PrincipalArn':'arn:aws:iam::1:role/a'}}", "aws:PrincipalArn",
             "arn:aws:iam::1:role/b") == yes);
  CHECK(held("{'NumericLessThanEquals':{'aws:MultiFactorAuthAge':3600}}", "aws:MultiFactorAuthAge", "3600.0") == yes);
  CHECK(held("{'NumericGreaterThan':{'aws:MultiFactorAuthAge':'3600'}}", "aws:MultiFactorAuthAge", "x") == no);
  CHECK(held("{'NumericNotEquals':{'aws:MultiFactorAuthAge':'x'}}", "aws:MultiFactorAuthAge", "1") == maybe);
  CHECK(held("{'DateLessThan':{'aws:CurrentTime':'2030-01-01T00:00:00Z'}}", "aws:EpochTime", "1800000000") == yes);
  CHECK(held("{'DateGreaterThanEquals':{'aws:EpochTime':'1800000000'}}", "aws:CurrentTime", "2020-01-01T00:00:00Z") ==
        no);
  CHECK(held("{'IpAddress':{'aws:SourceIp':['10.0.0.0/8','2001:db8::/32']}}", "aws:SourceIp", "2001:db8:1::1") == yes);
  CHECK(held("{'IpAddress':{'aws:SourceIp':'10.0.0.0/9'}}", "aws:SourceIp", "10.128.0.0") == no);
  CHECK(held("{'NotIpAddress':{'aws:SourceIp':'10.0.0.7'}}", "aws:SourceIp", "10.0.0.8") == yes);
  CHECK(held("{'IpAddress':{'aws:SourceIp':'10.0.0.0/33'}}", "aws:SourceIp", "10.0.0.0") == maybe);
  CHECK(held("{'IpAddress':{'aws:SourceIp':'0.0.0.0/0'}}", "aws:SourceIp", "::1") == no);
  CHECK(held("{'BinaryEquals':{'aws:RequestTag/k':'QmluYXJ5'}}", "aws:RequestTag/K", "QmluYXJ5") == yes);
  CHECK(held("{'Null':{'aws:SourceVpce':['true','false']}}", "aws:SourceVpce", "-") == yes);
  CHECK(held("{'StringEquals':{'aws:username':[]}}", "aws:username", "a") == no);
  CHECK(held("{'StringEquals':{'aws:NoSuchKey':'a'}}", "aws:NoSuchKey", "a") == maybe);
}

TEST_CASE("several values in a request") {
  const std::string key = "dynamodb:LeadingKeys";
  CHECK(held_with("{'ForAllValues:StringEquals':{'dynamodb:LeadingKeys':['a','b']}}", key, {"a", "b"}) == yes);
  CHECK(held_with("{'ForAllValues:StringEquals':{'dynamodb:LeadingKeys':['a','b']}}", key, {"a", "c"}) == no);
  CHECK(held_with("{'ForAnyValue:StringEquals':{'dynamodb:LeadingKeys':['a','b']}}", key, {"a", "c"}) == yes);
  CHECK(held_with("{'ForAnyValue:StringNotEquals':{'dynamodb:LeadingKeys':['a','b']}}", key, {"a", "b"}) == no);
  CHECK(held_with("{'ForAllValues:StringNotEquals':{'dynamodb:LeadingKeys':'a'}}", key, {"b", "c"}) == yes);
  CHECK(held_with("{'ForAllValues:StringEquals':{'dynamodb:LeadingKeys':'a'}}", key, {"-"}) == yes);
  CHECK(held_with("{'ForAnyValue:StringEqualsIfExists':{'dynamodb:LeadingKeys':'a'}}", key, {"-"}) == yes);
  CHECK(held_with("{'StringEquals':{'dynamodb:LeadingKeys':'a'}}", key, {"a", "b"}) == maybe);
  CHECK(held_with("{'StringEquals':{'dynamodb:LeadingKeys':['a','b']}}", key, {"a", "b"}) == yes);
}

TEST_CASE("variables take their value from the request") {
  const std::string condition = "{'StringLike':{'aws:userid':'${aws:username}-*'}}";
  const Policy policy = fixture::policy("{'Effect':'Deny','Action':'*','Resource':'*','Condition':" + condition + "}");
  const Test& test = policy.statements.front().tests.front();
  Context context;
  context.set("aws:userid", {"a*-1"});
  CHECK(holds(test, context) == no);
  context.set("aws:username", {"a*"});
  CHECK(holds(test, context) == yes);
  context.set("aws:userid", {"ab-1"});
  CHECK(holds(test, context) == no);
  Context open(false);
  open.set("aws:userid", {"ab-1"});
  CHECK(holds(test, open) == maybe);

  const Text fallback = parse_text("table/${aws:PrincipalTag/team, 'none'}/${*}", true);
  CHECK(matches(compile(fallback, Wildcards::free, Context()), "table/none/*") == yes);
  CHECK(matches(compile(fallback, Wildcards::free, Context()), "table/none/x") == no);
  CHECK(matches(compile(parse_text("${aws:username}", false), Wildcards::free, Context()), "${aws:username}") == yes);
}

TEST_CASE("stars in resources reach across colons at the end of a segment only, as far as is known") {
  const auto match = [](std::string_view pattern, std::string_view text) {
    return matches(compile(parse_text(pattern, true), Wildcards::resource, Context()), text);
  };
  const std::string stream = fixture::table + "/stream/2025-01-01T00:00:00.000";
  CHECK(match("*", stream) == yes);
  CHECK(match("arn:aws:dynamodb:*", stream) == yes);
  CHECK(match("arn:aws:dynamodb:*:*:table/*", stream) == yes);
  CHECK(match("arn:aws:dynamodb:*:*:table/*/stream/*", stream) == yes);
  CHECK(match("arn:aws:dynamodb:*:*:table/*.000", stream) == maybe);
  CHECK(match("arn:aws:dynamodb:eu-*-1:*:table/orders", fixture::table) == yes);
  CHECK(match("arn:aws:dynamodb:eu-west-1:11112222333?:table/order?", fixture::table) == yes);
  CHECK(match("arn:aws:dynamodb:eu-west-1:111122223333:table/order", fixture::table) == no);
  CHECK(match("*table/orders", fixture::table) == maybe);
  CHECK(match("aws_dynamodb_table.orders.arn", fixture::table) == no);
}
