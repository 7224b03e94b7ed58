#include "sources/flowlog/format.h"

#include <doctest/doctest.h>

using namespace wiretight::flowlog;

TEST_CASE("a header says where each field stands, in any order and with fields that nobody knows yet") {
  const Recognised header = recognise("dstport some-new-field srcaddr pkt-dst-aws-service dstaddr srcport\r");
  REQUIRE(header.kind == Kind::header);
  CHECK(header.format.columns == 6);
  CHECK(header.format.of(Column::destination_port) == 0);
  CHECK(header.format.of(Column::source) == 2);
  CHECK(header.format.of(Column::destination_service) == 3);
  CHECK(header.format.of(Column::source_port) == 5);
  CHECK_FALSE(header.format.has(Column::bytes));
  CHECK(header.format.lack().empty());
}

TEST_CASE("words that are no fields are no header") {
  for (const char* line : {"", "version", "version of the action", "srcaddr dstaddr some other words of a text",
                           "srcaddr srcaddr", "srcaddr  dstaddr", "Srcaddr Dstaddr", "srcaddr,dstaddr,dstport"})
    CHECK(recognise(line).kind == Kind::other);
  std::string many = "srcaddr";
  for (int i = 0; i < 64; ++i) many += " dstaddr";
  CHECK(recognise(many).kind == Kind::other);
}

TEST_CASE("the default format is recognised by its form alone") {
  const std::string row =
      "2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1418530010 "
      "1418530070 ACCEPT OK";
  const Recognised plain = recognise(row);
  REQUIRE(plain.kind == Kind::default_format);
  CHECK(plain.format.columns == 14);
  CHECK(plain.format.of(Column::log_status) == 13);
  CHECK(recognise("2 unknown eni-1 - - - - - - - 1431280876 1431280934 - NODATA").kind == Kind::default_format);
  CHECK(recognise("2 123456789010 eni-1 2001:db8::1 2001:db8::2 34892 22 6 54 8855 1 2 ACCEPT OK").kind ==
        Kind::default_format);

  const Recognised exported = recognise("2026-05-28T20:26:40.000Z " + row);
  REQUIRE(exported.kind == Kind::exported);
  CHECK(exported.format.columns == 15);
  CHECK(exported.format.of(Column::account) == 2);

  CHECK(recognise("3 " + row.substr(2)).kind == Kind::other);
  CHECK(recognise("2 12345 " + row.substr(15)).kind == Kind::other);
  CHECK(recognise(row + " more").kind == Kind::other);
  CHECK(recognise(row.substr(0, row.size() - 2) + "WHAT").kind == Kind::other);
}

TEST_CASE("other logs are told apart") {
  CHECK(recognise("version resource-type account-id tgw-id").kind == Kind::transit_gateway);
  CHECK(recognise("6 TransitGateway 111122223333 tgw-1").kind == Kind::transit_gateway);
  CHECK(recognise("PAR1\x15").kind == Kind::parquet);
  CHECK(recognise(R"({"Records":[]})").kind == Kind::other);
}

TEST_CASE("a format needs a port and whose it is") {
  const auto lack = [](const char* header) { return recognise(header).format.lack(); };
  CHECK(lack("srcaddr dstaddr bytes").find("neither dstport nor srcport") != std::string::npos);
  CHECK(lack("srcaddr dstport").find("no address") != std::string::npos);
  CHECK(lack("dstaddr dstport").empty());
  CHECK(lack("pkt-dst-aws-service dstport").empty());
  CHECK(lack("pkt-src-aws-service srcport").empty());
}
