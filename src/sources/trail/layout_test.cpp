#include "sources/trail/layout.h"

#include <doctest/doctest.h>

#include "core/text.h"

using namespace wiretight;
using namespace wiretight::trail;

TEST_CASE("the layout is told by whole components") {
  const auto object = delivered(
      "/data/some where/AWSLogs/o-abc/111122223333/CloudTrail/eu-west-1/2026/05/06/111122223333_CloudTrail_x.json.gz");
  REQUIRE(object);
  CHECK(object->what == Delivery::events);
  CHECK(object->account == "111122223333");
  CHECK(object->region == "eu-west-1");
  CHECK(object->day == parse_rfc3339("2026-05-06"));
  CHECK(delivered("AWSLogs/111122223333/CloudTrail-Digest/us-east-1/2026/05/06/x")->what == Delivery::digests);
  CHECK(delivered("AWSLogs/111122223333/CloudTrail-Insight/us-east-1/2026/05/06/x")->what == Delivery::insights);
  CHECK(delivered("AWSLogs/111122223333/CloudTrail-NetworkActivity/r/2026/05/06/x")->what == Delivery::events);
  CHECK(delivered("AWSLogs/111122223333/CloudTrail/us-east-1/notes/x/y/z")->day == 0);
  for (const char* other : {"AWSLogs/111122223333/vpcflowlogs/eu-west-1/2026/05/06/x", "CloudTrail/AWSLogs/x.json",
                            "111122223333/CloudTrail/eu-west-1/2026/05/06/x", "AWSLogs/1111/CloudTrail/r/2026/05/06/x",
                            "CloudTrail-Insight copy/a.json", ""})
    CHECK_MESSAGE(!delivered(other), other);
}

TEST_CASE("days, accounts and regions out of scope are not read") {
  const auto day = [](std::string_view text) { return *parse_rfc3339(text); };
  const Delivered object{.account = "111122223333", .region = "eu-west-1", .day = day("2026-05-06")};
  CHECK(may_hold(object, {}));
  CHECK(may_hold(object, {.from = day("2026-05-06T23:59:59Z")}));
  CHECK_FALSE(may_hold(object, {.from = day("2026-05-07")}));
  CHECK(may_hold(object, {.to = day("2026-05-06T00:00:01Z")}));
  CHECK(may_hold(object, {.to = day("2026-05-05T12:00:00Z")}));  // delivered late
  CHECK_FALSE(may_hold(object, {.to = day("2026-05-05")}));
  CHECK_FALSE(may_hold(object, {.accounts = {"444455556666"}}));
  CHECK_FALSE(may_hold(object, {.regions = {"us-east-1", "us-west-1"}}));
  CHECK(may_hold({.day = 0}, {.from = day("2026-05-07"), .accounts = {"444455556666"}}));
}
