#include <cstdint>
#include <string>
#include <string_view>

#include "policy/guards.h"
#include "policy/parse.h"
#include "require.h"

// Policies come from anybody's repository. Beyond "no crash": a refusal says why and where, what is read keeps the text
// of every element, statements are counted from 0, and an operator that was taken is taken again.
namespace {

namespace policy = wiretight::policy;

void check(const policy::Text& text) {
  std::string again;
  bool literal = true;
  for (const policy::Piece& piece : text.pieces) {
    literal = literal && (piece.kind == policy::Piece::Kind::literal || piece.kind == policy::Piece::Kind::run ||
                          piece.kind == policy::Piece::Kind::one);
    if (piece.kind == policy::Piece::Kind::literal) require(!piece.text.empty());
    again += piece.kind == policy::Piece::Kind::run ? "*" : piece.kind == policy::Piece::Kind::one ? "?" : piece.text;
  }
  // "${*}" is a star that stands for itself.
  if (literal && text.raw.find("${") == std::string::npos) require(again == text.raw);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto node = policy::read_json(text, "p.json");
  if (!node) {
    require(!node.error().what.empty() && node.error().where.starts_with("p.json:"));
    return 0;
  }
  const auto read = policy::parse_policy(*node, "policy");
  if (!read) {
    require(!read.error().what.empty());
    return 0;
  }
  std::size_t next = 0;
  for (const policy::Statement& statement : read->statements) {
    require(statement.index >= next);
    next = statement.index + 1;
    for (const auto* element : {&statement.actions, &statement.resources})
      for (const policy::Text& entry : element->entries) check(entry);
    for (const policy::Test& test : statement.tests) {
      for (const policy::Text& value : test.values) check(value);
      if (test.unknown.empty()) require(policy::parse_operator(test.operator_name).has_value());
    }
    policy::is_guard(statement);
  }
  return 0;
}
