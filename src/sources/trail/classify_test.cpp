#include "sources/trail/classify.h"

#include <doctest/doctest.h>

#include "net/hello/registry.h"

using namespace wiretight;
using namespace wiretight::trail;

namespace {

Call direct() {
  return {.event_version = "1.08",
          .event_source = "dynamodb.amazonaws.com",
          .event_name = "GetItem",
          .source_address = "203.0.113.7",
          .identity_type = "AssumedRole"};
}

TlsClass classified(const Call& call) { return classify(call, host_of(call.host)); }

}  // namespace

TEST_CASE("what TLS details say comes before who called") {
  Call call = direct();
  call.invoked_by = "backup.amazonaws.com";
  call.tls_version = "TLSv1";
  CHECK(classified(call) == TlsClass::w1);
  call.tls_version = "TLSv1.2";
  CHECK(classified(call) == TlsClass::sound);
  call.cipher_suite = "ECDHE-RSA-AES128-SHA256";
  CHECK(classified(call) == TlsClass::w2);
  call.cipher_suite = "ECDHE-RSA-AES128-GCM-SHA256";
  call.host = "proxy.example";
  CHECK(classified(call) == TlsClass::w3);
  call.host = "dynamodb.eu-west-1.amazonaws.com";
  call.key_exchange = "x25519";
  CHECK(classified(call) == TlsClass::sound);  // groups with ML-KEM exist for TLS 1.3 alone
  call.tls_version = "TLSv1.3";
  CHECK(classified(call) == TlsClass::q1);
}

TEST_CASE("without TLS details a candidate is what nothing else explains") {
  CHECK(classified(direct()) == TlsClass::u4);
  const auto with = [](auto change) {
    Call call = direct();
    change(call);
    return classified(call);
  };
  CHECK(with([](Call& call) { call.host = "dynamodb.eu-west-1.amazonaws.com"; }) == TlsClass::u3);
  CHECK(with([](Call& call) { call.tls_version = "TLSv4"; }) == TlsClass::u3);
  CHECK(with([](Call& call) { call.invoked_by = "x.amazonaws.com"; }) == TlsClass::u1);
  CHECK(with([](Call& call) { call.source_address = "AWS Internal"; }) == TlsClass::u1);
  CHECK(with([](Call& call) { call.source_address = "ec2.amazonaws.com"; }) == TlsClass::u1);
  CHECK(with([](Call& call) { call.event_type = "AwsServiceEvent"; }) == TlsClass::u1);
  CHECK(with([](Call& call) { call.from_console = true; }) == TlsClass::u2);
  for (const char* version : {"1.07", "1.0", "0.9", "", "new", "1."})
    CHECK(with([&](Call& call) { call.event_version = version; }) == TlsClass::u5);
  CHECK(with([](Call& call) { call.event_version = "1.11"; }) == TlsClass::u4);
  CHECK(with([](Call& call) { call.event_version = "2.0"; }) == TlsClass::u4);
  CHECK(with([](Call& call) { call.source_address = "amazonaws.com.evil.example"; }) == TlsClass::u3);
  CHECK(with([](Call& call) { call.identity_type = ""; }) == TlsClass::u3);
  CHECK(with([](Call& call) { call.event_category = "NetworkActivity"; }) == TlsClass::u3);
}

TEST_CASE("legacy suites by either name are those that the tables call so") {
  for (const auto table : {tls::legacy_suites(), tls::tls13_suites()}) {
    for (const tls::Suite& suite : table) {
      const bool legacy = !suite.is_aead() || !suite.is_forward_secret() || suite.is_anonymous();
      // Keys shared beforehand, SRP, Fortezza and GOST do not occur at AWS, and their names follow other rules.
      if (suite.name.find("PSK") != std::string_view::npos || suite.name.find("SRP") != std::string_view::npos ||
          suite.name.find("FORTEZZA") != std::string_view::npos || suite.name.find("GOST") != std::string_view::npos)
        continue;
      CAPTURE(suite.name);
      CHECK(is_legacy_suite(suite.name) == legacy);
      if (!suite.openssl.empty()) {
        CAPTURE(suite.openssl);
        CHECK(is_legacy_suite(suite.openssl) == legacy);
      }
    }
  }
  CHECK_FALSE(is_legacy_suite(""));
  CHECK_FALSE(is_legacy_suite("something-new"));
}

