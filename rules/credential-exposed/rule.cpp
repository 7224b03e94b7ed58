#include "engine/rule.h"

#include <algorithm>
#include <fmt/format.h>

#include "core/prose.h"
#include "facts/flow_use.h"

namespace wiretight::rules {
namespace {

Severity one_lower(Severity severity) {
  return severity == Severity::info ? severity : static_cast<Severity>(static_cast<int>(severity) - 1);
}

// A user name and password open whatever they are for. Where a proxy was asked, they went as far as the proxy.
void judge_basic(const Flow& flow, Findings& out) {
  if (flow.basic_credentials == 0) return;
  Flow way = flow;
  if (flow.through_proxy) way.destination = destination_of(flow.server);
  out.add(flow, severity_of_exposure(way))
      .about("basic")
      .says("{} with a user name and password in HTTP Basic, which is only base64, went {} without TLS.",
            count_of(flow.basic_credentials, "request"), said_route(flow))
      .shows("kind", "HTTP Basic")
      .shows("requests", flow.basic_credentials)
      .step("Change the password: whoever was on the way has it.");
}

// A token signs nothing without the secret key, which does not cross the wire: one level below what it went with.
void judge_token(const Flow& flow, Findings& out) {
  if (flow.session_tokens == 0) return;
  out.add(flow, one_lower(severity_of_exposure(flow)))
      .about("token " + flow.key_id)
      .says("The session token of {} went {} without TLS, in {}; the secret key that it needs did not.",
            flow.key_id.empty() ? "a key" : flow.key_id, said_route(flow), count_of(flow.session_tokens, "request"))
      .shows("kind", "session token")
      .shows("keyId", flow.key_id)
      .shows("requests", flow.session_tokens)
      .step("Revoke the sessions of this role (IAM: AWSRevokeOlderSessions) if requests may have been sent again.");
}

}  // namespace

// Reports credentials that can be read on the wire beside a signature: session tokens, user names and passwords.
extern const Rule credential_exposed{
    .name = "credential-exposed",
    .check = over<Flow>([](const Flow& flow, Findings& out) {
      if (!flow.emulator.empty() || flow.protocol == FlowProtocol::tls) return;
      judge_basic(flow, out);
      judge_token(flow, out);
    }),
};

}  // namespace wiretight::rules
