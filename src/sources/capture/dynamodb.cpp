#include "sources/capture/dynamodb.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

#include "core/host.h"
#include "core/text.h"

namespace wiretight::capture {
namespace {

constexpr std::size_t longest_operation = 64;
constexpr std::size_t longest_key_id = 128;  // IAM's limit
constexpr std::size_t longest_region = 32;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_word(std::string_view text, std::size_t limit, std::string_view also) {
  return !text.empty() && text.size() <= limit && std::ranges::all_of(text, [&](char c) {
    return is_letter(c) || is_digit(c) || also.find(c) != std::string_view::npos;
  });
}

bool same_beginning(std::string_view text, std::string_view small) {
  return text.size() >= small.size() && lower(text.substr(0, small.size())) == small;
}

// "DynamoDB_20120810" or "DynamoDBStreams_20120810": the version is not held against it.
bool read_service(std::string_view name, DynamoRequest& out) {
  for (std::string_view prefix : {"DynamoDB_", "DynamoDBStreams_"}) {
    if (!name.starts_with(prefix)) continue;
    const std::string_view version = name.substr(prefix.size());
    if (version.size() != 8 || !std::ranges::all_of(version, is_digit)) return false;
    out.streams = prefix.size() > 9;
    return true;
  }
  return false;
}

void read_target(std::string_view value, DynamoRequest& out) {
  const std::size_t dot = value.find('.');
  if (dot == std::string_view::npos || !read_service(value.substr(0, dot), out)) return;
  out.signs |= sign::target;
  if (const std::string_view name = value.substr(dot + 1); is_word(name, longest_operation, "")) out.operation = name;
}

// "/service/DynamoDB_20120810/operation/GetItem"
void read_path(std::string_view path, const HttpHead& head, DynamoRequest& out) {
  constexpr std::string_view service = "/service/", operation = "/operation/";
  if (!path.starts_with(service) || !head.smithy_protocol.starts_with("rpc-v2-")) return;
  path.remove_prefix(service.size());
  const std::size_t at = path.find(operation);
  if (at == std::string_view::npos || !read_service(path.substr(0, at), out)) return;
  out.signs |= sign::path;
  std::string_view name = path.substr(at + operation.size());
  name = name.substr(0, name.find('?'));
  if (is_word(name, longest_operation, "")) out.operation = name;
}

// "AKIA…/20261124/us-east-1/dynamodb/aws4_request", with "%2F" for "/" in a query.
void read_credential(std::string_view text, std::string_view slash, DynamoRequest& out) {
  std::string_view parts[5];
  for (std::size_t i = 0; i < 5; ++i) {
    const std::size_t end = i < 4 ? text.find(slash) : text.find_first_of(", \t&");
    if (i < 4 && end == std::string_view::npos) return;
    parts[i] = text.substr(0, end);
    if (i < 4) text.remove_prefix(end + slash.size());
  }
  if (parts[4] != "aws4_request" || parts[3] != "dynamodb") return;
  out.signs |= sign::scope;
  if (is_word(parts[0], longest_key_id, "_-.+=@")) out.key_id = parts[0];
  if (is_word(parts[2], longest_region, "-")) out.region = parts[2];
}

void read_authorization(std::string_view value, DynamoRequest& out) {
  if (same_beginning(value, "basic ")) out.basic = true;
  constexpr std::string_view credential = "Credential=";
  if (!value.starts_with("AWS4-")) return;
  if (const std::size_t at = value.find(credential); at != std::string_view::npos)
    read_credential(value.substr(at + credential.size()), "/", out);
}

// A signature in the query of the URL.
void read_query(std::string_view target, DynamoRequest& out) {
  constexpr std::string_view credential = "X-Amz-Credential=", token = "X-Amz-Security-Token=";
  const std::size_t query = target.find('?');
  if (query == std::string_view::npos) return;
  target.remove_prefix(query);
  if (const std::size_t at = target.find(credential); at != std::string_view::npos) {
    const std::string_view value = target.substr(at + credential.size());
    read_credential(value, value.find("%2F") < value.find('/') ? "%2F" : "/", out);
  }
  if (target.find(token) != std::string_view::npos) out.session_token = true;
}

}  // namespace

std::vector<std::string> words_of(std::uint8_t signs) {
  std::vector<std::string> words;
  if ((signs & sign::target) != 0) words.emplace_back("X-Amz-Target names DynamoDB");
  if ((signs & sign::scope) != 0) words.emplace_back("the signature is for the service dynamodb");
  if ((signs & sign::path) != 0) words.emplace_back("the path of RPC v2 names DynamoDB");
  if ((signs & sign::responses) != 0) words.emplace_back("the responses have DynamoDB's headers");
  return words;
}

Authority read_authority(std::string_view text) {
  Authority result;
  if (const std::size_t user = text.rfind('@'); user != std::string_view::npos) text.remove_prefix(user + 1);
  std::string_view port;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return result;
    if (text.substr(end + 1).starts_with(':')) port = text.substr(end + 2);
    text = text.substr(1, end - 1);
  } else if (const std::size_t colon = text.rfind(':'); colon != std::string_view::npos) {
    port = text.substr(colon + 1);
    text = text.substr(0, colon);
  }
  unsigned number = 0;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (error == std::errc() && end == port.data() + port.size() && number <= 65535)
    result.port = static_cast<std::uint16_t>(number);
  if (text.ends_with('.')) text.remove_suffix(1);
  text = text.substr(0, 253);
  const bool is_plain =
      std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || is_digit(c) || c == '.' || c == '-'; });
  result.host = is_plain ? std::string(text) : sanitise(lower(text));
  return result;
}

