#include "app/target_lines.h"

#include <doctest/doctest.h>
#include <sstream>
#include <vector>

using namespace wiretight;

namespace {

struct Read {
  std::vector<std::string> texts = {};  // "3: db.example:443", problems with a "!"
  bool broken = false;
};

Read read(const std::string& bytes) {
  std::istringstream in(bytes);
  TargetLines lines(in);
  Read out;
  while (const auto line = lines.next()) {
    out.texts.push_back(std::to_string(line->number) + ": " +
                        (line->text ? *line->text : "!" + line->text.error().what));
  }
  out.broken = lines.broken();
  return out;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("a target a line; blanks, comments, CR and byte order mark are passed over") {
  CHECK(read("\xef\xbb\xbf"
             "# ours\r\n  a:1 \r\n\r\n\t# indented\nhttps://b/#x # the second\n[::1]:8000")
            .texts == Texts{"2: a:1", "5: https://b/#x", "6: [::1]:8000"});
  CHECK(read("").texts.empty());
  CHECK(read("\n# nothing but a comment\n\n").texts.empty());
  CHECK(read("\xef\xbb\xbf\xef\xbb\xbf"
             "a:1")
            .texts.size() == 1);
}

TEST_CASE("an unusable line is told, and the next one is read") {
  const std::string longest(limits::target_bytes, 'a');
  CHECK(read(longest).texts == Texts{"1: " + longest});
  CHECK(read(longest + "a\nb:1").texts == Texts{"1: !the line is longer than 2048 bytes", "2: b:1"});
  CHECK(read("#" + longest + longest + "\nb:1").texts == Texts{"2: b:1"});
  CHECK(read("a:1 #" + longest + "\nb:1").texts == Texts{"1: a:1", "2: b:1"});
  CHECK(read("a\xff:1\nb:1").texts == Texts{"1: !the line is no UTF-8", "2: b:1"});
  CHECK(read(std::string("a\0:1\nb:1", 8)).texts == Texts{"1: !the line has control characters", "2: b:1"});
  CHECK(read("a\x1b[2J:1").texts == Texts{"1: !the line has control characters"});
}

TEST_CASE("UTF-16 is named as what it is") {
  CHECK(read(std::string("\xff\xfe"
                         "a\0:\0001\0",
                         8))
            .texts == Texts{"1: !the list is UTF-16: save it as UTF-8"});
}

TEST_CASE("a list that cannot be read to its end is broken") {
  struct Failing : std::streambuf {
    std::string head = "a:1\nb:";
    Failing() { setg(head.data(), head.data(), head.data() + head.size()); }
    int_type underflow() override { throw std::ios_base::failure("input/output error"); }
  } buffer;
  std::istream in(&buffer);
  TargetLines lines(in);
  CHECK(*lines.next()->text == "a:1");
  CHECK_FALSE(lines.broken());
  while (lines.next()) {
  }
  CHECK(lines.broken());
}
