#include "sources/capture/dynamodb.h"

#include <doctest/doctest.h>
#include <string>

using namespace wiretight::capture;

namespace {

HttpHead head_of(std::string_view text) {
  const auto head = read_head({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  REQUIRE(head.has_value());
  return *head;
}

DynamoRequest request_of(const std::string& text) {
  static std::string kept;  // the answer has views into it
  kept = text;
  return read_request(head_of(kept));
}

const std::string signature =
    "AWS4-HMAC-SHA256 Credential=ASIA0123456789ABCDEF/20261124/eu-west-1/dynamodb/aws4_request, SignedHeaders=host, "
    "Signature=0\r\n";

}  // namespace

TEST_CASE("any one sign is enough, two are two") {
  DynamoRequest request = request_of("POST / HTTP/1.1\r\nX-AMZ-TARGET:DynamoDB_20120810.GetItem\r\n\r\n");
  CHECK(request.signs == sign::target);
  CHECK(request.operation == "GetItem");
  CHECK(!request.streams);
  request = request_of("POST / HTTP/1.1\r\nauthorization: " + signature + "X-Amz-Security-Token: t\r\n\r\n");
  CHECK(request.signs == sign::scope);
  CHECK(request.key_id == "ASIA0123456789ABCDEF");
  CHECK(request.region == "eu-west-1");
  CHECK(request.session_token);
  request = request_of(
      "POST / HTTP/1.1\r\nHost: db:8000\r\nx-amz-target: DynamoDBStreams_20120810.GetRecords\r\n"
      "Authorization: " +
      signature + "\r\n");
  CHECK(request.signs == (sign::target | sign::scope));
  CHECK(request.streams);
  CHECK(request.authority.host == "db");
  CHECK(request.authority.port == 8000);
  request =
      request_of("POST /service/DynamoDB_20120810/operation/Query HTTP/1.1\r\nsmithy-protocol: rpc-v2-cbor\r\n\r\n");
  CHECK(request.signs == sign::path);
  CHECK(request.operation == "Query");
}

TEST_CASE("a signature in the query, and through a proxy") {
  const DynamoRequest request = request_of(
      "GET http://user:word@dynamodb.eu-west-1.amazonaws.com/?X-Amz-Credential=AKIA0123456789ABCDEF%2F20261124%2F"
      "eu-west-1%2Fdynamodb%2Faws4_request&X-Amz-Security-Token=x HTTP/1.1\r\n\r\n");
  CHECK(request.signs == sign::scope);
  CHECK(request.key_id == "AKIA0123456789ABCDEF");
  CHECK(request.absolute);
  CHECK(request.basic);
  CHECK(request.session_token);
  CHECK(request.authority.host == "dynamodb.eu-west-1.amazonaws.com");
}

TEST_CASE("what only looks like it is not DynamoDB's") {
  for (const char* header :
       {"X-Amz-Target: Kinesis_20131202.PutRecord", "X-Amz-Target: DynamoDB_2012.GetItem", "X-Amz-Target: DynamoDB",
        "X-Amz-Target: XDynamoDB_20120810.GetItem", "Authorization: AWS4-HMAC-SHA256 Credential=A/2/3/s3/aws4_request,",
        "Authorization: AWS4-HMAC-SHA256 Credential=A/2/3/dynamodb/aws4_requestX",
        "Authorization: Bearer Credential=A/2/3/dynamodb/aws4_request", "X-Other: DynamoDB_20120810.GetItem"})
    CHECK_MESSAGE(request_of("POST / HTTP/1.1\r\n" + std::string(header) + "\r\n\r\n").signs == 0, header);
  CHECK(request_of("POST /service/DynamoDB_20120810/operation/Query HTTP/1.1\r\n\r\n").signs == 0);
}

TEST_CASE("foreign bytes do not pass as names") {
  const DynamoRequest request = request_of(
      "POST / HTTP/1.1\r\nHost: \x1b[31mEVIL\r\nX-Amz-Target: DynamoDB_20120810.Get\x1b[0mItem\r\n"
      "Authorization: AWS4-HMAC-SHA256 Credential=A\x1b/20261124/eu\x07/dynamodb/aws4_request\r\n\r\n");
  CHECK(request.signs == (sign::target | sign::scope));
  CHECK(request.operation.empty());
  CHECK(request.key_id.empty());
  CHECK(request.region.empty());
  CHECK(request.authority.host.find('\x1b') == std::string::npos);
}

TEST_CASE("responses are known by three headers together") {
  const std::string id = "HTTP/1.1 400 Bad\r\nx-amzn-RequestId: A\r\n", sum = "x-amz-crc32: 1\r\n";
  const std::string type = "Content-Type: application/x-amz-json-1.0\r\n";
  CHECK(is_dynamo_response(head_of(id + sum + type + "\r\n")));
  CHECK(!is_dynamo_response(head_of(id + type + "\r\n")));
  CHECK(!is_dynamo_response(head_of(id + sum + "Content-Type: text/html\r\n\r\n")));
}

TEST_CASE("authorities") {
  CHECK(read_authority("DB.Example.:80").host == "db.example");
  CHECK(read_authority("[2001:db8::1]:8000").host == "2001:db8::1");
  CHECK(read_authority("[2001:db8::1]:8000").port == 8000);
  CHECK(read_authority("[2001:db8").host.empty());
  CHECK(read_authority("db:99999").port == 0);
  CHECK(read_authority("").host.empty());
}

TEST_CASE("an emulator says so, and only where it can be one") {
  const std::string real = "AKIA0123456789ABCDEF";
  CHECK(!emulator_sign("dynamodb-local", "10.0.0.9", 8000, "eu-west-1", real).empty());
  CHECK(!emulator_sign("db", "10.0.0.9", 80, "local", real).empty());
  CHECK(!emulator_sign("db", "10.0.0.9", 80, "eu-west-1", "fakeMyKeyId").empty());
  CHECK(!emulator_sign("db", "10.0.0.9", 80, "eu-west-1", "AKIAIOSFODNN7EXAMPLE").empty());
  CHECK(!emulator_sign("localhost", "127.0.0.1", 8000, "eu-west-1", real).empty());
  CHECK_MESSAGE(emulator_sign("db", "10.0.0.9", 8000, "eu-west-1", real).empty(),
                "a port alone says nothing elsewhere");
  CHECK(emulator_sign("dynamodb-local", "52.94.0.10", 8000, "local", "fake").empty());
  CHECK(emulator_sign("dynamodb.eu-west-1.amazonaws.com", "10.0.0.9", 80, "eu-west-1", "fake").empty());
}
