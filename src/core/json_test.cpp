#include "core/json.h"

#include <doctest/doctest.h>
#include <limits>

using namespace wiretight;

namespace {

std::string problem(std::string_view text, int max_depth = 512) {
  const auto outcome = parse_json(text, max_depth);
  if (outcome) return "fine";
  return outcome.error().where + " " + outcome.error().what;
}

}  // namespace

TEST_CASE("values are written in the order in which they were set") {
  Json value = Json::object({{"b", 1}, {"a", Json::array({true, nullptr, "x", 1.5, 2.0})}});
  value.set("empty", Json::object()).set("none", Json::array());
  CHECK(value.dump() == R"({"b":1,"a":[true,null,"x",1.5,2.0],"empty":{},"none":[]})");
  CHECK(Json::object({{"a", Json::array({1})}}).dump(2) == "{\n  \"a\": [\n    1\n  ]\n}");
  CHECK(Json(std::numeric_limits<double>::infinity()).dump() == "null");
}

TEST_CASE("strings are safe in a terminal and always UTF-8") {
  CHECK(Json("a\"\\\n\x1b[31m\x7f").dump() == R"("a\"\\\n\u001b[31m\u007f")");
  CHECK(Json(std::string("nul\0", 4)).dump() == R"("nul\u0000")");
  CHECK(Json("bad \xff\xc3").dump() == "\"bad \xef\xbf\xbd\xef\xbf\xbd\"");
  CHECK(Json("\xc2\x9b é").dump() == "\"\\u009b é\"");
}

TEST_CASE("documents are read") {
  const auto value = parse_json("\xef\xbb\xbf {\"a\": [1, -2.5e1, \"\\u00e9\\ud83d\\udd12\\ud800\"], \"b\": null}\n");
  REQUIRE(value);
  const auto& items = value->find("a")->items();
  REQUIRE(items.size() == 3);
  CHECK(*items[0].integer() == 1);
  CHECK(*items[1].number() == -25.0);
  CHECK(*items[2].string() == "é🔒\xef\xbf\xbd");
  CHECK(value->find("b")->is_null());
  CHECK(value->find("c") == nullptr);
  CHECK(value->text("b").empty());

  CHECK(*parse_json("9223372036854775807")->integer() == std::numeric_limits<std::int64_t>::max());
  CHECK(*parse_json("9223372036854775808")->number() == 9223372036854775808.0);
}

TEST_CASE("what was written is read back") {
  const Json value = Json::object({{"int", -5}, {"real", 3.0}, {"small", 1e-300}, {"text", "\t\"\x01"}, {"no", false}});
  CHECK(parse_json(value.dump()) == value);
  CHECK(parse_json(value.dump(4)) == value);
}

TEST_CASE("problems name the line and the column") {
  CHECK(problem("") == "1:1 the document ends too early");
  CHECK(problem("{\n  \"é\": tru\n}") == "2:8 a value was expected");
  CHECK(problem("[1 2]") == "1:4 ',' or ']' was expected");
  CHECK(problem("{\"a\" 1}") == "1:6 ':' was expected");
  CHECK(problem("{a:1}") == "1:2 a member's name in quotes was expected");
  CHECK(problem("[1,]") == "1:4 a value was expected");
  CHECK(problem("\"ab") == "1:4 the string does not end");
  CHECK(problem("\"a\nb\"") == "1:3 a control character in a string must be escaped");
  CHECK(problem("\"\\x\"") == "1:3 no such escape");
  CHECK(problem("\"\\u12g4\"") == "1:4 four hexadecimal digits were expected");
  CHECK(problem("\"\xff\"") == "1:2 the string is no UTF-8");
  CHECK(problem("01") == "1:3 a number has no leading zeros");
  CHECK(problem("1.") == "1:3 a digit was expected");
  CHECK(problem("1e999") == "1:1 the number is out of range");
  CHECK(problem("NaN") == "1:1 a value was expected");
  CHECK(problem("1 1") == "1:3 something follows the end of the document");
}

TEST_CASE("depth is bounded") {
  CHECK(problem("[[1]]", 2) == "fine");
  CHECK(problem("[[1]]", 1) == "1:2 the document is nested too deeply");
  CHECK(problem(std::string(1000000, '[')) == "1:513 the document is nested too deeply");
}

TEST_CASE("spans tell where values stand") {
  const std::string_view text = R"( {"a": [1, "é"], "b": {}} )";
  std::vector<JsonSpan> spans;
  REQUIRE(parse_json(text, 8, spans));
  std::vector<std::string> seen;
  for (const JsonSpan& span : spans) seen.emplace_back(text.substr(span.offset, span.length));
  CHECK(seen == std::vector<std::string>{R"({"a": [1, "é"], "b": {}})", R"([1, "é"])", "1", R"("é")", "{}"});
}
