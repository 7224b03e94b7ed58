#include "net/fingerprint.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace wiretight::http {
namespace {

Response answer(int status, std::string body, std::vector<Header> headers = {}) {
  return {.status = status, .headers = std::move(headers), .body = std::move(body), .whole = true};
}

// What the service and dynalite say to a request without credentials, and the checksum that they send with it
// (endpoints.md 6.3).
constexpr std::string_view unauthenticated =
    "{\"__type\":\"com.amazon.coral.service#MissingAuthenticationTokenException\",\"message\":\"Request is missing "
    "Authentication Token\"}";
constexpr std::string_view unauthenticated_sum = "2088342776";
const std::string random_id(52, 'Q');
const std::string aws_id = std::string(26, '0') + "VV4KQNSO5AEMVJF66Q9ASUAAJG";

Response coral(std::string id, std::string_view sum = unauthenticated_sum) {
  return answer(400, std::string(unauthenticated),
                {{"x-amzn-requestid", std::move(id)},
                 {"x-amz-crc32", std::string(sum)},
                 {"content-type", "application/x-amz-json-1.0"}});
}

}  // namespace

TEST_CASE("the checksum is that of zlib and of the service's own answers") {
  CHECK(crc32("") == 0);
  CHECK(crc32("123456789") == 0xcbf43926);
  CHECK(fmt::to_string(crc32(unauthenticated)) == unauthenticated_sum);
  CHECK(crc32("healthy: dynamodb.us-east-1.amazonaws.com ") == 3128867991);
}

TEST_CASE("Amazon's own service is told from dynalite by the end of its request ids alone") {
  const Fingerprint aws = fingerprint({coral(aws_id)});
  CHECK(aws.kind == Kind::dynamodb);
  CHECK(aws.aws);
  CHECK(aws.product == "AWS");
  const Fingerprint imitation = fingerprint({coral(random_id)});
  CHECK(imitation.kind == Kind::dynamodb);
  CHECK_FALSE(imitation.aws);
  CHECK(imitation.product == "dynalite");
  CHECK(imitation.score == 9);
}

TEST_CASE("the order of the answers does not matter to what it is") {
  const Response root = answer(200, "healthy: dynamodb.us-east-1.amazonaws.com ");
  const Fingerprint one = fingerprint({coral(aws_id), root});
  const Fingerprint other = fingerprint({root, coral(aws_id)});
  CHECK(one.score == other.score);
  CHECK(one.signs == other.signs);
  CHECK(one.product == other.product);
  CHECK(one.status == 400);
  CHECK(other.status == 200);
}

TEST_CASE("a checksum counts only if it is right and the body is whole") {
  CHECK(fingerprint({coral(random_id, "1")}).score == 6);
  CHECK(fingerprint({coral(random_id, "2088342776x")}).score == 6);
  CHECK(fingerprint({coral(random_id, "")}).score == 6);
  Response cut_off = coral(random_id);
  cut_off.whole = false;
  CHECK(fingerprint({cut_off}).score == 6);
}

TEST_CASE("the other products have names of their own") {
  const std::vector<Header> json = {{"content-type", "application/x-amz-json-1.0"}};
  CHECK(fingerprint({answer(400,
                            "{\"__type\":\"com.amazonaws.dynamodb.v20120810#MissingAuthenticationToken\",\"Message\":"
                            "\"Request must contain either a valid (registered) AWS access key ID or X.509 "
                            "certificate.\"}",
                            json)})
            .product == "DynamoDB Local");
  CHECK(fingerprint({answer(200, "healthy: db.example"),
                     answer(400, "{\"__type\":\"com.amazonaws.dynamodb.v20120810#UnknownOperationException\"}", json)})
            .product == "Alternator");
  Response localstack = coral(random_id);
  localstack.headers.push_back({"x-localstack", "true"});
  CHECK(fingerprint({localstack}).product == "LocalStack");
}

TEST_CASE("one weak sign is no DynamoDB") {
  const Fingerprint json = fingerprint({answer(200, "{}", {{"content-type", "application/x-amz-json-1.0"}})});
  CHECK(json.kind == Kind::http);
  CHECK(json.product.empty());
  // Anybody's health page may begin so.
  CHECK(fingerprint({answer(200, "healthy: dynamodb")}).kind == Kind::http);
  CHECK(fingerprint({answer(400, "", {{"x-amzn-requestid", random_id}})}).kind == Kind::http);
  // Lower-case letters and another length are other products' ids.
  CHECK(fingerprint({answer(400, "", {{"x-amzn-requestid", std::string(52, 'q')}})}).score == 0);
  CHECK(fingerprint({answer(400, "", {{"x-amzn-requestid", std::string(51, 'Q')}})}).score == 0);
}

TEST_CASE("a redirect is one to https:// and is told apart from a port that wants TLS") {
  const Fingerprint moved = fingerprint({answer(301, "", {{"location", "HTTPS://db.example/"}, {"server", "nginx"}})});
  CHECK(moved.kind == Kind::redirect);
  CHECK(moved.location == "HTTPS://db.example/");
  CHECK(moved.server == "nginx");
  CHECK(fingerprint({answer(301, "", {{"location", "http://db.example/"}})}).kind == Kind::http);
  CHECK(fingerprint({answer(301, "", {{"location", "https://"}})}).kind == Kind::http);
  CHECK(fingerprint({answer(200, "", {{"location", "https://db.example/"}})}).kind == Kind::http);
}

TEST_CASE("servers that say in HTTP that they want TLS") {
  CHECK(fingerprint({answer(400, "<center>The plain HTTP request was sent to HTTPS port</center>")}).kind ==
        Kind::tls_required);
  CHECK(fingerprint({answer(400, "Client sent an HTTP request to an HTTPS server.\n")}).kind == Kind::tls_required);
  CHECK(fingerprint({answer(426, "", {{"upgrade", "TLS/1.2, HTTP/1.1"}})}).kind == Kind::tls_required);
  CHECK(fingerprint({answer(426, "", {{"upgrade", "h2c"}})}).kind == Kind::http);
  // The sentence in a page of another status is somebody's text.
  CHECK(fingerprint({answer(200, "The plain HTTP request was sent to HTTPS port")}).kind == Kind::http);
}

TEST_CASE("DynamoDB that also redirects is DynamoDB: the data was answered in the clear") {
  CHECK(fingerprint({coral(random_id), answer(301, "", {{"location", "https://db.example/"}})}).kind == Kind::dynamodb);
}

TEST_CASE("pages for browsers and Strict-Transport-Security are kept") {
  const Fingerprint page = fingerprint(
      {answer(200, "", {{"content-type", "Text/HTML; charset=utf-8"}, {"strict-transport-security", "max-age=1"}})});
  CHECK(page.html);
  CHECK(page.strict_transport);
  CHECK_FALSE(fingerprint({answer(404, "", {{"content-type", "text/html"}})}).html);
}

TEST_CASE("a conversation without an answer is judged by its end") {
  CHECK(fingerprint(Exchange{.end = End::tls_required}).kind == Kind::tls_required);
  CHECK(fingerprint(Exchange{.end = End::not_http}).kind == Kind::other);
  CHECK(fingerprint(Exchange{.end = End::bad}).kind == Kind::http);
  for (End end : {End::closed, End::reset, End::timed_out}) CHECK(fingerprint(Exchange{.end = end}).kind == Kind::none);
  // What was answered counts, whatever became of the connection.
  CHECK(fingerprint(Exchange{.end = End::reset, .responses = {coral(aws_id)}}).kind == Kind::dynamodb);
}

}  // namespace wiretight::http
