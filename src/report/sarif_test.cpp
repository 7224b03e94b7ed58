#include "report/sarif.h"

#include <doctest/doctest.h>

#include "core/json.h"
#include "report/sample.h"
#include "report/sarif_parts.h"

// Whether it has the form of the standard is tested by tests/test_reports.py against the published schema.

using namespace wiretight;
using namespace wiretight::report;

namespace {

const Json& at(const Json& value, std::string_view key) {
  const Json* found = value.find(key);
  REQUIRE_MESSAGE(found != nullptr, key);
  return *found;
}

Json run_of(const Results& results, std::optional<Severity> fail_on = Severity::high) {
  const auto log = parse_json(sarif(results, fail_on));
  REQUIRE(log.has_value());
  CHECK(log->text("version") == "2.1.0");
  REQUIRE(at(*log, "runs").items().size() == 1);
  return at(*log, "runs").items().front();
}

Json invocation_of(const Json& run) { return at(run, "invocations").items().at(0); }

std::string uri_of(const Place& place) {
  const Json location = sarif_location(place, "the target");
  const Json& physical = at(location, "physicalLocation");
  for (const char* key : {"startLine", "startColumn", "endLine", "endColumn"}) at(at(physical, "region"), key);
  return std::string(at(physical, "artifactLocation").text("uri"));
}

}  // namespace

TEST_CASE("every place has an artifact, the real one or one of its own") {
  CHECK(uri_of(EndpointPlace{.endpoint = "db.example:443"}) == "endpoints/db.example_443");
  CHECK(uri_of(EndpointPlace{.endpoint = "[2001:db8::1]:443"}) == "endpoints/2001%3Adb8%3A%3A1_443");
  CHECK(uri_of(FilePlace{.file = "src/a b,c:%.py", .line = 3}) == "src/a%20b%2Cc%3A%25.py");
  CHECK(uri_of(FilePlace{.file = "./a.py"}) == "a.py");
  CHECK(uri_of(FilePlace{.file = "/srv/a.py"}) == "file:///srv/a.py");
  CHECK(uri_of(ResourcePlace{.resource = "arn:aws:dynamodb:eu-west-1:123456789012:table/orders"}) ==
        "account/eu-west-1");
  CHECK(uri_of(ResourcePlace{.resource = "arn:aws:iam::123456789012:role/app"}) == "account/global");
  CHECK(uri_of(ResourcePlace{.resource = "aws_dynamodb_table.orders"}) == "resources/aws_dynamodb_table.orders");
  CHECK(uri_of(CapturePlace{.file = "dump.pcap", .frame = 1}) == "dump.pcap");
  CHECK(uri_of(TrailPlace{.file = "AWSLogs/1.json.gz", .record = 3}) == "AWSLogs/1.json.gz");
  CHECK(uri_of({}) == "targets/the%20target");
  CHECK_MESSAGE(uri_of(EndpointPlace{.endpoint = "../../etc:1"}) == "endpoints/..%2F..%2Fetc_1",
                "no name leaves its folder");
}

TEST_CASE("regions") {
  const auto region = [](const FilePlace& file) {
    return at(at(sarif_location(file, ""), "physicalLocation"), "region").dump();
  };
  CHECK(region({.file = "a", .line = 3, .column = 5, .end_line = 4, .end_column = 2}) ==
        R"({"startLine":3,"startColumn":5,"endLine":4,"endColumn":2})");
  CHECK(region({.file = "a", .line = 3}) == R"({"startLine":3,"startColumn":1,"endLine":3,"endColumn":1})");
  CHECK(region({.file = "a"}) == R"({"startLine":1,"startColumn":1,"endLine":1,"endColumn":1})");
}

TEST_CASE("a result says what GitHub and others need") {
  const Json run = run_of(sample::leaking());
  CHECK(run.text("columnKind") == "utf16CodeUnits");
  const Json& result = at(run, "results").items().at(0);
  CHECK(result.text("ruleId") == "cleartext-accepted");
  CHECK(result.text("level") == "error");
  CHECK(at(result, "partialFingerprints").dump() == R"({"primaryLocationLineHash":"11aa:1","wiretight/v1":"11aa"})");
  CHECK(at(at(result, "properties"), "location").dump() == R"({"endpoint":"db.example:8000"})");
  CHECK(at(result, "properties").text("security-severity") == "9.5");
  const Json& rules = at(at(at(run, "tool"), "driver"), "rules");
  const auto index = static_cast<std::size_t>(*at(result, "ruleIndex").integer());
  const Json& rule = rules.items().at(index);
  CHECK(rule.text("id") == "cleartext-accepted");
  CHECK(at(at(rule, "properties"), "tags").dump() == R"(["security","cleartext","external/cwe/cwe-319"])");
  CHECK(!at(rule, "help").text("text").empty());
  CHECK(!at(rule, "shortDescription").text("text").empty());
  const Json& remark = at(run, "results").items().at(2);
  CHECK(remark.text("level") == "note");
  CHECK_MESSAGE(at(remark, "properties").find("security-severity") == nullptr, "a remark is no security alert");
}

