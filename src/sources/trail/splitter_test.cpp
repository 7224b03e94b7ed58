#include "sources/trail/splitter.h"

#include <doctest/doctest.h>
#include <vector>

using namespace wiretight::trail;

namespace {

struct Cut {
  std::vector<std::string> records = {};
  std::string why = {};
  std::uint64_t too_long = 0;
};

// The text in pieces of so many bytes.
Cut cut(std::string_view text, std::size_t piece) {
  Cut out;
  std::string window;
  Splitter splitter(
      window,
      [&](std::string& to) {
        to += text.substr(0, piece);
        const bool more = !text.empty();
        text.remove_prefix(std::min(piece, text.size()));
        return more;
      },
      [&](std::string_view record) { out.records.emplace_back(record); });
  splitter.run();
  out.why = splitter.why();
  out.too_long = splitter.too_long();
  return out;
}

}  // namespace

TEST_CASE("records are the same however the text comes in pieces") {
  struct Case {
    std::string text = {};
    std::vector<std::string> records = {};
  };
  for (const Case& one : {
           Case{R"({"Records":[{"a":1},{"b":"}]\""}]})", {R"({"a":1})", R"({"b":"}]\""})"}},
           Case{R"( {"x":{"Records":[1]},"y":"\\","Records" : [ 1 , "z\\\"" ] , "w":[2]} )", {"1", R"("z\\\"")"}},
           Case{R"([{"a":[[]]},[1]])", {R"({"a":[[]]})", "[1]"}},
           Case{"{\"a\":1}\n{\"b\":2}\r\n\n{}", {R"({"a":1})", R"({"b":2})", "{}"}},
           Case{"{\"Records\":[1]}{\"Records\":[2]}", {"1", "2"}},
           Case{"2024-05-06T07:08:09.123Z {\"a\":1}\n2024-05-06T07:08:09.124Z {\"a\":2}", {R"({"a":1})", R"({"a":2})"}},
           Case{"\xef\xbb\xbf{\"a\":1}", {R"({"a":1})"}},
           Case{R"({"Records":[]})", {}},
           Case{R"({"\"Records":[1],"Events":[2]})", {"2"}},
       }) {
    for (const std::size_t piece : {1U, 2U, 3U, 7U, 1000U}) {
      CAPTURE(one.text);
      CAPTURE(piece);
      const Cut made = cut(one.text, piece);
      CHECK(made.why == "");
      CHECK(made.records == one.records);
    }
  }
}

TEST_CASE("what ends too early or is no JSON says so, after the records before") {
  for (const std::string text : {R"({"Records":[{"a":1},{"b)", R"({"Records":[{"a":1},)", R"({"Records":[{"a":1}] x)",
                                 R"([{"a":1} {"b":1}])", "{\"a\":1}\nhello"}) {
    for (const std::size_t piece : {1U, 5U, 1000U}) {
      CAPTURE(text);
      const Cut made = cut(text, piece);
      CHECK(made.records == std::vector<std::string>{R"({"a":1})"});
      CHECK_FALSE(made.why.empty());
    }
  }
  CHECK(cut("hello", 2).why == "it is no JSON");
  CHECK(cut("{", 1).why == "it ends within a document");
  CHECK(cut("[,]", 1).why == "a value was expected");
}

TEST_CASE("a record that is too long is left out, and memory with it") {
  const std::string text = R"({"Records":[1,{"a":")" + std::string(std::size_t{5} << 20, 'x') + R"("},2]})";
  const Cut made = cut(text, 100'000);
  CHECK(made.records == std::vector<std::string>{"1", "2"});
  CHECK(made.too_long == 1);
  CHECK(made.why == "");
}
