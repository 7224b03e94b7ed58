#include "report/jsonl.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "report/json.h"
#include "report/json_parts.h"

namespace wiretight::report {
namespace {

std::string line(const TargetResult& target, Json findings) {
  Json out = Json::object({{"schema", "wiretight/1"}, {"record", "target"}});
  const Json rest = to_json(target);
  for (const auto& [key, value] : rest.members()) out.set(key, value);
  out.set("findings", std::move(findings));
  return out.dump() + "\n";
}

}  // namespace

std::string jsonl_target(const TargetResult& target, std::span<const Finding> findings) {
  return line(target, list(findings, [](const Finding& finding) { return to_json(finding); }));
}

std::string jsonl_summary(const Results& results) {
  Json out = Json::object();
  const Json head = head_of(results);
  for (const auto& [key, value] : head.members()) {
    out.set(key, value);
    if (key == "schema") out.set("record", "summary");
  }
  std::array<int, 3> targets = results.streamed.targets;
  for (const TargetResult& target : results.targets) ++targets.at(static_cast<std::size_t>(target.status));
  Json counts = Json::object();
  for (const TargetStatus status : {TargetStatus::complete, TargetStatus::partial, TargetStatus::failed}) {
    counts.set(std::string(to_text(status)), targets.at(static_cast<std::size_t>(status)));
  }
  out.set("targets", std::move(counts));
  out.set("suppressed", static_cast<std::int64_t>(results.suppressed.size()) + results.streamed.suppressed);
  return out.dump() + "\n";
}

std::string jsonl(const Results& results) {
  std::map<std::string_view, std::vector<const Finding*>> by_target;
  for (const Finding& finding : results.findings) by_target[finding.target].push_back(&finding);
  std::string out;
  for (const TargetResult& target : results.targets) {
    out += line(target, list(by_target[target.target], [](const Finding* finding) { return to_json(*finding); }));
  }
  return out + jsonl_summary(results);
}

}  // namespace wiretight::report
