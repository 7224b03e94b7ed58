#include "engine/judge.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "core/digest.h"
#include "core/glob.h"

namespace wiretight {
namespace {

bool is_asked_for(const Weakness& weakness, const Ask& ask) {
  if (ask.rules.empty()) return !weakness.opt_in;
  return std::ranges::find(ask.rules, weakness.name, &RuleName::rule) != ask.rules.end();
}

bool is_asked_for(const Finding& finding, const Ask& ask) {
  const auto covers = [&](const RuleName& name) { return name.covers(finding); };
  if (!ask.rules.empty() && std::ranges::none_of(ask.rules, covers)) return false;
  if (std::ranges::any_of(ask.ignored, covers)) return false;
  return ask.categories.empty() || std::ranges::any_of(ask.categories, [&](Category category) {
           return category == finding.category || (category == Category::ai && finding.ai);
         });
}

// The host of "host:port" and "[v6]:port".
std::string_view host_of(std::string_view endpoint) {
  const std::string_view host = endpoint.substr(0, endpoint.rfind(':'));
  return host.starts_with('[') && host.ends_with(']') ? host.substr(1, host.size() - 2) : host;
}

// What the globs of an allowance are held against.
std::vector<std::string_view> names_of(const Finding& finding) {
  std::vector<std::string_view> out = {finding.target};
  if (const auto* endpoint = std::get_if<EndpointPlace>(&finding.location)) {
    out.emplace_back(endpoint->endpoint);
    out.push_back(host_of(endpoint->endpoint));
    if (!endpoint->address.empty()) out.emplace_back(endpoint->address);
  } else if (const auto* file = std::get_if<FilePlace>(&finding.location)) {
    out.emplace_back(file->file);
  } else if (const auto* resource = std::get_if<ResourcePlace>(&finding.location)) {
    out.emplace_back(resource->resource);
  } else if (const auto* capture = std::get_if<CapturePlace>(&finding.location)) {
    out.emplace_back(capture->file);
  } else if (const auto* trail = std::get_if<TrailPlace>(&finding.location)) {
    out.emplace_back(trail->file);
  }
  return out;
}

bool holds(const Allowance& allowance, const Finding& finding, std::int64_t now) {
  if (allowance.until && now >= *allowance.until) return false;
  if (!allowance.rule.covers(finding)) return false;
  const std::vector<std::string_view> names = names_of(finding);
  return allowance.where.empty() || std::ranges::any_of(allowance.where, [&](const std::string& glob) {
           return std::ranges::any_of(names, [&](std::string_view name) { return glob_match(glob, name); });
         });
}

std::optional<Suppression> suppression_of(const Finding& finding, const Ask& ask, std::int64_t now) {
  for (const Allowance& allowance : ask.allowances)
    if (holds(allowance, finding, now)) return Suppression{.by = "configuration", .reason = allowance.reason};
  if (ask.baseline.contains(finding.fingerprint))
    return Suppression{.by = "baseline", .reason = "the baseline has it already"};
  return std::nullopt;
}

// Keeps the first, which is the worst, of what has the same fingerprint at one target.
void drop_repeated(std::vector<Finding>& findings) {
  std::set<std::pair<std::string, std::string>> seen;
  std::erase_if(findings,
                [&](const Finding& finding) { return !seen.emplace(finding.target, finding.fingerprint).second; });
}

}  // namespace

Judgement judge(const FactSet& facts, const Ask& ask, std::int64_t now) { return judge(facts, ask, now, catalogue()); }

Judgement judge(const FactSet& facts, const Ask& ask, std::int64_t now, std::span<const Weakness> weaknesses) {
  Findings out(ask.profile);
  for (const Weakness& weakness : weaknesses) {
    if (!is_asked_for(weakness, ask)) continue;
    out.begin(weakness);
    weakness.rule->check(facts, out);
  }
  std::vector<Finding>& findings = out.list();
  std::erase_if(findings, [&](const Finding& finding) { return !is_asked_for(finding, ask); });
  for (Finding& finding : findings) finding.fingerprint = fingerprint_of(finding);
  sort_findings(findings);
  drop_repeated(findings);

  Judgement judgement;
  for (Finding& finding : findings) {
    finding.suppressed = suppression_of(finding, ask, now);
    std::vector<Finding>& list = finding.suppressed             ? judgement.suppressed
                                 : finding.severity < ask.least ? judgement.unreported
                                                                : judgement.findings;
    list.push_back(std::move(finding));
  }
  return judgement;
}

std::string fingerprint_of(const Finding& finding) {
  // An endpoint is what it is by whatever name the target was given; a place of another kind stands within its target.
  const bool by_itself = std::holds_alternative<EndpointPlace>(finding.location);
  std::string text;
  for (const std::string& part : {finding.rule, finding.detector, by_itself ? std::string() : finding.target,
                                  anchor_of(finding.location), finding.identity}) {
    text += std::to_string(part.size()) + ":" + part;  // the length, so that no two lists of parts give the same text
  }
  return sha256_hex(text).substr(0, 32);
}

void sort_findings(std::vector<Finding>& findings) {
  const auto key = [](const Finding& finding) {
    return std::tie(finding.location, finding.rule, finding.detector, finding.message, finding.identity,
                    finding.target);
  };
  std::ranges::sort(findings, [&](const Finding& one, const Finding& other) {
    if (one.severity != other.severity) return one.severity > other.severity;
    return key(one) < key(other);
  });
}

}  // namespace wiretight
