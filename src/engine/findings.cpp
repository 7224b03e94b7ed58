#include <algorithm>
#include <cassert>
#include <cstddef>
#include <functional>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "core/text.h"
#include "engine/catalogue.h"
#include "engine/rule.h"

namespace wiretight {
namespace {

// The name in what a server says of itself: "nginx" of "nginx/1.22.1". Amazon's own says "Server", which names nothing.
std::string name_of(std::string_view server) {
  const std::string name = lower(server.substr(0, server.find_first_of("/( ")));
  return name == "server" ? "" : name;
}

// The steps of a page that are for one product begin with its name and a colon: "nginx, stunnel: …". Those for what
// answers here come first.
void put_fitting_first(Remediation& mend, const Listener& listener) {
  const std::string names[] = {lower(listener.cleartext.product), lower(listener.over_tls.product),
                               name_of(listener.cleartext.server), name_of(listener.over_tls.server)};
  const auto fits = [&](const std::string& step) {
    const std::size_t colon = step.find(':');
    if (colon == std::string::npos) return false;
    const std::string label = lower(std::string_view(step).substr(0, colon));
    return std::ranges::any_of(
        names, [&](const std::string& name) { return !name.empty() && label.find(name) != std::string::npos; });
  };
  // By hand: libstdc++'s stable_partition calls what C++23 deprecates, and clang refuses it.
  std::vector<std::string> ordered;
  std::ranges::copy_if(mend.steps, std::back_inserter(ordered), fits);
  mend.fitting = ordered.size();
  std::ranges::copy_if(mend.steps, std::back_inserter(ordered), std::not_fn(fits));
  mend.steps = std::move(ordered);
}

}  // namespace

Draft Findings::add(const Listener& listener) {
  assert(weakness_ != nullptr);
  return add(listener, weakness_->severity);
}

Draft Findings::add(const Listener& listener, Severity severity) {
  Draft draft = add(listener.target, listener.place(), listener.detector, severity);
  put_fitting_first(list_.back().remediation, listener);
  return draft;
}

Draft Findings::add(const Flow& flow) {
  assert(weakness_ != nullptr);
  return add(flow, weakness_->severity);
}

Draft Findings::add(const Flow& flow, Severity severity) {
  return add(flow.target, flow.place, flow.detector, severity);
}

Draft Findings::add(const LoggedFlow& flow, Severity severity) {
  return add(flow.target, flow.place(), flow.detector, severity);
}

Draft Findings::add(const Caller& caller) {
  assert(weakness_ != nullptr);
  const CallGroup& group = caller.first();
  Draft draft = add(group.target, group.place(), group.detector, weakness_->severity);
  draft.about(caller.identity());
  const Json shown = caller.shown();
  for (const auto& [key, value] : shown.members()) draft.shows(key, value);
  return draft;
}

Draft Findings::add(const TrailCoverage& coverage) {
  assert(weakness_ != nullptr);
  Draft draft = add(coverage.target, coverage.sample, coverage.detector, weakness_->severity);
  return draft.about(coverage.account + " " + coverage.region)
      .shows("account", coverage.account)
      .shows("region", coverage.region);
}

Draft Findings::add(const Proof& proof) { return add(proof, proof.place); }

Draft Findings::add(const Proof& proof, const FilePlace& place) {
  assert(weakness_ != nullptr);
  Place at = place;
  if (place.file.empty()) at = ResourcePlace{.resource = proof.table};
  return add(proof.target, std::move(at), proof.detector, weakness_->severity);
}

Draft Findings::add(std::string_view target, Place place, std::string_view detector, Severity severity) {
  assert(weakness_ != nullptr);
  Finding& finding = list_.emplace_back();
  finding.rule = weakness_->name;
  finding.detector = detector;
  finding.severity = severity;
  finding.category = weakness_->category;
  finding.cwe = weakness_->cwe;
  finding.title = weakness_->title;
  finding.target = target;
  finding.location = std::move(place);
  finding.remediation = weakness_->remediation;
  finding.compliance = weakness_->controls;
  finding.cap = weakness_->cap;
  return Draft(finding);
}

}  // namespace wiretight
