#include "net/fingerprint.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <optional>

namespace wiretight::http {
namespace {

// Every request id of Amazon's own services ends so (public logs of 2012 to 2025; endpoints.md 6.3).
constexpr std::string_view aws_id_end = "VV4KQNSO5AEMVJF66Q9ASUAAJG";
constexpr std::size_t id_size = 52;
constexpr int enough = 4;

constexpr std::array<std::uint32_t, 256> crc_table = [] {
  std::array<std::uint32_t, 256> table = {};
  for (std::uint32_t n = 0; n < table.size(); ++n) {
    std::uint32_t value = n;
    for (int bit = 0; bit < 8; ++bit) value = (value & 1) != 0 ? 0xedb88320U ^ value >> 1 : value >> 1;
    table[n] = value;
  }
  return table;
}();

bool contains_any(std::string_view text, std::initializer_list<std::string_view> parts) {
  return std::ranges::any_of(parts, [&](auto part) { return text.contains(part); });
}

// nginx, Go, Apache httpd and Tomcat, in this order, when cleartext comes to their TLS port.
bool wants_tls(const Response& answer) {
  if (answer.status == 426 && answer.header("upgrade").contains("TLS")) return true;
  return answer.status >= 400 && answer.status < 500 &&
         contains_any(
             answer.body,
             {"The plain HTTP request was sent to HTTPS port", "Client sent an HTTP request to an HTTPS server",
              "speaking plain HTTP to an SSL-enabled server port", "This combination of host and port requires TLS"});
}

bool redirects_to_tls(const Response& answer) {
  constexpr std::string_view scheme = "https://";
  const auto location = answer.header("location");
  return answer.status >= 300 && answer.status < 400 && location.size() > scheme.size() &&
         std::ranges::equal(location.substr(0, scheme.size()), scheme, {},
                            [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
}

bool is_html(std::string_view content_type) {
  constexpr std::string_view html = "text/html";
  return content_type.size() >= html.size() &&
         std::ranges::equal(content_type.substr(0, html.size()), html, {},
                            [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
}

// What the parts of DynamoDB's answers are worth, and whether they were seen in any answer.
struct Likeness {
  bool healthy_dynamodb = false;  // GET / of the service and its imitations
  bool healthy = false;           // the same with another name: Alternator echoes Host
  bool crc = false;
  bool long_id = false;
  bool aws_id = false;
  bool coral_type = false;
  bool dynamodb_type = false;
  bool json = false;
  bool local_message = false;
  bool localstack = false;

  void see(const Response& answer) {
    const std::string_view body = answer.body;
    healthy_dynamodb |= body.starts_with("healthy: dynamodb");
    healthy |= body.starts_with("healthy: ");
    std::uint32_t sum = 0;
    const auto crc_text = answer.header("x-amz-crc32");
    const auto [end, error] = std::from_chars(crc_text.data(), crc_text.data() + crc_text.size(), sum);
    crc |= !crc_text.empty() && error == std::errc{} && end == crc_text.data() + crc_text.size() && answer.whole &&
           sum == crc32(body);
    const auto id = answer.header("x-amzn-requestid");
    const bool long_one = id.size() == id_size && std::ranges::all_of(id, [](char c) {
                            return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
                          });
    long_id |= long_one;
    aws_id |= long_one && id.ends_with(aws_id_end);
    if (body.contains("\"__type\"")) {
      coral_type |= body.contains("com.amazon.coral.");
      dynamodb_type |= body.contains("com.amazonaws.dynamodb.");
    }
    json |= answer.header("content-type").starts_with("application/x-amz-json-1.0");
    local_message |= body.contains("valid (registered) AWS access key ID");
    localstack |= answer.has("x-localstack");
  }

  std::string product(std::string_view server) const {
    if (aws_id) return "AWS";
    if (localstack) return "LocalStack";
    if (local_message && dynamodb_type) return "DynamoDB Local";
    if ((healthy && !healthy_dynamodb) || server.starts_with("Seastar")) return "Alternator";
    if (coral_type && long_id && crc) return "dynalite";
    return "";
  }
};

}  // namespace

std::uint32_t crc32(std::string_view bytes) {
  std::uint32_t sum = 0xffffffffU;
  for (char c : bytes) sum = crc_table[(sum ^ static_cast<std::uint8_t>(c)) & 0xff] ^ sum >> 8;
  return ~sum;
}

Fingerprint fingerprint(const std::vector<Response>& answers) {
  Fingerprint result;
  if (answers.empty()) return result;
  result.status = answers.front().status;
  Likeness like;
  for (const Response& answer : answers) {
    like.see(answer);
    if (result.server.empty()) result.server = answer.header("server");
    if (result.location.empty() && redirects_to_tls(answer)) result.location = answer.header("location");
    result.html |= answer.status >= 200 && answer.status < 300 && is_html(answer.header("content-type"));
    result.strict_transport |= answer.has("strict-transport-security");
  }
  const auto sign = [&](bool seen, int worth, std::string_view text) {
    if (!seen) return;
    result.score += worth;
    result.signs.emplace_back(text);
  };
  sign(like.healthy_dynamodb, 3, "GET / is answered \"healthy: dynamodb…\"");
  sign(like.crc, 3, "x-amz-crc32 is the checksum of the body");
  sign(like.long_id, 2, "x-amzn-RequestId has the 52 characters of Amazon's services");
  sign(like.coral_type || like.dynamodb_type, 3,
       like.coral_type ? "the error has a com.amazon.coral __type" : "the error has a com.amazonaws.dynamodb __type");
  sign(like.json, 1, "Content-Type is application/x-amz-json-1.0");
  result.aws = like.aws_id;
  if (like.aws_id) result.signs.emplace_back("the request id ends as all of Amazon's own do");

  if (result.score >= enough) {
    result.kind = Kind::dynamodb;
    result.product = like.product(result.server);
  } else if (std::ranges::any_of(answers, wants_tls)) {
    result.kind = Kind::tls_required;
  } else {
    result.kind = result.location.empty() ? Kind::http : Kind::redirect;
  }
  return result;
}

Fingerprint fingerprint(const Exchange& exchange) {
  Fingerprint result = fingerprint(exchange.responses);
  if (!exchange.responses.empty()) return result;
  switch (exchange.end) {
    case End::tls_required:
      result.kind = Kind::tls_required;
      break;
    case End::not_http:
      result.kind = Kind::other;
      break;
    case End::bad:
      result.kind = Kind::http;
      break;
    case End::complete:
    case End::closed:
    case End::reset:
    case End::timed_out:
      break;
  }
  return result;
}

}  // namespace wiretight::http
