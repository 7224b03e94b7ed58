#include "sources/flowlog/rows.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>
#include <string>
#include <vector>

using namespace wiretight::flowlog;

namespace {

using Lines = std::vector<std::vector<std::string>>;

Lines split_fast(std::string_view text, std::size_t& done) {
  Lines out;
  done = for_each_row(text, [&](const Row& row) {
    auto& line = out.emplace_back();
    for (std::size_t i = 0; i < std::min(row.columns(), most_columns); ++i) line.emplace_back(row.field(i));
  });
  return out;
}

// The same, as slowly and plainly as can be.
Lines split_slowly(const std::string& text) {
  Lines out;
  std::size_t begin = 0;
  for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', begin)) {
    std::string line = text.substr(begin, end - begin);
    if (line.ends_with('\r')) line.pop_back();
    begin = end + 1;
    auto& fields = out.emplace_back(1);
    for (const char c : line) {
      if (c == ' ') {
        fields.emplace_back();
      } else {
        fields.back() += c;
      }
    }
    if (fields.size() > most_columns) fields.resize(most_columns);
  }
  return out;
}

}  // namespace

TEST_CASE("rows are split as a plain loop splits them, wherever blocks of bytes begin and end") {
  CHECK(rc::check([] {
    const auto character = rc::gen::weightedElement<char>({{20, 'a'}, {5, ' '}, {2, '\n'}, {1, '\r'}, {1, '\t'}});
    const std::string text = *rc::gen::container<std::string>(character);
    std::size_t done = 0;
    RC_ASSERT(split_fast(text, done) == split_slowly(text));
    const std::size_t last = text.rfind('\n');
    RC_ASSERT(done == (last == std::string::npos ? 0 : last + 1));
  }));
}

TEST_CASE("long lines and many columns") {
  std::string text;
  for (int i = 0; i < 200; ++i) text += "abcdefg ";
  text += "\n" + std::string(1000, 'x') + " y\nrest";
  std::size_t done = 0;
  CHECK(split_fast(text, done) == split_slowly(text));
  CHECK(text.substr(done) == "rest");
  std::vector<std::size_t> columns;
  for_each_row(text, [&](const Row& row) { columns.push_back(row.columns()); });
  CHECK(columns == std::vector<std::size_t>{201, 2});
}

TEST_CASE("an empty line is a row without anything") {
  std::vector<bool> empty;
  for_each_row("\n\r\nx\n \n", [&](const Row& row) { empty.push_back(row.is_empty()); });
  CHECK(empty == std::vector<bool>{true, true, false, false});
}
