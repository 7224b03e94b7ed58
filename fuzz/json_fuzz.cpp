#include <cstdint>
#include <string_view>

#include "core/json.h"
#include "core/utf8.h"
#include "require.h"

// A saved result is read back as a baseline, and anybody may have written it. Beyond "no crash": what was read is
// written as JSON that reads back to the same value, on one line and indented, and the depth holds.
namespace {

using wiretight::Json;

constexpr int most_deep = 64;

void walk(const Json& value, int depth) {
  require(depth <= most_deep);
  if (value.string() != nullptr) require(wiretight::is_utf8(*value.string()));
  for (const Json& item : value.items()) walk(item, depth + 1);
  for (const auto& [name, member] : value.members()) {
    require(wiretight::is_utf8(name));
    require(value.find(name) != nullptr);
    walk(member, depth + 1);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto value = wiretight::parse_json(text, most_deep);
  if (!value) {
    require(!value.error().what.empty() && value.error().where.contains(':'));
    return 0;
  }
  walk(*value, 0);
  for (const int indent : {0, 2}) {
    const auto again = wiretight::parse_json(value->dump(indent), most_deep);
    require(again && *again == *value);
  }
  return 0;
}
