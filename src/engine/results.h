#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/json.h"
#include "engine/finding.h"
#include "facts/fact_set.h"

namespace wiretight {

enum class TargetKind { endpoint, tree, trail, flowlog, capture, account };
enum class TargetStatus { complete, partial, failed };
enum class Verdict { tight, leaking, incomplete };

std::string_view to_text(TargetKind kind);
std::string_view to_text(TargetStatus status);
std::string_view to_text(Verdict verdict);
std::optional<TargetKind> target_kind_from(std::string_view text);

// How many findings, by severity, indexed by the enumerator.
using Counts = std::array<int, 5>;

// One line of the grade's explanation. `points` is negative for a deduction; `cap` is set where the line limits the
// score.
struct GradeLine {
  std::string target = {};
  std::string rule = {};
  int points = 0;
  std::optional<int> cap = {};
  std::string reason = {};
};

struct Grade {
  int score = 0;
  std::string letter = {};
  std::vector<GradeLine> lines = {};
};

// What became of one target: the unit in which "no finding" is qualified by what was looked at.
struct TargetResult {
  std::string target = {};
  TargetKind kind = TargetKind::endpoint;
  TargetStatus status = TargetStatus::complete;
  Json statistics = Json::object();  // always "bytes" and "milliseconds"; more by kind, see the contract
  std::vector<std::string> looked_at =
      {};  // one line each for people: "TLS 1.0 to 1.3: 361 suites offered, 7 accepted"
  std::vector<Gap> problems = {};
  Counts unreported = {};  // findings below the severity that was asked for: they count for verdict and exit code
  std::optional<Grade> grade = {};  // of this target alone; none when it is not complete
};

// What was handed out target by target and is not kept, so that memory does not grow with the list of targets.
struct Streamed {
  Counts findings = {};
  Counts unreported = {};
  std::array<int, 3> targets = {};  // by status, indexed by the enumerator
  int suppressed = 0;
};

// Everything that a report can show; the JSON of the contract, one to one.
struct Results {
  std::string version = {};
  std::string rules_sha256 = {};
  std::int64_t started_at = 0;  // milliseconds since 1970, UTC
  std::int64_t duration_ms = 0;
  std::vector<std::string> arguments = {};
  Verdict verdict = Verdict::incomplete;
  std::optional<Grade> grade = {};  // none when incomplete
  std::vector<TargetResult> targets = {};
  std::vector<Finding> findings = {};    // shown ones, by severity and location
  std::vector<Finding> suppressed = {};  // counted, never lost
  FactSet facts = {};
  bool with_facts = false;   // --facts
  bool with_proofs = false;  // `prove` was asked: the facts hold its proofs, whatever else
  Streamed streamed = {};

  // What is reported, with the streamed ones.
  Counts summary() const;
  // What is below the severity that was asked for, with the streamed ones.
  Counts unreported() const;
};

// The worst severity that is counted; nothing where none is.
std::optional<Severity> worst_counted(const Counts& counts);

// Incomplete unless all was looked at, whatever was found; else leaking with any finding above info; else tight.
Verdict verdict_of(TargetStatus status, std::optional<Severity> worst);

// Fills in verdict and grade from the targets, the findings and what was streamed. A scan without a target is
// incomplete. What is not complete has no grade, neither a target nor the scan; else the grade is that of the worst
// target, where `grade` may hold that of the streamed ones already.
void conclude(Results& results);

// What the program ends with, by the contract: 3 when incomplete, 1 with a finding at or above `fail_on` (nothing:
// never), reported or not, else 0.
int exit_code_of(const Results& results, std::optional<Severity> fail_on);

}  // namespace wiretight
