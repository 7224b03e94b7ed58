#include "sources/capture/bodies.h"

#include <doctest/doctest.h>

using namespace wiretight::capture;
using Names = std::vector<std::string>;

TEST_CASE("tables stand where DynamoDB reads them") {
  CHECK(read_request_body(R"({"TableName":"Music","Key":{"id":{"S":"1"}}})").tables == Names{"Music"});
  CHECK(read_request_body(R"( { "Key" : { } , "TableName" : "Music" } )").tables == Names{"Music"});
  CHECK(read_request_body(R"({"RequestItems":{"Music":{"Keys":[]},"Artists":{"Keys":[]}}})").tables ==
        Names{"Music", "Artists"});
  CHECK(read_request_body(R"({"TransactItems":[{"Get":{"TableName":"Music"}},{"Put":{"TableName":"Log"}}]})").tables ==
        Names{"Music", "Log"});
  CHECK(
      read_request_body(R"({"StreamArn":"arn:aws:dynamodb:eu-west-1:123456789012:table/Music/stream/2026"})").tables ==
      Names{"Music"});
  CHECK(read_request_body(R"({"ShardIterator":"arn:aws:dynamodb:eu-west-1:1:table/Music/stream/x|1|AAAA"})").tables ==
        Names{"Music"});
}

TEST_CASE("what an item holds is no table, whatever it is called") {
  CHECK(read_request_body(R"({"Item":{"TableName":{"S":"secret-value"}}})").tables.empty());
  CHECK(read_request_body(R"({"Item":{"M":{"M":{"TableName":"secret-value"}}}})").tables.empty());
  CHECK(read_request_body(R"({"ExpressionAttributeValues":{":a":{"S":"TableName"}}})").tables.empty());
  CHECK(read_request_body(R"({"TableName":"no spaces"})").tables.empty());
  CHECK(read_request_body(R"({"TableName":"a\"b","Limit":1})").tables.empty());
}

TEST_CASE("items of batches and transactions are counted") {
  CHECK(read_request_body(R"({"RequestItems":{"T11":[{"PutRequest":{"Item":{"PutRequest":{"S":"x"}}}},
                              {"DeleteRequest":{"Key":{}}}]}})")
            .written == 2);
  CHECK(read_request_body(R"({"TransactItems":[{"Put":{"TableName":"T11"}},{"Get":{}},{"Update":{}}]})").written == 2);
  CHECK(read_request_body(R"({"TableName":"T11","Item":{"Put":{"S":"x"}}})").written == 0);
}

TEST_CASE("items that come back") {
  CHECK(items_returned(R"({"Item":{"id":{"S":"1"}}})") == 1);
  CHECK(items_returned("{}") == 0);
  CHECK(items_returned(R"({"Count":7,"Items":[{"id":)") == 7);
  CHECK_MESSAGE(items_returned(R"({"Count":7,"ScannedCount":7})") == 0, "a count alone returns no item");
  CHECK(items_returned(R"({"Items":[{"Count":{"N":"5"}},{"a":{"M":{}}}],"Count":2,"ScannedCount":9})") == 2);
  CHECK_MESSAGE(items_returned(R"({"Items":[{"a":{"M":{}}},{"b":{"S":"cut o)") == 2, "as many as begin");
  CHECK(items_returned(R"({"Responses":{"T11":[{"a":{"S":"x"}},{"a":{"S":"y"}}]},"UnprocessedKeys":{}})") == 2);
  CHECK(items_returned(R"({"Responses":[{"Item":{"a":{"S":"x"}}},{"Item":{"a":{"S":"x"}}}]})") == 2);
  CHECK(items_returned(R"({"Records":[{"dynamodb":{"NewImage":{}}},{"dynamodb":{}}]})") == 2);
  CHECK(items_returned(R"({"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException"})") == 0);
  CHECK_MESSAGE(items_returned(R"({"Count":99999999999999999999,"Items":[{}]})") <= 1'000'000,
                "no response is so long");
}

TEST_CASE("broken JSON ends and harms nobody") {
  for (const char* json :
       {"", "{", "}", "]]]]", "\"", "\"\\", "{\"a", "{\"a\":", "{\"Items\":[", "{\"Count\":", "\\", "{{{{"})
    CHECK(items_returned(json) + read_request_body(json).written == 0);
  CHECK(read_request_body(std::string(1000, '[') + R"({"TableName":"Music"})").tables.empty());
}
