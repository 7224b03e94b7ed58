#include "syntax/yaml.h"

#include <chrono>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <rapidcheck.h>

#include "core/json.h"

using namespace wiretight;
using namespace wiretight::yaml;

namespace {

File read(std::string_view text) {
  auto file = parse(text);
  REQUIRE_MESSAGE(file, file.error().where << ": " << file.error().what);
  return std::move(*file);
}

std::string_view bytes_of(std::string_view text, const Node& node) {
  return text.substr(node.span.offset, node.span.length);
}

// The tree without places and spelling.
Json shape(const Node& node) {
  switch (node.kind) {
    case Kind::scalar:
      return node.text;
    case Kind::sequence: {
      Json out = Json::array();
      for (const Node* item : node.items) out.push(shape(*item));
      return out;
    }
    case Kind::mapping: {
      Json out = Json::object();
      for (const Member& member : node.members) out.set(member.key->text, shape(*member.value));
      return out;
    }
  }
  return {};
}

void refuses(std::string_view text, std::string_view what, std::string_view where, const Limits& limits = {}) {
  const auto file = parse(text, limits);
  REQUIRE_FALSE(file);
  CHECK_MESSAGE(file.error().what.contains(what), file.error().what);
  CHECK(file.error().where == where);
}

std::string repeated(std::string_view piece, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += piece;
  return out;
}

}  // namespace

TEST_CASE("a tree with its styles and places") {
  constexpr std::string_view text = R"(# what is allowed
allow:
  - rule: cleartext-accepted/opossum   # one
    where: ["db.*", '*.internal']
    reason: >
      folded
      text
  - plain
note: |
  line
   two

after: "a\tä"
)";
  const File file = read(text);
  REQUIRE(file.documents.size() == 1);
  const Node& root = file.documents[0].root();
  CHECK(root.kind == Kind::mapping);
  CHECK(root.style == Style::block);
  CHECK(root.span.line == 2);
  CHECK(root.span.end_line == 13);
  CHECK(shape(root).dump() == R"({"allow":[{"rule":"cleartext-accepted/opossum","where":["db.*","*.internal"],)"
                              R"("reason":"folded text\n"},"plain"],"note":"line\n two\n","after":"a\tä"})");
  const Node& allow = *root.find("allow");
  CHECK(allow.span.line == 3);
  CHECK(allow.span.column == 3);
  const Node& first = *allow.items.at(0);
  CHECK(bytes_of(text, *first.find("rule")) == "cleartext-accepted/opossum");
  CHECK(first.find("rule")->style == Style::plain);
  const Node& where = *first.find("where");
  CHECK(where.style == Style::flow);
  CHECK(bytes_of(text, where) == "[\"db.*\", '*.internal']");
  CHECK(where.items.at(0)->style == Style::double_quoted);
  CHECK(where.items.at(1)->style == Style::single_quoted);
  CHECK(bytes_of(text, *where.items.at(1)) == "'*.internal'");
  CHECK(to_text(where.items.at(1)->span) == "4:21");
  CHECK(first.find("reason")->style == Style::folded);
  CHECK(bytes_of(text, *first.find("reason")) == ">\n      folded\n      text");
  CHECK(bytes_of(text, allow).ends_with("- plain"));
  CHECK(root.find("note")->style == Style::literal);
  CHECK(bytes_of(text, *root.find("after")) == "\"a\\tä\"");
  CHECK(root.find("absent") == nullptr);
}

TEST_CASE("tags and anchors are kept, and are no part of the value's place") {
  constexpr std::string_view text =
      "a: !Ref Table\nb: !Sub &x \"http://${Host}\"\nc: !!str 1\nd: !<tag:x,2:y> &z # z\n  - 1\n"
      "e: !GetAtt [Table, Arn]\nf: !If\n- one\n";
  const File file = read(text);
  const Node& root = file.documents[0].root();
  CHECK(root.find("a")->tag == "!Ref");
  CHECK(bytes_of(text, *root.find("a")) == "Table");
  CHECK(root.find("b")->tag == "!Sub");
  CHECK(root.find("b")->anchor == "x");
  CHECK(bytes_of(text, *root.find("b")) == "\"http://${Host}\"");
  CHECK(root.find("c")->tag == "tag:yaml.org,2002:str");
  CHECK_FALSE(root.find("c")->integer());
  CHECK(root.find("d")->tag == "tag:x,2:y");
  CHECK(bytes_of(text, *root.find("d")) == "- 1");
  CHECK(bytes_of(text, *root.find("e")) == "[Table, Arn]");
  CHECK(bytes_of(text, *root.find("f")) == "- one");
}

