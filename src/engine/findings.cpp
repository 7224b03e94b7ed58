#include <cassert>

#include "engine/catalogue.h"
#include "engine/rule.h"

namespace wiretight {

Draft Findings::add(const Listener& listener) {
  assert(weakness_ != nullptr);
  return add(listener, weakness_->severity);
}

Draft Findings::add(const Listener& listener, Severity severity) {
  return add(listener.target, listener.place(), listener.detector, severity);
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
