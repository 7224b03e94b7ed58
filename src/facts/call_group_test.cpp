#include "facts/call_group.h"

#include <doctest/doctest.h>

using namespace wiretight;

namespace {

CallGroup group(const char* principal, const char* version, TlsClass tls_class, std::uint64_t count) {
  return {.account = "111122223333",
          .region = "eu-west-1",
          .principal = principal,
          .sdk = "boto3",
          .sdk_version = "1.26",
          .tls_version = version,
          .suite = CipherSuite{.cipher = "AES", .mode = "CBC"},
          .tls_class = tls_class,
          .count = count,
          .first_seen = 100 * static_cast<std::int64_t>(count),
          .last_seen = 200 * static_cast<std::int64_t>(count),
          .operations = {{.name = "GetItem", .count = count}},
          .samples = {{.event_id = "id", .place = {.file = "a.json", .record = count}}}};
}

}  // namespace

TEST_CASE("classes have the letters of the documentation") {
  for (const char* text : {"W1", "W2", "W3", "Q1", "OK", "U1", "U2", "U3", "U4", "U5"}) {
    REQUIRE(tls_class_from(text));
    CHECK(to_text(*tls_class_from(text)) == text);
  }
  CHECK_FALSE(tls_class_from("W4"));
}

TEST_CASE("groups of one caller are told together") {
  const std::vector<CallGroup> calls = {group("a", "TLSv1", TlsClass::w1, 2), group("b", "TLSv1", TlsClass::w1, 1),
                                        group("a", "TLSv1.1", TlsClass::w1, 3), group("a", "", TlsClass::u4, 9)};
  const std::vector<Caller> callers =
      callers_where(calls, [](const CallGroup& one) { return one.tls_class == TlsClass::w1; });
  REQUIRE(callers.size() == 2);
  CHECK(callers[0].count == 5);
  CHECK(callers[0].first_seen == 200);
  CHECK(callers[0].last_seen == 600);
  CHECK(callers[0].said() == "a with boto3 1.26 in eu-west-1");
  CHECK(callers[0].distinct(&CallGroup::tls_version) == std::vector<std::string>{"TLSv1", "TLSv1.1"});
  CHECK(callers[0].identity() != callers[1].identity());
  const Json shown = callers[0].shown();
  CHECK(*shown.find("calls")->integer() == 5);
  CHECK(*shown.find("operations")->find("GetItem")->integer() == 5);
  CHECK(callers[0].first().place() == Place(TrailPlace{.file = "a.json", .record = 2}));
  // A suite counts only where a version says that there was one.
  const auto cbc = callers_with(calls, [](const CipherSuite& suite, ProtocolVersion version) {
    return suite.mode == "CBC" && version < ProtocolVersion::tls12;
  });
  REQUIRE(cbc.size() == 2);
  CHECK(cbc[0].count == 5);
}
