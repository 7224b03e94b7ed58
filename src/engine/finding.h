#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.h"
#include "core/place.h"
#include "facts/setting.h"

namespace wiretight {

enum class Severity { info, low, medium, high, critical };
enum class Confidence { tentative, firm, certain };
enum class Category { cleartext, protocol, cipher, certificate, downgrade, random, policy, credential, ai };

inline constexpr std::array severities = {Severity::critical, Severity::high, Severity::medium, Severity::low,
                                          Severity::info};

std::string_view to_text(Severity severity);
std::string_view to_text(Confidence confidence);
std::string_view to_text(Category category);
std::optional<Severity> severity_from(std::string_view text);
std::optional<Category> category_from(std::string_view text);

// Replace `length` bytes at `offset` of `file` by `text`.
struct Edit {
  std::string file = {};
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  std::string text = {};
};

struct Fix {
  std::string title = {};
  std::vector<Edit> edits = {};
};

struct Remediation {
  std::string summary = {};
  std::vector<std::string> steps = {};
  std::size_t fitting = 0;  // so many of the first steps are for this very case, the rest for whatever server it may be
  std::vector<std::string> references = {};
};

// Why a finding is not counted.
struct Suppression {
  std::string by = {};  // "configuration", "comment", "baseline"
  std::string reason = {};
};

// A weakness, seen by a detector, at a place, with the evidence that anyone can check again.
struct Finding {
  std::string fingerprint = {};  // stable across line moves; set by the engine
  std::string rule = {};
  std::string detector = {};
  Severity severity = Severity::info;
  Confidence confidence = Confidence::certain;
  Category category = Category::cleartext;
  bool ai = false;  // the client belongs to an AI/ML store or agent framework: the finding is also of category `ai`
  std::vector<std::string> cwe = {};
  std::string title = {};
  std::string message = {};  // one sentence with the concrete values
  std::string target = {};   // as the user named it
  Place location = {};
  Json evidence = Json::object();
  std::vector<Step> trace = {};
  Remediation remediation = {};
  std::vector<Fix> fixes = {};
  std::vector<std::string> related = {};
  std::vector<std::string> compliance = {};
  std::optional<int> cap = {};  // the score can be no better than this; the page says why
  std::string identity = {};    // tells findings of one rule, detector and place apart in the fingerprint
  std::optional<Suppression> suppressed = {};
};

}  // namespace wiretight
