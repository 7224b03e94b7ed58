#include "report/json.h"

#include <doctest/doctest.h>

#include "report/json_parts.h"
#include "report/jsonl.h"
#include "report/sample.h"

using namespace wiretight;
using namespace wiretight::report;

namespace {

Json parsed(const std::string& text) {
  const auto value = parse_json(text);
  REQUIRE(value.has_value());
  return *value;
}

const Json& at(const Json& value, std::string_view key) {
  const Json* found = value.find(key);
  REQUIRE_MESSAGE(found != nullptr, key);
  return *found;
}

std::vector<std::string> keys_of(const Json& value) {
  std::vector<std::string> keys;
  for (const auto& [key, member] : value.members()) keys.push_back(key);
  return keys;
}

}  // namespace

TEST_CASE("the object of the contract") {
  const Json results = parsed(json(sample::leaking()));
  CHECK(keys_of(results) == std::vector<std::string>{"schema", "tool", "scan", "verdict", "score", "grade",
                                                     "gradeLines", "summary", "targets", "findings", "suppressed",
                                                     "facts"});
  CHECK(results.text("schema") == "wiretight/1");
  CHECK(results.text("verdict") == "leaking");
  CHECK(at(results, "score") == Json(15));
  CHECK(at(results, "scan").text("startedAt") == "2026-11-24T03:03:52.120Z");
  CHECK(at(results, "summary").dump() == R"({"critical":1,"high":1,"medium":0,"low":0,"info":1})");
  const Json& finding = at(results, "findings").items().at(0);
  CHECK(at(finding, "location").dump() == R"({"endpoint":"db.example:8000"})");
  CHECK(at(finding, "evidence").dump() == R"({"status":400,"product":"dynalite","score":7})");
  CHECK(finding.find("suppressed") == nullptr);
  CHECK(parsed(json(sample::tight())).find("facts") == nullptr);
}

TEST_CASE("what is incomplete has no grade, whoever filled one in") {
  Results results = sample::incomplete();
  results.grade = Grade{.score = 100, .letter = "A+"};
  const Json object = parsed(json(results));
  CHECK(at(object, "score").is_null());
  CHECK(at(object, "grade").is_null());
  CHECK(at(object, "gradeLines").items().empty());
}

TEST_CASE("each place has its own keys") {
  CHECK(to_json(Place{}).dump() == "{}");
  CHECK(to_json(Place{FilePlace{.file = "a.py"}}).dump() == R"({"file":"a.py"})");
  CHECK(to_json(Place{FilePlace{.file = "a.py", .line = 3, .column = 5, .end_line = 3, .end_column = 61}}).dump() ==
        R"({"file":"a.py","line":3,"column":5,"endLine":3,"endColumn":61})");
  CHECK(to_json(Place{EndpointPlace{.endpoint = "[::1]:443", .address = "::1"}}).dump() ==
        R"({"endpoint":"[::1]:443","address":"::1"})");
  CHECK(to_json(Place{ResourcePlace{.resource = "arn:aws:x"}}).dump() == R"({"resource":"arn:aws:x"})");
  CHECK(to_json(Place{CapturePlace{.file = "d.pcap", .frame = 17, .stream = 0}}).dump() ==
        R"({"capture":"d.pcap","frame":17,"stream":0})");
  CHECK(to_json(Place{TrailPlace{.file = "t.json"}}).dump() == R"({"trail":"t.json"})");
}

TEST_CASE("not known is null, and never false") {
  const Json listener = to_json(sample::listener());
  CHECK(at(listener, "heartbeat").dump() == R"({"value":null,"how":"unresolved"})");
  CHECK(at(listener, "largeHello").dump() == R"({"value":true,"how":"observed"})");
  CHECK(at(at(listener, "protocols").items().at(1), "accepted").dump() ==
        R"({"value":null,"how":"unresolved","why":"the connection was reset"})");
  CHECK(at(at(listener, "cleartext"), "kind") == Json("tls-required"));
}

TEST_CASE("a string under the name of a secret is not written") {
  const Json hidden = cleaned(Json::object({{"sessionToken", "Fwo"}, {"hasSessionToken", true}}));
  CHECK(hidden.dump() == R"({"sessionToken":"***","hasSessionToken":true})");
}

TEST_CASE("edits are written as they are") {
  Finding finding = sample::in_file();
  finding.fixes[0].edits[0].text = "a\tb\n";
  const Json edit = at(at(to_json(finding), "fixes").items().at(0), "edits").items().at(0);
  CHECK(edit.dump() == R"({"file":"src/a b,c:%.py","offset":60,"length":4,"text":"a\tb\n"})");
}

TEST_CASE("JSON lines: one a target and a summary") {
  const std::string text = jsonl(sample::several());
  std::vector<Json> lines;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = text.find('\n', from);
    REQUIRE(end != std::string::npos);
    lines.push_back(parsed(text.substr(from, end - from)));
    from = end + 1;
  }
  REQUIRE(lines.size() == 5);
  CHECK(lines[0].text("record") == "target");
  CHECK(lines[0].text("target") == "db.example:443");
  CHECK(at(lines[0], "findings").items().size() == 3);
  CHECK(at(lines[1], "findings").items().empty());
  CHECK(lines[2].text("status") == "failed");
  CHECK(lines[4].text("record") == "summary");
  CHECK(at(lines[4], "targets").dump() == R"({"complete":3,"partial":0,"failed":1})");
  CHECK(lines[4].find("findings") == nullptr);
}

TEST_CASE("JSON lines that were streamed are those of the whole") {
  Results results = sample::several();
  std::string streamed;
  std::vector<Finding> findings = std::move(results.findings);
  results.findings.clear();
  for (const TargetResult& target : std::exchange(results.targets, {})) {
    std::vector<Finding> its;
    for (const Finding& finding : findings) {
      if (finding.target == target.target) its.push_back(finding);
    }
    streamed += jsonl_target(target, its);
    for (const Finding& finding : its) ++results.streamed.findings.at(static_cast<std::size_t>(finding.severity));
    ++results.streamed.targets.at(static_cast<std::size_t>(target.status));
  }
  CHECK(streamed + jsonl_summary(results) == jsonl(sample::several()));
}
