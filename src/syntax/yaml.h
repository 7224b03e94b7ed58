#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/problem.h"

// YAML as a tree that remembers where everything stands and how it was written. On libyaml: YAML 1.1, and what 1.2 does
// differently matters only for the meaning of plain scalars, which is left to whoever asks for it.
namespace wiretight::yaml {

enum class Kind { scalar, sequence, mapping };
enum class Style { plain, single_quoted, double_quoted, literal, folded, block, flow };

// Bytes of the text, and for people lines and columns from 1, columns in UTF-16 code units as in FilePlace. The end is
// where the first byte behind it stands.
struct Span {
  std::size_t offset = 0;
  std::size_t length = 0;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::uint32_t end_line = 0;
  std::uint32_t end_column = 0;
};

// "3:5"
std::string to_text(const Span& span);

struct Node;

struct Member {
  const Node* key = nullptr;
  const Node* value = nullptr;
  bool merged = false;  // taken over from another mapping by "<<"
};

// An alias is the very node that it names, so a node can stand at several places of the tree, though never within
// itself: a walk ends, and visits no more nodes than the limit.
struct Node {
  Kind kind = Kind::scalar;
  Style style = Style::plain;
  std::string tag = {};  // "!Ref", "tag:yaml.org,2002:str"; empty when none is written
  std::string anchor = {};
  std::string text = {};                // of a scalar, without quotes and escapes
  std::vector<const Node*> items = {};  // of a sequence
  std::vector<Member> members = {};     // of a mapping, as they stand; merged ones follow
  Span span = {};                       // of the value itself, without tag and anchor

  // The value of the last member with that scalar key, or nullptr.
  const Node* find(std::string_view key) const;
  // What a plain scalar without a tag means by the core schema of YAML 1.2; nothing for any other node.
  bool is_null() const;
  std::optional<bool> boolean() const;
  std::optional<std::int64_t> integer() const;
};

// One document. Its nodes stay where they are when it is moved.
class Document {
 public:
  Document() = default;
  // A deque of libstdc++ may allocate when it is moved; a program that is out of memory ends anyway.
  Document(Document&&) noexcept = default;
  Document& operator=(Document&&) noexcept = default;
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;

  // A document without content is a plain scalar without text.
  const Node& root() const { return *root_; }

 private:
  friend class Builder;
  std::deque<Node> nodes_ = {};
  const Node* root_ = nullptr;
};

struct File {
  std::vector<Document> documents = {};  // none for a text of blanks and comments
  // Keys that stand twice in one mapping, at most a thousand. Readers of YAML differ about which counts; most take the
  // last.
  std::vector<Problem> repeated = {};
};

struct Limits {
  std::size_t bytes = std::size_t{16} << 20;
  std::size_t nodes = 1'000'000;  // in the whole file, each alias counted as the tree that it stands for
  std::size_t depth = 128;
};

// Reads UTF-8, all documents or none. The problem's place is "line:column", also of `repeated`.
Outcome<File> parse(std::string_view text, const Limits& limits = {});

}  // namespace wiretight::yaml
