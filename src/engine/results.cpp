#include "engine/results.h"

#include <algorithm>
#include <functional>

#include "engine/grade.h"

namespace wiretight {
namespace {

// The words of the contract, in the order of the enumerators.
constexpr std::array<std::string_view, 6> kind_words = {"endpoint", "tree", "trail", "flowlog", "capture", "account"};
constexpr std::array<std::string_view, 3> status_words = {"complete", "partial", "failed"};
constexpr std::array<std::string_view, 3> verdict_words = {"tight", "leaking", "incomplete"};

}  // namespace

std::string_view to_text(TargetKind kind) { return kind_words.at(static_cast<std::size_t>(kind)); }
std::string_view to_text(TargetStatus status) { return status_words.at(static_cast<std::size_t>(status)); }
std::string_view to_text(Verdict verdict) { return verdict_words.at(static_cast<std::size_t>(verdict)); }

std::optional<TargetKind> target_kind_from(std::string_view text) {
  const auto found = std::ranges::find(kind_words, text);
  if (found == kind_words.end()) return std::nullopt;
  return static_cast<TargetKind>(found - kind_words.begin());
}

Counts Results::summary() const {
  Counts counts = streamed.findings;
  for (const Finding& finding : findings) ++counts.at(static_cast<std::size_t>(finding.severity));
  return counts;
}

Counts Results::unreported() const {
  Counts counts = streamed.unreported;
  for (const TargetResult& target : targets)
    std::ranges::transform(counts, target.unreported, counts.begin(), std::plus());
  return counts;
}

std::optional<Severity> worst_counted(const Counts& counts) {
  std::optional<Severity> worst;
  for (const Severity severity : severities) {
    if (counts.at(static_cast<std::size_t>(severity)) > 0) worst = std::max(worst, std::optional(severity));
  }
  return worst;
}

Verdict verdict_of(TargetStatus status, std::optional<Severity> worst) {
  if (status != TargetStatus::complete) return Verdict::incomplete;
  return worst && *worst > Severity::info ? Verdict::leaking : Verdict::tight;
}

void conclude(Results& results) {
  std::array<int, 3> by_status = results.streamed.targets;
  for (TargetResult& target : results.targets) {
    ++by_status.at(static_cast<std::size_t>(target.status));
    if (target.status != TargetStatus::complete) target.grade.reset();
    if (target.grade) fold_worst(results.grade, *target.grade);
  }
  const auto count = [&](TargetStatus status) { return by_status.at(static_cast<std::size_t>(status)); };
  const bool complete =
      count(TargetStatus::complete) > 0 && count(TargetStatus::partial) == 0 && count(TargetStatus::failed) == 0;

  const std::optional<Severity> worst = std::max(worst_counted(results.summary()), worst_counted(results.unreported()));
  results.verdict = verdict_of(complete ? TargetStatus::complete : TargetStatus::partial, worst);
  if (!complete) results.grade.reset();
}

int exit_code_of(const Results& results, std::optional<Severity> fail_on) {
  if (results.verdict == Verdict::incomplete) return 3;
  const std::optional<Severity> worst = std::max(worst_counted(results.summary()), worst_counted(results.unreported()));
  return fail_on && worst && *worst >= *fail_on ? 1 : 0;
}

}  // namespace wiretight