TEST_CASE("hosts") {
  CHECK(host_of("DynamoDB.eu-west-1.amazonaws.com:443").name == "dynamodb.eu-west-1.amazonaws.com");
  CHECK(host_of("[2001:db8::1]:443").name == "2001:db8::1");
  CHECK(host_of("[").name.empty());
  for (const char* aws :
       {"dynamodb.amazonaws.com", "streams.dynamodb.us-east-1.amazonaws.com", "dax.us-east-1.amazonaws.com",
        "111122223333.ddb.us-east-1.amazonaws.com", "dynamodb.us-east-1.api.aws",
        "dynamodb.cn-north-1.amazonaws.com.cn", "vpce-1.dynamodb.us-east-1.vpce.amazonaws.com"})
    CHECK_MESSAGE(host_of(aws).aws, aws);
  for (const char* foreign : {"", "localhost", "10.0.0.1", "dynamodb.us-east-1.amazonaws.com.example", "dax.example",
                              "my-lb-1.us-east-1.elb.amazonaws.com"})
    CHECK_MESSAGE(!host_of(foreign).aws, foreign);
}

TEST_CASE("services and data events") {
  Call call = direct();
  CHECK(service_of(call, "") == "dynamodb");
  CHECK(service_of(call, "streams.dynamodb.eu-west-1.amazonaws.com") == "streams");
  CHECK(is_data_event(call));
  call.event_name = "GetRecords";
  CHECK(service_of(call, "") == "streams");
  call.event_name = "DescribeTable";
  CHECK_FALSE(is_data_event(call));
  call.management_event = false;
  CHECK(is_data_event(call));
  call.event_category = "Management";
  CHECK_FALSE(is_data_event(call));
  call.event_source = "s3.amazonaws.com";
  CHECK(service_of(call, "").empty());
}

TEST_CASE("principals and keys") {
  Call call = direct();
  call.identity_arn = "arn:aws:sts::111122223333:assumed-role/path/orders/i-1";
  CHECK(principal_of(call) == "arn:aws:sts::111122223333:assumed-role/path");
  call.issuer_arn = "arn:aws:iam::111122223333:role/path/orders";
  CHECK(principal_of(call) == call.issuer_arn);
  CHECK(access_key_of(call).empty());
  call.access_key = "ASIAEXAMPLEEXAMPLEEX";
  CHECK(access_key_of(call) == "ASIA…");
  call.access_key = "AKIAEXAMPLEEXAMPLEEX";
  CHECK(access_key_of(call) == "AKIA…LEEX");
}

TEST_CASE("explicit denials name the type of the policy") {
  Call call = direct();
  call.error_code = "AccessDenied";
  call.error_message =
      "User: arn:aws:iam::1:user/a is not authorized to perform: dynamodb:GetItem on resource: "
      "arn:aws:dynamodb:eu-west-1:1:table/t with an explicit deny in a resource-based policy";
  CHECK(denied_by(call) == "resource-based policy");
  CHECK(denied_resource(call) == "arn:aws:dynamodb:eu-west-1:1:table/t");
  call.error_message = "… with an explicit deny in an identity-based policy";
  CHECK(denied_by(call) == "identity-based policy");
  CHECK(denied_resource(call).empty());
  call.error_message = "… with an explicit deny in <script>";
  CHECK(denied_by(call) == "policy");
  call.error_message = "… because no identity-based policy allows the dynamodb:GetItem action";
  CHECK(denied_by(call).empty());
  call.error_code = "";
  CHECK(denied_by(call).empty());
}