TEST_CASE("aliases are the node that they name; merged members give way to written ones") {
  constexpr std::string_view text = R"(
base: &base {port: 1, tls: true}
other: &other {port: 2, host: b}
one: {<<: *base, tls: false}
two: {<<: [*other, *base], x: *base}
three: {"<<": *base}
four: {<<: no mapping}
)";
  const File file = read(text);
  CHECK(file.repeated.empty());
  const Node& root = file.documents[0].root();
  const Node& one = *root.find("one");
  CHECK(shape(one).dump() == R"({"tls":"false","port":"1"})");
  CHECK_FALSE(one.members.at(0).merged);
  CHECK(one.members.at(1).merged);
  CHECK(shape(*root.find("two")).dump() == R"({"x":{"port":"1","tls":"true"},"port":"2","host":"b","tls":"true"})");
  CHECK(root.find("two")->find("x") == root.find("base"));
  CHECK(shape(*root.find("three")).dump() == R"({"<<":{"port":"1","tls":"true"}})");
  CHECK(shape(*root.find("four")).dump() == R"({"<<":"no mapping"})");
}

TEST_CASE("repeated keys are kept and told") {
  const File file = read("a: 1\nb:\n  a: 2\na: 3\n? [a]\n: 4\n? [a]\n: 5\n");
  const Node& root = file.documents[0].root();
  CHECK(root.members.size() == 5);
  CHECK(root.find("a")->text == "3");
  REQUIRE(file.repeated.size() == 1);
  CHECK(file.repeated[0] == Problem{.what = "the key \"a\" is repeated", .where = "4:1"});
}

TEST_CASE("several documents, one, and none") {
  const File file = read("---\na: &x 1\n---\n- b\n...\n---\n");
  REQUIRE(file.documents.size() == 3);
  CHECK(file.documents[0].root().find("a")->text == "1");
  CHECK(file.documents[1].root().items.at(0)->text == "b");
  CHECK(file.documents[2].root().is_null());
  CHECK(read("").documents.empty());
  CHECK(read("# nothing\n").documents.empty());
  refuses("a: &x 1\n---\nb: *x\n", "no anchor \"x\"", "3:4");
}

TEST_CASE("what plain scalars mean") {
  const File file =
      read("[~, null, '', true, False, yes, 'true', 0, -17, +3, 0x1F, 0o17, 1.5, 9223372036854775808, '1', 0x-1, +-1]");
  const auto& items = file.documents[0].root().items;
  const auto at = [&](std::size_t i) -> const Node& { return *items.at(i); };
  CHECK(at(0).is_null());
  CHECK(at(1).is_null());
  CHECK_FALSE(at(2).is_null());
  CHECK(at(3).boolean() == true);
  CHECK(at(4).boolean() == false);
  CHECK_FALSE(at(5).boolean());
  CHECK_FALSE(at(6).boolean());
  CHECK(at(7).integer() == 0);
  CHECK(at(8).integer() == -17);
  CHECK(at(9).integer() == 3);
  CHECK(at(10).integer() == 31);
  CHECK(at(11).integer() == 15);
  for (std::size_t i = 12; i < items.size(); ++i) CHECK_FALSE(at(i).integer());
}

TEST_CASE("places count bytes, columns UTF-16 code units, whatever stands before") {
  constexpr std::string_view text = "\xef\xbb\xbf😀ä: x\r\nb: y\r\n";
  const File file = read(text);
  const Node& root = file.documents[0].root();
  const Node& x = *root.members.at(0).value;
  CHECK(bytes_of(text, x) == "x");
  CHECK(to_text(x.span) == "1:6");
  CHECK(x.span.end_column == 7);
  CHECK(bytes_of(text, *root.find("b")) == "y");
  CHECK(to_text(root.find("b")->span) == "2:4");
}

TEST_CASE("what cannot be read is a problem at its place") {
  refuses("a: [1, 2\nb: 3\n", "did not find expected", "2:2");
  refuses("a: b: c\n", "mapping values are not allowed", "1:5");
  refuses("ä: \"x\n", "unexpected end of stream", "2:1");
  refuses("a: \x01\n", "control characters are not allowed", "1:4");
  refuses("a: 1\nb: \xff\n", "no UTF-8", "2:4");
  refuses("a: *b\n", "no anchor \"b\"", "1:4");
  refuses("a: &a [x, *a]\n", "within what it names", "1:11");
  refuses("a:\n\tb: 1\n", "cannot start any token", "2:1");
}

