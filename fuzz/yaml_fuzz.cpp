#include <string_view>

#include "require.h"
#include "syntax/yaml.h"

// Beyond "no crash": the limits hold for a walk over all of the tree, and every node's bytes lie within the text.
namespace {

using namespace wiretight::yaml;

constexpr Limits limits = {.bytes = 1 << 20, .nodes = 10'000, .depth = 32};

// Counts each alias as the tree that it stands for; members that "<<" took over stand for what it named.
std::size_t walk(const Node& node, std::string_view text, std::size_t depth) {
  require(depth <= limits.depth);
  require(node.span.offset <= text.size() && node.span.length <= text.size() - node.span.offset);
  require(node.span.line >= 1 && node.span.column >= 1 && node.span.end_line >= node.span.line);
  require(node.kind == Kind::scalar || node.text.empty());
  require(node.find("no such key, surely") == nullptr);
  require(!(node.boolean() && node.integer()) && !(node.is_null() && node.integer()));
  std::size_t count = 1;
  for (const Node* item : node.items) count += walk(*item, text, depth + 1);
  for (const Member& member : node.members) {
    if (!member.merged) count += walk(*member.key, text, depth + 1);
    count += walk(*member.value, text, depth + 1);
  }
  return count;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto file = parse(text, limits);
  if (!file) {
    require(!file.error().what.empty() && file.error().where.contains(':'));
    return 0;
  }
  std::size_t count = 0;
  for (const Document& document : file->documents) count += walk(document.root(), text, 1);
  require(count <= limits.nodes);
  return 0;
}
