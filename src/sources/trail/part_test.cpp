#include "sources/trail/part.h"

#include <algorithm>
#include <doctest/doctest.h>

#include "core/text.h"

using namespace wiretight;
using namespace wiretight::trail;

TEST_CASE("ids of events") {
  const EventId id = event_id_from("6f3d1b3a-0001-4abc-8def-0123456789AB");
  CHECK(id.guid);
  CHECK(to_text(id) == "6f3d1b3a-0001-4abc-8def-0123456789ab");
  CHECK_FALSE(event_id_from("").known());
  const EventId other = event_id_from("not a guid");
  CHECK(other.known());
  CHECK(to_text(other).empty());
  CHECK(other == event_id_from("not a guid"));
  CHECK(other != event_id_from("not a guid either"));
  CHECK(event_id_from("6f3d1b3a-0001-4abc-8def-0123456789ag").guid == false);
}

TEST_CASE("times in all spellings") {
  const std::int64_t time = *parse_rfc3339("2024-02-29T07:08:09Z");
  for (const char* text : {"2024-02-29T07:08:09Z", "2024-02-29T07:08:09+0000", "2024-02-29 07:08:09.000",
                           "2024-02-29T07:08:09.123Z", "2024-02-29T08:08:09+01:00"})
    CHECK_MESSAGE(event_time_from(text) == time, text);
  for (const char* text : {"", "yesterday", "2023-02-29T07:08:09Z", "2024-02-29T27:08:09Z", "2024-02-29T07:08:0aZ"})
    CHECK_MESSAGE(event_time_from(text) == 0, text);
}

TEST_CASE("the kept addresses do not depend on the order") {
  std::vector<std::string> all;
  for (int number = 0; number < 30; ++number) all.push_back("10.0.0." + std::to_string(number));
  Addresses one = {};
  Addresses other = {};
  for (const std::string& address : all) keep_lowest(one, address);
  for (auto at = all.rbegin(); at != all.rend(); ++at) {
    keep_lowest(other, *at);
    keep_lowest(other, *at);
  }
  std::ranges::sort(one);
  std::ranges::sort(other);
  CHECK(one == other);
  CHECK(std::ranges::find(one, "") == one.end());
}

TEST_CASE("the scope counts by the record") {
  Collector collector({.from = 100, .to = 200, .accounts = {"1"}, .regions = {"eu-west-1"}});
  collector.begin("file", [](Part) {});
  const auto take = [&](std::string_view account, std::string_view region, std::int64_t time) {
    const std::string text = rfc3339(time);
    collector.take({.event_time = text,
                    .event_source = "dynamodb.amazonaws.com",
                    .event_name = "GetItem",
                    .region = region,
                    .recipient_account = account},
                   1);
  };
  take("1", "eu-west-1", 100);
  take("1", "eu-west-1", 199);
  take("1", "eu-west-1", 200);
  take("1", "eu-west-1", 99);
  take("2", "eu-west-1", 150);
  take("1", "us-east-1", 150);
  const Part part = collector.end();
  CHECK(part.events == 2);
  CHECK(part.seen.size() == 2);
  REQUIRE(part.rows.size() == 1);
  CHECK(part.rows[0].first == 100);
  CHECK(part.rows[0].last == 199);
}

TEST_CASE("a policy that denies requests without TLS is remembered") {
  const auto denies = [](std::string_view policy) {
    Collector collector({});
    collector.begin("file", [](Part) {});
    collector.take({.event_time = "2026-05-06T07:08:09Z",
                    .event_source = "dynamodb.amazonaws.com",
                    .event_name = "PutResourcePolicy",
                    .policy = policy,
                    .policy_resource = "arn:aws:dynamodb:eu-west-1:1:table/t"},
                   7);
    return collector.end().denies.size();
  };
  CHECK(denies(R"({"Statement":{"Effect":"Deny","Condition":{"Bool":{"aws:SecureTransport":"false"}}}})") == 1);
  CHECK(denies(R"({"Statement":[{"Effect":"Deny","Condition":{"BoolIfExists":{"AWS:securetransport":[false]}}}]})") ==
        1);
  CHECK(denies(R"({"Statement":[{"Effect":"Allow","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]})") == 0);
  CHECK(denies(R"({"Statement":[{"Effect":"Deny","Condition":{"Bool":{"aws:SecureTransport":"true"}}}]})") == 0);
  CHECK(denies(R"({"Statement":[{"Effect":"Deny"}]})") == 0);
  CHECK(denies("{broken") == 0);
}
