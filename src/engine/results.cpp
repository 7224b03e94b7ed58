#include "engine/results.h"

#include <algorithm>

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

std::array<int, 5> Results::summary() const {
  std::array<int, 5> counts = streamed.findings;
  for (const Finding& finding : findings) ++counts.at(static_cast<std::size_t>(finding.severity));
  return counts;
}

}  // namespace wiretight