TEST_CASE("bombs do not go off") {
  std::string laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i)
    laughs += fmt::format("a{0}: &a{0} [{1}*a{2}]\n", i, repeated(fmt::format("*a{}, ", i - 1), 9), i - 1);
  refuses(laughs, "more than 1000000 nodes", "6:45");

  std::string merges = "m0: &m0 {a: 1, b: 2}\n";
  for (int i = 1; i < 40; ++i) merges += fmt::format("m{0}: &m{0} {{<<: [*m{1}, *m{1}], k{0}: 1}}\n", i, i - 1);
  CHECK_FALSE(parse(merges));

  refuses(repeated("[", 200), "more than 128 levels", "1:129");
  refuses(repeated("- ", 200) + "x", "more than 128 levels", "1:257");
  CHECK(parse(repeated("[", 128) + repeated("]", 128)));
  // Deep only by aliases.
  std::string deep = "- &a0 [x]\n";
  for (int i = 1; i < 200; ++i) deep += fmt::format("- &a{} [*a{}]\n", i, i - 1);
  refuses(deep, "more than 128 levels", "127:10");

  refuses(repeated("- x\n", 11), "more than 11 nodes", "11:3", {.nodes = 11});
  CHECK(parse(repeated("- x\n", 10), {.nodes = 11}));
  refuses("abc", "longer than 2 bytes", "1:1", {.bytes = 2});
  refuses(repeated("%TAG !a! tag:x:\n", 200) + "---\n", "%TAG", "1:1");
}

TEST_CASE("large and awkward texts are read in their length's time") {
  const auto begin = std::chrono::steady_clock::now();
  CHECK(parse("[" + repeated("ä, ", 300000) + "x]"));
  CHECK(parse(repeated("k: v\n", 300000))->repeated.size() == 1000);
  CHECK_FALSE(parse(repeated("{", 1000000)));
  CHECK_FALSE(parse(repeated("? ", 1000000)));
  CHECK(parse(repeated("# x\n", 1000000))->documents.empty());
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(20));
}

namespace {

// Any tree, written as JSON with blanks and breaks between: all JSON of this kind is YAML.
Json any_tree(int depth) {
  const int kind = *rc::gen::inRange(0, depth > 0 ? 3 : 1);
  const auto word = rc::gen::container<std::string>(
      rc::gen::oneOf(rc::gen::inRange<char>('a', 'z'), rc::gen::inRange<char>(' ', '~')));
  if (kind == 0) return *word;
  const int count = *rc::gen::inRange(0, 4);
  Json out = kind == 1 ? Json::array() : Json::object();
  for (int i = 0; i < count; ++i) {
    if (kind == 1)
      out.push(any_tree(depth - 1));
    else
      out.set(fmt::format("{}{}", *word, i), any_tree(depth - 1));
  }
  return out;
}

// Writes it in blocks, with scalars in double quotes.
void write_blocks(std::string& out, const Json& tree, std::size_t indent) {
  if (tree.string() != nullptr || (tree.items().empty() && tree.members().empty())) {
    out += " " + tree.dump() + "\n";
    return;
  }
  out += "\n";
  for (const Json& item : tree.items()) {
    out.append(indent, ' ').append("-");
    write_blocks(out, item, indent + 1);
  }
  for (const auto& [key, value] : tree.members()) {
    out.append(indent, ' ').append(Json(key).dump()).append(":");
    write_blocks(out, value, indent + 1);
  }
}

// Each node's bytes are within its parent's, and say the same when they are read alone.
void check_places(std::string_view text, const Node& node) {
  if (node.style == Style::flow || node.kind == Kind::scalar) {
    const auto alone = parse(bytes_of(text, node));
    RC_ASSERT(alone);
    RC_ASSERT(shape(alone->documents.at(0).root()) == shape(node));
  }
  const auto check_child = [&](const Node& child) {
    RC_ASSERT(child.span.offset >= node.span.offset);
    RC_ASSERT(child.span.offset + child.span.length <= node.span.offset + node.span.length);
    check_places(text, child);
  };
  for (const Node* item : node.items) check_child(*item);
  for (const Member& member : node.members) {
    check_child(*member.key);
    check_child(*member.value);
  }
}

}  // namespace

TEST_CASE("any tree is read as it was written, and knows where it stands") {
  CHECK(rc::check([] {
    const Json tree = any_tree(4);
    std::string blocks = "---";
    write_blocks(blocks, tree, 0);
    for (const std::string& text : {tree.dump(1), blocks}) {
      const auto file = parse(text);
      if (!file) RC_FAIL(file.error().where + ": " + file.error().what + "\n" + text);
      RC_ASSERT(file->documents.size() == 1u);
      RC_ASSERT(shape(file->documents[0].root()) == tree);
      check_places(text, file->documents[0].root());
    }
  }));
}
