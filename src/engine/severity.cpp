#include <algorithm>

#include "engine/rule.h"
#include "facts/certificate_use.h"

// What moves a finding away from the severity of its rule's page.
namespace wiretight {

namespace {

Severity severity_of_exposure(Destination destination, Severity on_this_machine) {
  switch (destination) {
    case Destination::unknown:
    case Destination::aws_dynamodb:
    case Destination::aws_dax:
    case Destination::aws_other:
    case Destination::public_host:
      return Severity::critical;
    case Destination::private_network:
    case Destination::vpc_endpoint:
      return Severity::high;
    case Destination::loopback:
    case Destination::emulator:
      return on_this_machine;
  }
  return Severity::critical;
}

}  // namespace

Severity severity_of_exposure(const Listener& listener) {
  return listener.aws_managed ? Severity::medium : severity_of_exposure(listener.destination, Severity::high);
}

Severity severity_of_exposure(const Flow& flow) {
  return flow.documentation_key ? Severity::low : severity_of_exposure(flow.destination, Severity::low);
}

Severity severity_of_exposure(const LoggedFlow& flow) { return severity_of_exposure(flow.destination, Severity::low); }

Severity one_less(Severity severity) {
  return severity == Severity::info ? severity : static_cast<Severity>(static_cast<int>(severity) - 1);
}

Draft& Draft::at_provider(const Listener& listener) {
  if (!listener.aws_managed) return *this;
  finding_.severity = std::min(finding_.severity, Severity::medium);
  if (finding_.cap) finding_.cap = std::max(*finding_.cap, provider_cap);
  if (finding_.message.ends_with('.')) finding_.message.pop_back();
  finding_.message += "; Amazon runs this endpoint, so only what clients ask of it can be changed.";
  shows("providerSide", true);
  return step(
      "Amazon runs this endpoint: limit what the client offers (minimum version and suites, in the SDK's TLS settings "
      "or "
      "the runtime's security policy), and tell AWS Support.");
}

Draft Findings::add(const Listener& listener, const CertificateUse& use) {
  Draft draft = use.for_right_name ? add(listener) : add(listener, Severity::low);
  if (!use.for_right_name) draft.caps(std::nullopt);
  draft.about(use.certificate->sha256).shows("certificate", shown(use));
  if (listener.aws_managed)
    draft.step("Amazon's own certificates are sound: find out what answers in the name of " + listener.host +
               " (a proxy that inspects TLS, a private zone, an entry in a hosts file) before anything is sent to it.");
  return draft;
}

}  // namespace wiretight
