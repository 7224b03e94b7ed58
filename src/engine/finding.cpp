#include "engine/finding.h"

#include <algorithm>
#include <utility>

namespace wiretight {
namespace {

// The words of the contract, in the order of the enumerators.
constexpr std::array<std::string_view, 5> severity_words = {"info", "low", "medium", "high", "critical"};
constexpr std::array<std::string_view, 3> confidence_words = {"tentative", "firm", "certain"};
constexpr std::array<std::string_view, 9> category_words = {
    "cleartext", "protocol", "cipher", "certificate", "downgrade", "random", "policy", "credential", "ai"};

template <class Enumeration, std::size_t N>
std::optional<Enumeration> enumerator(const std::array<std::string_view, N>& words, std::string_view text) {
  const auto found = std::ranges::find(words, text);
  if (found == words.end()) return std::nullopt;
  return static_cast<Enumeration>(found - words.begin());
}

}  // namespace

std::string_view to_text(Severity severity) { return severity_words.at(static_cast<std::size_t>(severity)); }
std::string_view to_text(Confidence confidence) { return confidence_words.at(static_cast<std::size_t>(confidence)); }
std::string_view to_text(Category category) { return category_words.at(static_cast<std::size_t>(category)); }
std::optional<Severity> severity_from(std::string_view text) { return enumerator<Severity>(severity_words, text); }
std::optional<Category> category_from(std::string_view text) { return enumerator<Category>(category_words, text); }

}  // namespace wiretight
