#include "engine/rule.h"

#include <algorithm>
#include <fmt/format.h>

#include "core/prose.h"
#include "facts/flow_use.h"

namespace wiretight::rules {
namespace {

void judge_server(const Listener& listener, Findings& out) {
  std::vector<std::string> obsolete;
  Json shown = Json::array();
  for (const ProtocolVersion version :
       {ProtocolVersion::ssl2, ProtocolVersion::ssl3, ProtocolVersion::tls10, ProtocolVersion::tls11}) {
    if (!listener.accepts(version)) continue;
    obsolete.emplace_back(to_text(version));
    shown.push(to_text(version));
  }
  if (obsolete.empty()) return;
  const bool ssl = listener.accepts(ProtocolVersion::ssl2) || listener.accepts(ProtocolVersion::ssl3);
  const auto refused = [&](ProtocolVersion version) {
    const ProtocolSupport* support = listener.protocol(version);
    return support != nullptr && support->accepted.is(false);
  };
  const bool nothing_newer = refused(ProtocolVersion::tls12) && refused(ProtocolVersion::tls13);
  Draft draft = out.add(listener);
  draft
      .says("{} accepts {}{}.", listener.endpoint(), list_of(obsolete),
            nothing_newer ? " and refuses TLS 1.2 and 1.3" : "")
      .shows("versions", std::move(shown))
      .shows("nothingNewer", nothing_newer);
  if (ssl || nothing_newer) draft.caps(59);
  draft.at_provider(listener);
}

// What became of hellos that offer nothing newer.
std::string outcome_of(const Flow& flow) {
  constexpr std::uint8_t protocol_version = 70;
  const bool refused = std::ranges::any_of(
      flow.alerts, [](const AlertSeen& alert) { return !alert.from_client && alert.description == protocol_version; });
  return refused ? "; the server refused it as too old" : "";
}

void judge_client(const Flow& flow, Findings& out) {
  std::uint64_t hellos = 0;
  ProtocolVersion newest = ProtocolVersion::ssl2;
  for (const HandshakeOutcome& handshake : flow.handshakes) {
    if (!handshake.offered || *handshake.offered >= ProtocolVersion::tls12) continue;
    hellos += handshake.count;
    newest = std::max(newest, *handshake.offered);
  }
  if (hellos == 0) return;
  out.add(flow)
      .about("client")
      .says("The client {} offers {} nothing newer than {}, in {}{}.", flow.client, flow.destination_text(),
            to_text(newest), count_of(hellos, "handshake"), outcome_of(flow))
      .shows("client", flow.client)
      .shows("offered", to_text(newest))
      .shows("handshakes", hellos)
      .step("Update what runs on " + flow.client + ", or its TLS library: it can do no better than " + to_text(newest) +
            ", or is told not to.");
}

void judge_caller(const Caller& caller, Findings& out) {
  const std::vector<std::string> versions = caller.distinct(&CallGroup::tls_version);
  out.add(caller)
      .says("{} made {} over {}: weak TLS was observed.", caller.said(), count_of(caller.count, "call"),
            list_of(versions))
      .step(caller.mend());
}

}  // namespace

// Reports SSLv2, SSLv3, TLS 1.0 and TLS 1.1: servers that complete a hello with them, clients whose hello on the wire
// offers nothing newer, and calls that CloudTrail saw made over them.
extern const Rule protocol_obsolete{
    .name = "protocol-obsolete",
    .check =
        [](const FactSet& facts, Findings& out) {
          for (const Listener& listener : facts.listeners) judge_server(listener, out);
          for (const Flow& flow : facts.flows) judge_client(flow, out);
          for (const Caller& caller :
               callers_where(facts.calls, [](const CallGroup& group) { return group.tls_class == TlsClass::w1; }))
            judge_caller(caller, out);
        },
};

}  // namespace wiretight::rules
