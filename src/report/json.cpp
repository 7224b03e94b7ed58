#include "report/json.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "core/text.h"
#include "report/clean.h"
#include "report/json_parts.h"

namespace wiretight::report {
namespace {

Json to_json(const Step& step) {
  return Json::object({{"location", report::to_json(step.place)}, {"message", clean(step.message)}});
}

Json to_json(const Remediation& remediation) {
  return Json::object({{"summary", clean(remediation.summary, true)},
                       {"steps", strings(remediation.steps)},
                       {"references", strings(remediation.references)}});
}

// File names and texts of edits stay as they are, byte for byte: they are written, not shown.
Json to_json(const Fix& fix) {
  Json edits = Json::array();
  for (const Edit& edit : fix.edits) {
    edits.push(
        Json::object({{"file", edit.file}, {"offset", edit.offset}, {"length", edit.length}, {"text", edit.text}}));
  }
  return Json::object({{"title", clean(fix.title)}, {"edits", std::move(edits)}});
}

Json to_json(const GradeLine& line) {
  return Json::object({{"target", clean(line.target)},
                       {"rule", clean(line.rule)},
                       {"points", line.points},
                       {"cap", line.cap ? Json(*line.cap) : Json()},
                       {"reason", clean(line.reason)}});
}

Json counts_json(const Counts& counts) {
  Json out = Json::object();
  for (const Severity severity : severities) {
    out.set(std::string(to_text(severity)), counts.at(static_cast<std::size_t>(severity)));
  }
  return out;
}

void add_grade(Json& out, const std::optional<Grade>& grade) {
  out.set("score", grade ? Json(grade->score) : Json());
  out.set("grade", grade ? Json(grade->letter) : Json());
}

}  // namespace

Json cleaned(const Json& value) {
  if (const std::string* text = value.string()) return clean(*text, true);
  if (value.is_array()) return list(value.items(), cleaned);
  if (!value.is_object()) return value;
  Json out = Json::object();
  for (const auto& [key, member] : value.members()) {
    out.set(clean(key), member.string() != nullptr && names_secret(key) ? Json("***") : cleaned(member));
  }
  return out;
}

Json strings(std::span<const std::string> texts) {
  return list(texts, [](const std::string& text) { return Json(clean(text, true)); });
}

Json to_json(const Place& place) {
  return std::visit(
      [](const auto& is) {
        using Kind = std::decay_t<decltype(is)>;
        Json out = Json::object();
        if constexpr (std::is_same_v<Kind, FilePlace>) {
          out.set("file", clean(is.file));
          if (is.line > 0) {
            out.set("line", is.line).set("column", is.column).set("endLine", is.end_line);
            out.set("endColumn", is.end_column);
          }
        } else if constexpr (std::is_same_v<Kind, EndpointPlace>) {
          out.set("endpoint", clean(is.endpoint));
          if (!is.address.empty()) out.set("address", clean(is.address));
        } else if constexpr (std::is_same_v<Kind, ResourcePlace>) {
          out.set("resource", clean(is.resource));
        } else if constexpr (std::is_same_v<Kind, CapturePlace>) {
          out.set("capture", clean(is.file)).set("frame", is.frame).set("stream", is.stream);
          if (is.offset > 0) out.set("offset", is.offset);
        } else if constexpr (std::is_same_v<Kind, TrailPlace>) {
          out.set("trail", clean(is.file));
          if (is.record > 0) out.set("record", is.record);
        }
        return out;
      },
      place);
}

Json to_json(const Finding& finding) {
  Json out = Json::object({
      {"fingerprint", finding.fingerprint},
      {"rule", clean(finding.rule)},
      {"detector", clean(finding.detector)},
      {"severity", to_text(finding.severity)},
      {"confidence", to_text(finding.confidence)},
      {"category", to_text(finding.category)},
      {"ai", finding.ai},
      {"cwe", strings(finding.cwe)},
      {"title", clean(finding.title)},
      {"message", clean(finding.message)},
      {"target", clean(finding.target)},
      {"location", to_json(finding.location)},
      {"evidence", finding.evidence.is_object() ? cleaned(finding.evidence) : Json::object()},
      {"trace", list(finding.trace, [](const Step& step) { return to_json(step); })},
      {"remediation", to_json(finding.remediation)},
      {"fixes", list(finding.fixes, [](const Fix& fix) { return to_json(fix); })},
      {"related", strings(finding.related)},
      {"compliance", strings(finding.compliance)},
      {"cap", finding.cap ? Json(*finding.cap) : Json()},
  });
  if (finding.suppressed) {
    out.set("suppressed",
            Json::object({{"by", clean(finding.suppressed->by)}, {"reason", clean(finding.suppressed->reason)}}));
  }
  return out;
}

Json to_json(const TargetResult& target) {
  Json out = Json::object({
      {"target", clean(target.target)},
      {"kind", to_text(target.kind)},
      {"status", to_text(target.status)},
  });
  add_grade(out, target.grade);
  out.set("statistics", target.statistics.is_object() ? cleaned(target.statistics) : Json::object());
  out.set("lookedAt", strings(target.looked_at));
  out.set("problems", list(target.problems, [](const Gap& gap) {
            return Json::object({{"place", clean(gap.place)}, {"message", clean(gap.message)}});
          }));
  if (worst_counted(target.unreported)) out.set("unreported", counts_json(target.unreported));
  return out;
}

Json head_of(const Results& results) {
  Json out = Json::object({
      {"schema", "wiretight/1"},
      {"tool",
       Json::object(
           {{"name", "wiretight"}, {"version", clean(results.version)}, {"rules", clean(results.rules_sha256)}})},
      {"scan", Json::object({{"startedAt", rfc3339_ms(results.started_at)},
                             {"durationMs", results.duration_ms},
                             {"arguments", strings(results.arguments)}})},
      {"verdict", to_text(results.verdict)},
  });
  // Never a grade for what was not wholly seen, whoever filled it in.
  const std::optional<Grade> grade = results.verdict == Verdict::incomplete ? std::nullopt : results.grade;
  add_grade(out, grade);
  out.set("gradeLines",
          grade ? list(grade->lines, [](const GradeLine& line) { return to_json(line); }) : Json::array());
  out.set("summary", counts_json(results.summary()));
  return out;
}

std::string json(const Results& results) {
  const auto finding_json = [](const Finding& finding) { return to_json(finding); };
  Json out = head_of(results);
  out.set("targets", list(results.targets, [](const TargetResult& target) { return to_json(target); }));
  out.set("findings", list(results.findings, finding_json));
  out.set("suppressed", list(results.suppressed, finding_json));
  if (results.with_proofs)
    out.set("proofs", list(results.facts.proofs, [](const Proof& proof) { return to_json(proof); }));
  if (results.with_facts) {
    out.set(
        "facts",
        Json::object(
            {{"listeners", list(results.facts.listeners, [](const Listener& listener) { return to_json(listener); })},
             {"flows", list(results.facts.flows, [](const Flow& flow) { return to_json(flow); })},
             {"loggedFlows", list(results.facts.logged_flows, [](const LoggedFlow& flow) { return to_json(flow); })},
             {"calls", list(results.facts.calls, [](const CallGroup& group) { return to_json(group); })},
             {"trailCoverage",
              list(results.facts.trail_coverage, [](const TrailCoverage& row) { return to_json(row); })}}));
  }
  return out.dump(2) + "\n";
}

}  // namespace wiretight::report
