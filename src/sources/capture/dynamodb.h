#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sources/capture/http_head.h"

// What makes a message one of DynamoDB's or of DynamoDB Streams', and what it shows of who sent it (runtime.md 4.1).
namespace wiretight::capture {

// Each of them is enough, two are certain.
namespace sign {
inline constexpr std::uint8_t target = 1;     // X-Amz-Target: DynamoDB_20120810.GetItem
inline constexpr std::uint8_t scope = 2;      // …/dynamodb/aws4_request in the credential of a signature
inline constexpr std::uint8_t path = 4;       // RPC v2: /service/DynamoDB_20120810/operation/GetItem
inline constexpr std::uint8_t responses = 8;  // x-amzn-RequestId, x-amz-crc32 and the content type together
}  // namespace sign
std::vector<std::string> words_of(std::uint8_t signs);

// Where a request says it goes: "dynamodb.us-east-1.amazonaws.com", lower case, without port, fit to be shown.
struct Authority {
  std::string host = {};
  std::uint16_t port = 0;  // 0: not said
};
Authority read_authority(std::string_view text);

// A request. Views are into the head, and foreign bytes but for `operation`, `key_id` and `region`, which hold nothing
// but letters, digits and what their kind allows.
struct DynamoRequest {
  std::uint8_t signs = 0;  // 0: not DynamoDB's
  bool streams = false;
  std::string_view operation = {};
  std::string_view key_id = {};
  std::string_view region = {};
  bool session_token = false;
  bool basic = false;     // a user name and password, to the server or to a proxy
  bool absolute = false;  // "POST http://…": sent to a proxy
  Authority authority = {};
};
DynamoRequest read_request(const HttpHead& head);

bool is_dynamo_response(const HttpHead& head);

// AKIAIOSFODNN7EXAMPLE and its like, from AWS's documentation.
bool is_documentation_key(std::string_view key_id);
// Why this is traffic of a local emulator (DynamoDB Local, LocalStack, dynalite …) and not of a service with real data;
// empty when nothing says so.
std::string emulator_sign(std::string_view host, std::string_view server, std::uint16_t port, std::string_view region,
                          std::string_view key_id);

}  // namespace wiretight::capture
