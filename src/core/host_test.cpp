#include "core/host.h"

#include <doctest/doctest.h>
#include <string>

using namespace wiretight;

namespace {

std::string read(std::string_view host) {
  const auto name = aws_name(host);
  if (!name) return "";
  return name->service + " " + name->partition + " " + name->region +
         (name->account.empty() ? "" : " " + name->account) + (name->fips ? " fips" : "") +
         (name->dual_stack ? " dual" : "") + (name->vpc_endpoint ? " vpce" : "");
}

std::string v4(std::string_view text) {
  const auto address = parse_address(text);
  if (!address || address->v6) return "none";
  const auto& bytes = address->bytes;
  return std::to_string(bytes[0]) + "." + std::to_string(bytes[1]) + "." + std::to_string(bytes[2]) + "." +
         std::to_string(bytes[3]);
}

}  // namespace

TEST_CASE("Amazon's names of DynamoDB, Streams and DAX") {
  CHECK(read("dynamodb.us-east-1.amazonaws.com") == "dynamodb aws us-east-1");
  CHECK(read("dynamodb.us-east-1.amazonaws.com.") == "dynamodb aws us-east-1");
  CHECK(read("dynamodb-fips.us-west-2.amazonaws.com") == "dynamodb aws us-west-2 fips");
  CHECK(read("dynamodb.eu-central-1.api.aws") == "dynamodb aws eu-central-1 dual");
  CHECK(read("dynamodb-fips.us-gov-west-1.api.aws") == "dynamodb aws-us-gov us-gov-west-1 fips dual");
  CHECK(read("dynamodb.us-gov-east-1.amazonaws.com") == "dynamodb aws-us-gov us-gov-east-1");
  CHECK(read("dynamodb.cn-north-1.amazonaws.com.cn") == "dynamodb aws-cn cn-north-1");
  CHECK(read("dynamodb.cn-north-1.api.amazonwebservices.com.cn") == "dynamodb aws-cn cn-north-1 dual");
  CHECK(read("dynamodb.us-iso-east-1.c2s.ic.gov") == "dynamodb aws-iso us-iso-east-1");
  CHECK(read("dynamodb.us-isob-east-1.sc2s.sgov.gov") == "dynamodb aws-iso-b us-isob-east-1");
  CHECK(read("dynamodb.us-isob-east-1.api.aws.scloud") == "dynamodb aws-iso-b us-isob-east-1 dual");
  CHECK(read("dynamodb.eu-isoe-west-1.cloud.adc-e.uk") == "dynamodb aws-iso-e eu-isoe-west-1");
  CHECK(read("dynamodb.us-isof-south-1.csp.hci.ic.gov") == "dynamodb aws-iso-f us-isof-south-1");
  CHECK(read("dynamodb.us-isof-south-1.api.aws.hci.ic.gov") == "dynamodb aws-iso-f us-isof-south-1 dual");
  CHECK(read("dynamodb.us-iso-east-1.api.aws.ic.gov") == "dynamodb aws-iso us-iso-east-1 dual");
  CHECK(read("dynamodb.eusc-de-east-1.amazonaws.eu") == "dynamodb aws-eusc eusc-de-east-1");
  CHECK(read("123456789012.ddb.us-east-1.amazonaws.com") == "dynamodb aws us-east-1 123456789012");
  CHECK(read("123456789012.ddb.us-east-1.api.aws") == "dynamodb aws us-east-1 123456789012 dual");
  CHECK(read("123456789012.search-ddb.us-east-1.amazonaws.com") == "search aws us-east-1 123456789012");
  CHECK(read("search-dynamodb-fips.us-east-1.amazonaws.com") == "search aws us-east-1 fips");
  CHECK(read("streams.dynamodb.us-east-1.amazonaws.com") == "streams aws us-east-1");
  CHECK(read("streams.dynamodb-fips.us-east-1.amazonaws.com") == "streams aws us-east-1 fips");
  CHECK(read("streams-dynamodb.us-east-1.api.aws") == "streams aws us-east-1 dual");
  CHECK(read("streams-dynamodb-fips.us-east-1.api.aws") == "streams aws us-east-1 fips dual");
  CHECK(read("vpce-0123456789abcdef0-abcdefgh.dynamodb.us-east-1.vpce.amazonaws.com") == "dynamodb aws us-east-1 vpce");
  CHECK(read("vpce-0123-abcd-us-east-1a.streams.dynamodb.us-east-1.vpce.amazonaws.com") ==
        "streams aws us-east-1 vpce");
  CHECK(read("orders.abc123.dax-clusters.us-east-1.amazonaws.com") == "dax aws us-east-1");
  CHECK(read("orders-a.orders.abc123.dax-clusters.us-east-1.amazonaws.com") == "dax aws us-east-1");
  CHECK(read("orders.abc123.clustercfg.dax.use1.cache.amazonaws.com") == "dax aws ");
}

