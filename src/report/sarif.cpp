#include "report/sarif.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <fmt/format.h>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "core/json.h"
#include "core/text.h"
#include "report/clean.h"
#include "report/json.h"
#include "report/json_parts.h"
#include "report/sarif_parts.h"
#include "report/words.h"

// Limits are those of "SARIF support for code scanning" (docs.github.com, 2025): beyond them an upload is refused.

namespace wiretight::report {
namespace {

constexpr std::size_t most_results = 25000;
constexpr std::size_t most_steps = 1000;  // shown of 10,000 that are taken
constexpr std::string_view not_assessed = "not-assessed";
constexpr std::string_view left_out = "results-left-out";

// The rules of the results, by name, and where each stands in the list.
struct Rules {
  Json list = Json::array();
  std::map<std::string_view, int> index = {};
};

Rules rules_of(const std::vector<const Finding*>& findings) {
  struct Seen {
    const Finding* first = nullptr;
    Severity worst = Severity::info;
    Confidence least_certain = Confidence::certain;
  };
  std::map<std::string_view, Seen> seen;
  for (const Finding* finding : findings) {
    Seen& rule = seen[finding->rule];
    if (rule.first == nullptr) rule.first = finding;
    rule.worst = std::max(rule.worst, finding->severity);
    rule.least_certain = std::min(rule.least_certain, finding->confidence);
  }
  Rules out;
  for (const auto& [name, rule] : seen) {
    out.index[name] = static_cast<int>(out.list.items().size());
    out.list.push(sarif_rule(*rule.first, rule.worst, rule.least_certain));
  }
  return out;
}

// How the value got to where it is used; ends at the finding itself.
Json code_flows(const Finding& finding) {
  Json locations = Json::array();
  const auto add = [&](const Place& place, std::string_view message) {
    Json location = sarif_location(place, finding.target);
    location.set("message", sarif_message(message));
    locations.push(Json::object({{"location", std::move(location)}}));
  };
  for (const Step& step : finding.trace) {
    if (locations.items().size() + 1 < most_steps) add(step.place, step.message);
  }
  add(finding.location, finding.message);
  return Json::array(
      {Json::object({{"threadFlows", Json::array({Json::object({{"locations", std::move(locations)}})})}})});
}

// Offsets and texts of edits are bytes to be written, so they stay as they are.
Json fix_json(const Fix& fix) {
  std::vector<std::pair<std::string_view, Json>> by_file;
  for (const Edit& edit : fix.edits) {
    auto file = std::ranges::find(by_file, edit.file, &std::pair<std::string_view, Json>::first);
    if (file == by_file.end()) file = by_file.insert(by_file.end(), {edit.file, Json::array()});
    file->second.push(
        Json::object({{"deletedRegion", Json::object({{"byteOffset", edit.offset}, {"byteLength", edit.length}})},
                      {"insertedContent", Json::object({{"text", edit.text}})}}));
  }
  Json changes = Json::array();
  for (auto& [file, replacements] : by_file) {
    changes.push(Json::object({{"artifactLocation", sarif_artifact(file)}, {"replacements", std::move(replacements)}}));
  }
  return Json::object({{"description", sarif_message(fix.title)}, {"artifactChanges", std::move(changes)}});
}

Json suppression_json(const Suppression& suppression) {
  return Json::object({{"kind", suppression.by == "comment" ? "inSource" : "external"},
                       {"status", "accepted"},
                       {"justification", clean(suppression.reason.empty() ? suppression.by : suppression.reason)}});
}

// What SARIF has no word for, and the real place, which for GitHub is an artifact that does not exist.
Json properties_of(const Finding& finding) {
  Json out = Json::object({{"detector", clean(finding.detector)},
                           {"severity", to_text(finding.severity)},
                           {"confidence", to_text(finding.confidence)},
                           {"category", to_text(finding.category)},
                           {"ai", finding.ai},
                           {"target", clean(finding.target)},
                           {"location", to_json(finding.location)},
                           {"evidence", cleaned(finding.evidence)},
                           {"cwe", strings(finding.cwe)},
                           {"compliance", strings(finding.compliance)},
                           {"related", strings(finding.related)}});
  if (const std::string_view score = security_severity(finding.severity); !score.empty()) {
    out.set("security-severity", score);
  }
  return out;
}

Json result_json(const Finding& finding, int rule) {
  Json out = Json::object({
      {"ruleId", clean(finding.rule)},
      {"ruleIndex", rule},
      {"level", sarif_level(finding.severity)},
      {"message", sarif_message(finding.message)},
      {"locations", Json::array({sarif_location(finding.location, finding.target)})},
      // The only one that GitHub reads is named after the hash of a line; a line that moved keeps its fingerprint.
      {"partialFingerprints",
       Json::object({{"primaryLocationLineHash", finding.fingerprint + ":1"}, {"wiretight/v1", finding.fingerprint}})},
  });
  if (!finding.trace.empty()) out.set("codeFlows", code_flows(finding));
  const bool edits = std::ranges::any_of(finding.fixes, [](const Fix& fix) { return !fix.edits.empty(); });
  if (edits) {
    Json fixes = Json::array();
    for (const Fix& fix : finding.fixes) {
      if (!fix.edits.empty()) fixes.push(fix_json(fix));
    }
    out.set("fixes", std::move(fixes));
  }
  if (finding.suppressed) out.set("suppressions", Json::array({suppression_json(*finding.suppressed)}));
  out.set("properties", properties_of(finding));
  return out;
}

Json notification(std::string_view id, std::string_view level, std::string_view message) {
  return Json::object(
      {{"descriptor", Json::object({{"id", id}})}, {"level", level}, {"message", sarif_message(message)}});
}

Json gap_json(const Gap& gap, const TargetResult& target) {
  const std::string message = gap.place.empty() ? fmt::format("{}: {}", target.target, gap.message)
                                                : fmt::format("{}, {}: {}", target.target, gap.place, gap.message);
  Json out = notification(not_assessed, "error", message);
  out.set("locations", Json::array({sarif_location({}, target.target)}));
  out.set("properties", Json::object({{"target", clean(target.target)}, {"place", clean(gap.place)}}));
  return out;
}

Json notifications_of(const Results& results, std::size_t dropped) {
  Json out = Json::array();
  for (const TargetResult& target : results.targets) {
    for (const Gap& gap : target.problems) out.push(gap_json(gap, target));
    if (target.problems.empty() && target.status != TargetStatus::complete) {
      out.push(gap_json({.message = "could not be assessed; no reason was given"}, target));
    }
  }
  if (dropped > 0) {
    out.push(notification(
        left_out, "warning",
        fmt::format("{} results are left out: GitHub refuses files with more than {}.", dropped, most_results)));
  }
  return out;
}

int exit_code(const Results& results, std::optional<Severity> fail_on) {
  if (results.verdict == Verdict::incomplete) return 3;
  const bool fails = fail_on && std::ranges::any_of(severities, [&](Severity severity) {
                       return severity >= *fail_on && results.summary().at(static_cast<std::size_t>(severity)) > 0;
                     });
  return fails ? 1 : 0;
}

Json descriptor(std::string_view id, std::string_view text) {
  return Json::object({{"id", id}, {"shortDescription", Json::object({{"text", text}})}});
}

Json driver_of(const Results& results, Json rules) {
  return Json::object(
      {{"name", "wiretight"},
       {"version", clean(results.version)},
       {"semanticVersion", clean(results.version)},
       {"rules", std::move(rules)},
       {"notifications",
        Json::array({descriptor(not_assessed, "Something that was asked for could not be assessed. It is no pass."),
                     descriptor(left_out, "More was found than GitHub takes.")})},
       {"properties", Json::object({{"rulesSha256", clean(results.rules_sha256)}})}});
}

}  // namespace

std::string sarif(const Results& results, std::optional<Severity> fail_on) {
  // By severity, the suppressed ones last: what is beyond the limit is the least.
  std::vector<const Finding*> findings;
  for (const Finding& finding : results.findings) findings.push_back(&finding);
  for (const Finding& finding : results.suppressed) findings.push_back(&finding);
  const std::size_t dropped = findings.size() - std::min(findings.size(), most_results);
  findings.resize(findings.size() - dropped);

  Rules rules = rules_of(findings);
  Json list = Json::array();
  for (const Finding* finding : findings) list.push(result_json(*finding, rules.index.at(finding->rule)));

  const Json invocation = Json::object({{"arguments", strings(results.arguments)},
                                        {"startTimeUtc", rfc3339_ms(results.started_at)},
                                        {"endTimeUtc", rfc3339_ms(results.started_at + results.duration_ms)},
                                        {"exitCode", exit_code(results, fail_on)},
                                        {"exitCodeDescription", summary_text(results)},
                                        {"executionSuccessful", results.verdict != Verdict::incomplete},
                                        {"toolExecutionNotifications", notifications_of(results, dropped)}});
  const std::optional<Grade> grade = results.verdict == Verdict::incomplete ? std::nullopt : results.grade;
  const Json run = Json::object({{"tool", Json::object({{"driver", driver_of(results, std::move(rules.list))}})},
                                 {"invocations", Json::array({invocation})},
                                 {"columnKind", "utf16CodeUnits"},
                                 {"results", std::move(list)},
                                 {"properties", Json::object({{"verdict", to_text(results.verdict)},
                                                              {"score", grade ? Json(grade->score) : Json()},
                                                              {"grade", grade ? Json(grade->letter) : Json()}})}});
  return Json::object({{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                       {"version", "2.1.0"},
                       {"runs", Json::array({run})}})
             .dump(2) +
         "\n";
}

}  // namespace wiretight::report
