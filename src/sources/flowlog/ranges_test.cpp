#include "sources/flowlog/ranges.h"

#include <doctest/doctest.h>

using namespace wiretight;
using flowlog::Ranges;

namespace {

bool holds(const Ranges& ranges, std::string_view address) { return ranges.holds(*parse_address(address)); }

std::string problem_of(std::string_view json) {
  const auto ranges = Ranges::parse(json);
  REQUIRE_FALSE(ranges);
  return ranges.error().what;
}

}  // namespace

TEST_CASE("prefixes of DynamoDB are taken, of both versions, nested ones too") {
  const auto ranges = Ranges::parse(R"({"createDate": "2026-05-28-20-26-40", "prefixes": [
      {"ip_prefix": "52.94.0.0/22", "service": "AMAZON"},
      {"ip_prefix": "52.94.4.0/24", "service": "DYNAMODB"},
      {"ip_prefix": "52.94.0.0/22", "service": "DYNAMODB"},
      {"ip_prefix": "52.94.1.0/28", "service": "DYNAMODB"},
      {"ip_prefix": "3.5.140.0/22", "service": "S3"},
      {"ip_prefix": "35.71.68.7/32", "service": "DYNAMODB"}],
      "ipv6_prefixes": [{"ipv6_prefix": "2600:1f28:1234::/48", "service": "DYNAMODB"}]})");
  REQUIRE(ranges);
  CHECK(ranges->created() == "2026-05-28-20-26-40");
  for (const char* address : {"52.94.0.0", "52.94.1.200", "52.94.3.255", "52.94.4.255", "35.71.68.7",
                              "2600:1f28:1234::", "2600:1f28:1234:ffff::1"})
    CHECK(holds(*ranges, address));
  for (const char* address : {"52.93.255.255", "52.94.5.0", "3.5.140.1", "35.71.68.6", "35.71.68.8", "0.0.0.0",
                              "255.255.255.255", "2600:1f28:1233:ffff::", "2600:1f28:1235::", "::1"})
    CHECK_FALSE(holds(*ranges, address));
}

TEST_CASE("what is not AWS's list says why") {
  CHECK(problem_of("{").find("no JSON") != std::string::npos);
  CHECK(problem_of("[]").find("prefixes") != std::string::npos);
  CHECK(problem_of(R"({"prefixes": []})").find("no prefix of the service DYNAMODB") != std::string::npos);
  for (const char* prefix : {"52.94.0.0", "52.94.0.0/33", "52.94.0.0/", "52.94.0.0/2x", "x/22", "2600::/129"}) {
    CHECK(problem_of(R"({"prefixes": [{"ip_prefix": ")" + std::string(prefix) + R"(", "service": "DYNAMODB"}]})")
              .find("is no prefix") != std::string::npos);
  }
}