DynamoRequest read_request(const HttpHead& head) {
  DynamoRequest out;
  std::string_view target = head.target, authority = head.host;
  if (same_beginning(target, "http://")) {
    out.absolute = true;
    target.remove_prefix(7);
    const std::size_t end = target.find_first_of("/?");
    authority = target.substr(0, end);
    if (authority.find('@') != std::string_view::npos) out.basic = true;
    target = end == std::string_view::npos ? std::string_view() : target.substr(end);
  }
  read_target(head.operation, out);
  read_path(target, head, out);
  read_authorization(head.authorization, out);
  read_query(target, out);
  if (out.signs == 0) return out;
  out.session_token |= !head.session_token.empty();
  out.basic |= same_beginning(head.proxy_authorization, "basic ");
  out.authority = read_authority(authority);
  return out;
}

bool is_dynamo_response(const HttpHead& head) {
  return !head.request_id.empty() && !head.crc32.empty() &&
         (head.content_type.starts_with("application/x-amz-json-1.") ||
          head.content_type.starts_with("application/cbor"));
}

bool is_documentation_key(std::string_view key_id) { return key_id.size() >= 16 && key_id.ends_with("EXAMPLE"); }

namespace {

// Long-term and temporary keys are four letters and sixteen of the alphabet of base 32.
bool is_aws_key(std::string_view key_id) {
  return key_id.size() == 20 && (key_id.starts_with("AKIA") || key_id.starts_with("ASIA")) &&
         std::ranges::all_of(key_id, [](char c) { return (c >= 'A' && c <= 'Z') || is_digit(c); });
}

bool is_emulator_name(std::string_view host) {
  for (std::string_view name : {"dynamodb-local", "dynamodb_local", "dynamodblocal", "dynalite", "localstack"})
    if (host.find(name) != std::string_view::npos) return true;
  return false;
}

}  // namespace

std::string emulator_sign(std::string_view host, std::string_view server, std::uint16_t port, std::string_view region,
                          std::string_view key_id) {
  const Destination there = destination_of(server);
  const bool near = there == Destination::loopback || there == Destination::private_network;
  if (!near || aws_name(host)) return {};
  if (is_emulator_name(host)) return fmt::format("the host is called {}", host);
  if (region == "local" || region == "localhost" || region == "ddblocal")
    return fmt::format("requests are signed for the region {}", region);
  if (is_documentation_key(key_id)) return "the access key is one of AWS's documentation";
  if (!key_id.empty() && !is_aws_key(key_id)) return "the access key has not the form of AWS's keys";
  if (there == Destination::loopback && (port == 8000 || port == 4566))
    return fmt::format("port {} of this machine is where emulators listen", port);
  return {};
}

}  // namespace wiretight::capture
