#pragma once

#include <cstddef>
#include <fmt/format.h>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/host.h"
#include "engine/finding.h"
#include "facts/fact_set.h"

// How to add a rule: `./dev new-rule NAME` writes rules/NAME/{rule.cpp, rule.md}; nothing else is edited. The page
// carries title, default severity, CWE, category and controls; rule.cpp judges facts.

namespace wiretight {

// What the user asks for beyond the catalogue's defaults.
struct Profile {
  bool require_post_quantum = false;
  bool require_pins = false;
  std::vector<std::string> residency = {};  // globs of allowed regions; empty for no restriction
};

// How bad it is that traffic to a listener was proved to be readable on its way: critical on a public host and where
// nobody knows, high on a private network (it is shared, and its names can be taken over) and over loopback (who else
// reaches the port is not seen from there), medium on an endpoint that Amazon runs, because its customer cannot close
// it.
Severity severity_of_exposure(const Listener& listener);

// The same of traffic that was seen to be readable: critical on the way to a public host or to one that nobody knows,
// high on a private network, low where it did not leave the machine. Documentation's keys open nothing: low.
Severity severity_of_exposure(const Flow& flow);
Severity severity_of_exposure(const LoggedFlow& flow);

// What is reported where something that matters could not be resolved: one level less.
Severity one_less(Severity severity);

// What is best for an endpoint that Amazon runs while it has a defect that its customer cannot mend (endpoints.md 7.3).
inline constexpr int provider_cap = 79;

// A finding under construction; every call returns the draft itself.
class Draft {
 public:
  explicit Draft(Finding& finding) : finding_(finding) {}

  // The detector, when it is not that of the fact ("heartbleed").
  Draft& by(std::string_view detector) { return finding_.detector = detector, *this; }
  // The one sentence, with the concrete values.
  template <class... Values>
  Draft& says(fmt::format_string<Values...> text, Values&&... values) {
    finding_.message = fmt::format(text, std::forward<Values>(values)...);
    return *this;
  }
  Draft& severity(Severity severity) { return finding_.severity = severity, *this; }
  Draft& titled(std::string title) { return finding_.title = std::move(title), *this; }
  // A machine-readable fact for `evidence`.
  Draft& shows(std::string key, Json value) { return finding_.evidence.set(std::move(key), std::move(value)), *this; }
  // All members of an object.
  Draft& shows(const Json& members) {
    for (const auto& [key, value] : members.members()) shows(key, value);
    return *this;
  }
  Draft& confidence(Confidence confidence) { return finding_.confidence = confidence, *this; }
  // Replaces the page's CWE list.
  Draft& cwe(std::vector<std::string> list) { return finding_.cwe = std::move(list), *this; }
  // The score can be no better than `score` while this finding stands; wins over the page's `cap`. Nothing: no cap.
  Draft& caps(std::optional<int> score) { return finding_.cap = score, *this; }
  Draft& traced(std::vector<Step> trace) { return finding_.trace = std::move(trace), *this; }
  // Tells several findings of this rule at one place apart, e.g. the cipher suite or the certificate.
  Draft& about(std::string identity) { return finding_.identity = std::move(identity), *this; }
  // A concrete step for this case, before the page's general ones and after those added before.
  Draft& step(std::string step) {
    auto& steps = finding_.remediation.steps;
    steps.insert(steps.begin() + own_steps_++, std::move(step));
    ++finding_.remediation.fitting;
    return *this;
  }
  // The last word where Amazon runs the endpoint and its customer cannot change what is wrong: medium at most, with
  // what is left to do. Elsewhere it changes nothing.
  Draft& at_provider(const Listener& listener);
  Draft& mend(Fix fix) { return finding_.fixes.push_back(std::move(fix)), *this; }

 private:
  Finding& finding_;
  std::ptrdiff_t own_steps_ = 0;
};

// What rules add findings to. `add` fills in all that the rule's page says; the reference is good until the next add.
class Findings {
 public:
  explicit Findings(Profile profile = {}) : profile_(std::move(profile)) {}

  const Profile& profile() const { return profile_; }
  // With the severity of the rule's page, and with one that follows the destination or the context.
  Draft add(const Listener& listener);
  Draft add(const Listener& listener, Severity severity);
  Draft add(const Flow& flow);
  Draft add(const Flow& flow, Severity severity);
  Draft add(const LoggedFlow& flow, Severity severity);
  Draft add(const Caller& caller);
  Draft add(const TrailCoverage& coverage);
  // At the document, or at a statement of it.
  Draft add(const Proof& proof);
  Draft add(const Proof& proof, const FilePlace& place);
  // About a certificate. One that no client gets which asks for the right name is low, whatever the page says.
  Draft add(const Listener& listener, const struct CertificateUse& use);

  // For the engine.
  void begin(const struct Weakness& weakness) { weakness_ = &weakness; }
  std::vector<Finding>& list() { return list_; }

 private:
  Draft add(std::string_view target, Place place, std::string_view detector, Severity severity);

  Profile profile_;
  const Weakness* weakness_ = nullptr;
  std::vector<Finding> list_;
};

using Check = void (*)(const FactSet& facts, Findings& out);

// Turns a judgement over one fact into a check over all facts of that kind. Takes a lambda without captures.
template <class Fact, class Judge>
constexpr Check over(Judge) {
  return [](const FactSet& facts, Findings& out) {
    for (const Fact& fact : facts.all<Fact>()) Judge{}(fact, out);
  };
}

struct Rule {
  std::string_view name = {};
  Check check = nullptr;
};

}  // namespace wiretight
