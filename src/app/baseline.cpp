#include "app/baseline.h"

#include <cstdint>
#include <fmt/format.h>
#include <string_view>

#include "core/file.h"
#include "core/json.h"

namespace wiretight {

Outcome<std::set<std::string>> load_baseline(const std::string& file) {
  constexpr std::uint64_t most_bytes = std::uint64_t{256} << 20;
  const Outcome<std::string> text = read_file(file, most_bytes);
  if (!text) return std::unexpected(text.error());
  const Outcome<Json> saved = parse_json(*text);
  if (!saved) return failure(saved.error().what, fmt::format("{}:{}", file, saved.error().where));
  if (saved->text("schema") != "wiretight/1" || saved->find("findings") == nullptr) {
    return failure("is no saved result: 'wiretight scan --format json=FILE' writes one", file);
  }
  std::set<std::string> out;
  for (const std::string_view list : {"findings", "suppressed"}) {
    const Json* findings = saved->find(list);
    if (findings == nullptr) continue;
    for (const Json& finding : findings->items()) {
      if (!finding.text("fingerprint").empty()) out.emplace(finding.text("fingerprint"));
    }
  }
  return out;
}

}  // namespace wiretight