TEST_CASE("names that only look like Amazon's") {
  for (const char* host :
       {"dynamodb.us-east-1.amazonaws.com.evil.example", "dynamodb.us-east-1.amazonaws.com.cn.example",
        "dynamodb.local", "evil-dynamodb.us-east-1.amazonaws.com", "x.dynamodb.us-east-1.amazonaws.com",
        "dynamodb..amazonaws.com", "dynamodb.us-east-1.notamazonaws.com", "s3.us-east-1.amazonaws.com",
        "1234.ddb.us-east-1.amazonaws.com", "dynamodb.amazonaws.com", "amazonaws.com", "",
        "dax.us-east-1.amazonaws.com"})
    CHECK_MESSAGE(read(host) == "", host);
}

TEST_CASE("every spelling of an address that inet_aton takes") {
  for (const char* text :
       {"127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001",
        "127.0x0.00.1", "::ffff:127.0.0.1", "::ffff:7f00:1", "0:0:0:0:0:FFFF:7F00:0001"})
    CHECK_MESSAGE(v4(text) == "127.0.0.1", text);
  for (const char* text : {"", "256.0.0.1", "1.2.3.4.5", "127.0.0.08", "1..2", "1.2.3.", "0x", "4294967296", "-1",
                           "1.2.65536", "localhost", "::1", "127.0.0.1 "})
    CHECK_MESSAGE(v4(text) == "none", text);
  const auto zoned = parse_address("fe80::1%eth0");
  REQUIRE(zoned);
  CHECK(zoned->v6);
  CHECK(zoned->bytes[15] == 1);
  CHECK_FALSE(parse_address("::1::"));
  CHECK_FALSE(parse_address("[::1]"));
}

TEST_CASE("destinations") {
  const std::pair<const char*, Destination> cases[] = {
      {"", Destination::unknown},
      {".", Destination::unknown},
      {"${HOST}", Destination::unknown},
      {"a..b", Destination::unknown},
      {"127.0.0.08", Destination::unknown},
      {"localhost", Destination::loopback},
      {"LocalHost.", Destination::loopback},
      {"db.localhost", Destination::loopback},
      {"localhost.evil.com", Destination::public_host},
      {"notlocalhost", Destination::private_network},
      {"127.9.9.9", Destination::loopback},
      {"0", Destination::loopback},
      {"0x7f.1", Destination::loopback},
      {"[::1]", Destination::loopback},
      {"::ffff:10.0.0.1", Destination::private_network},
      {"64:ff9b::a00:1", Destination::private_network},
      {"2001:db8::1", Destination::public_host},
      {"fe80::1%eth0", Destination::private_network},
      {"fd00:ec2::254", Destination::private_network},
      {"10.1", Destination::private_network},
      {"172.31.255.255", Destination::private_network},
      {"172.32.0.1", Destination::public_host},
      {"192.168.0.1", Destination::private_network},
      {"100.64.0.1", Destination::private_network},
      {"100.128.0.1", Destination::public_host},
      {"169.254.170.2", Destination::private_network},
      {"192.0.2.1", Destination::public_host},
      {"dynamo", Destination::private_network},
      {"db.svc", Destination::private_network},
      {"db.prod.svc.cluster.local", Destination::private_network},
      {"ip-10-0-0-1.ec2.internal", Destination::private_network},
      {"dynamodb.local", Destination::private_network},
      {"xinternal.example", Destination::public_host},
      {"db.example.com", Destination::public_host},
      {"dynamodb.us-east-1.amazonaws.com", Destination::aws_dynamodb},
      {"Streams.DynamoDB.us-east-1.amazonaws.com.", Destination::aws_dynamodb},
      {"dynamodb.us-east-1.amazonaws.com.evil.example", Destination::public_host},
      {"vpce-1-2.dynamodb.us-east-1.vpce.amazonaws.com", Destination::vpc_endpoint},
      {"c.x.dax-clusters.us-east-1.amazonaws.com", Destination::aws_dax},
      {"s3.us-east-1.amazonaws.com", Destination::aws_other},
      {"ec2-203-0-113-1.compute-1.amazonaws.com", Destination::public_host},
      {"front-1.us-east-1.elb.amazonaws.com", Destination::public_host},
      {"internal-front-1.us-east-1.elb.amazonaws.com", Destination::private_network},
  };
  for (const auto& [host, wanted] : cases) CHECK_MESSAGE(to_text(destination_of(host)) == to_text(wanted), host);
}

TEST_CASE("what may be a host's name") {
  const std::string label(63, 'a');
  for (const std::string& name : {std::string("db"), std::string("db.example"), std::string("_sub.db-1.example"),
                                  std::string("192.0.2.1"), label + ".example"})
    CHECK_MESSAGE(is_host_name(name), name);
  for (const std::string& name : {std::string(), std::string("."), std::string("db."), std::string(".example"),
                                  std::string("db..example"), std::string("DB.example"), std::string("*.example"),
                                  std::string("db.exämple"), std::string("a b"), label + "a.example"})
    CHECK_MESSAGE(!is_host_name(name), name);
  const std::string longest = label + "." + label + "." + label + "." + std::string(61, 'a');
  CHECK(is_host_name(longest));
  CHECK_FALSE(is_host_name(longest + "a"));
}
