#include "sources/flowlog/file.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace wiretight;
using namespace wiretight::flowlog;

namespace {

FileResult read(std::string_view text, std::size_t piece, Tally& tally, bool whole = true) {
  RowReader reader(tally);
  reader.begin(0, {});
  bool wanted = true;
  for (std::size_t at = 0; at < text.size() && wanted; at += piece) wanted = reader.take(text.substr(at, piece));
  reader.end(whole);
  return reader.result();
}

constexpr std::string_view joined =
    "srcaddr dstaddr dstport pkt-dst-aws-service\n"
    "10.0.0.5 52.94.0.1 80 DYNAMODB\r\n"
    "\n"
    "10.0.0.5 52.94.0.1 443 DYNAMODB\n"
    "dstport srcaddr dstaddr pkt-dst-aws-service\n"
    "80 10.0.0.6 52.94.0.1 DYNAMODB\n"
    "too short\n"
    "443 10.0.0.6 52.94.0.1 DYNAMODB";

}  // namespace

TEST_CASE("a log is read the same in pieces of any size, headers in its midst with it") {
  for (std::size_t piece = 1; piece <= joined.size(); ++piece) {
    Tally tally;
    const FileResult result = read(joined, piece, tally);
    CHECK(result.problem.empty());
    CHECK(tally.counts().rows == 4);
    CHECK(tally.counts().tls == 2);
    CHECK(tally.counts().cleartext == 2);
    CHECK(result.bad_rows == 1);
    CHECK(result.first_bad_row == 5);
  }
}

TEST_CASE("the last line of what was cut off is no row") {
  Tally tally;
  read(joined, 1000, tally, false);
  CHECK(tally.counts().rows == 3);
}

TEST_CASE("what is no flow log is not read further") {
  Tally tally;
  const FileResult result = read("hello world\n10.0.0.5\n", 5, tally);
  CHECK_FALSE(result.is_flow_log);
  CHECK(result.problem.starts_with("is no VPC flow log"));
  CHECK(tally.counts().rows == 0);
  CHECK(read(std::string(200'000, 'x'), 1000, tally).problem.find("64 KiB") != std::string::npos);
  CHECK(read("", 1, tally).problem.empty());
}

TEST_CASE("the name of a file says account and region") {
  const Whereabouts whereabouts =
      whereabouts_of("logs/111122223333_vpcflowlogs_eu-west-1_fl-0a1b2c3d_20260528T2025Z_aaaa.log.gz");
  CHECK(whereabouts.account == "111122223333");
  CHECK(whereabouts.region == "eu-west-1");
  for (const char* name : {"a.log", "1_vpcflowlogs_eu-west-1_fl", "111122223333_vpcflowlogs_EU_fl", "x_y_z_w"})
    CHECK(whereabouts_of(name).account.empty());
}