TEST_CASE("a rule is as bad as the worst of its findings, and as sure as the least certain") {
  Results results = sample::leaking();
  results.findings.push_back(sample::cleartext());
  results.findings.back().severity = Severity::low;
  results.findings.back().confidence = Confidence::tentative;
  const Json run = run_of(results);
  const Json& rules = at(at(at(run, "tool"), "driver"), "rules");
  REQUIRE(rules.items().size() == 3);
  const Json& properties = at(rules.items().at(1), "properties");
  CHECK(properties.text("security-severity") == "9.5");
  CHECK(properties.text("precision") == "medium");
}

TEST_CASE("the way of a value is a code flow that ends at the finding, and edits are fixes") {
  const Json run = run_of(sample::several());
  const Json& result = at(run, "results").items().at(0);
  const Json& flow = at(at(result, "codeFlows").items().at(0), "threadFlows").items().at(0);
  REQUIRE(at(flow, "locations").items().size() == 2);
  const auto artifact = [&](std::size_t i) {
    const Json& location = at(at(flow, "locations").items().at(i), "location");
    return at(at(location, "physicalLocation"), "artifactLocation").text("uri");
  };
  CHECK(artifact(0) == "src/settings.py");
  CHECK(artifact(1) == "src/a%20b%2Cc%3A%25.py");
  const Json& change = at(at(result, "fixes").items().at(0), "artifactChanges").items().at(0);
  CHECK(at(change, "replacements").dump() ==
        R"([{"deletedRegion":{"byteOffset":60,"byteLength":4},"insertedContent":{"text":"https"}}])");
}

TEST_CASE("what could not be assessed makes the run a failure") {
  const Json run = run_of(sample::incomplete());
  const Json invocation = invocation_of(run);
  CHECK(at(invocation, "executionSuccessful") == Json(false));
  CHECK(at(invocation, "exitCode") == Json(3));
  const Json& note = at(invocation, "toolExecutionNotifications").items().at(0);
  CHECK(note.text("level") == "error");
  CHECK(at(note, "descriptor").text("id") == "not-assessed");
  CHECK(at(note, "message").text("text") == "gone.example:443, 192.0.2.9:443: the connection was refused");
  CHECK(at(at(run, "properties"), "grade").is_null());
  Results wordless = sample::incomplete();
  wordless.targets[0].problems.clear();
  CHECK(at(invocation_of(run_of(wordless)), "toolExecutionNotifications").items().size() == 1);
}

TEST_CASE("the exit code is that of --fail-on-severity") {
  CHECK(at(invocation_of(run_of(sample::leaking())), "exitCode") == Json(1));
  CHECK(at(invocation_of(run_of(sample::leaking(), std::nullopt)), "exitCode") == Json(0));
  CHECK(at(invocation_of(run_of(sample::tight())), "exitCode") == Json(0));
  CHECK(at(invocation_of(run_of(sample::tight(), Severity::info)), "exitCode") == Json(1));
  CHECK(at(invocation_of(run_of(sample::tight())), "executionSuccessful") == Json(true));
}

TEST_CASE("suppressed results are there, as suppressed") {
  const Json run = run_of(sample::suppressed());
  const Json& result = at(run, "results").items().at(0);
  CHECK(at(result, "suppressions").dump() ==
        R"([{"kind":"external","status":"accepted","justification":"a test bench"}])");
  Results comment = sample::suppressed();
  comment.suppressed[0].suppressed = Suppression{.by = "comment", .reason = ""};
  CHECK(at(at(run_of(comment), "results").items().at(0), "suppressions").dump() ==
        R"([{"kind":"inSource","status":"accepted","justification":"comment"}])");
}

TEST_CASE("a message has no links but ours") {
  CHECK(sarif_message("see [here](http://evil.example)").text("text") == "see [here] (http://evil.example)");
}

TEST_CASE("no more results than GitHub takes, the worst first, and the rest is counted") {
  Results results = sample::leaking();
  results.findings.assign(25000, sample::broken_cipher());
  results.findings.push_back(sample::no_post_quantum());
  results.suppressed = {sample::cleartext()};
  const Json run = run_of(results);
  CHECK(at(run, "results").items().size() == 25000);
  const Json invocation = invocation_of(run);
  const Json& notes = at(invocation, "toolExecutionNotifications");
  REQUIRE(notes.items().size() == 1);
  CHECK(at(notes.items().at(0), "message").text("text").starts_with("2 results are left out"));
  CHECK_MESSAGE(at(invocation_of(run), "executionSuccessful") == Json(true), "it was all assessed");
}
