#include <cstdint>
#include <string>

#include "core/text.h"
#include "facts/flow.h"
#include "report/clean.h"
#include "report/json.h"
#include "report/json_parts.h"

namespace wiretight::report {
namespace {

Json time_or_null(std::int64_t milliseconds) { return milliseconds == 0 ? Json() : Json(rfc3339(milliseconds / 1000)); }

Json text_or_null(const std::string& text) { return text.empty() ? Json() : Json(clean(text)); }

Json to_json(const NamedCount& counted) {
  return Json::object({{"name", clean(counted.name)}, {"count", counted.count}});
}

Json to_json(const HandshakeOutcome& outcome) {
  const auto version = [](const auto& known) { return known ? Json(to_text(*known)) : Json(); };
  return Json::object({{"offered", version(outcome.offered)},
                       {"version", version(outcome.version)},
                       {"suite", text_or_null(outcome.suite)},
                       {"group", text_or_null(outcome.group)},
                       {"postQuantum", outcome.post_quantum},
                       {"postQuantumOffered", outcome.post_quantum_offered},
                       {"count", outcome.count}});
}

Json to_json(const AlertSeen& alert) {
  return Json::object({{"from", alert.from_client ? "client" : "server"},
                       {"description", int{alert.description}},
                       {"name", clean(alert.name)},
                       {"meaning", clean(alert.meaning)},
                       {"count", alert.count}});
}

}  // namespace

Json to_json(const Flow& flow) {
  const auto each = [](const auto& items) { return list(items, [](const auto& item) { return to_json(item); }); };
  return Json::object({{"target", clean(flow.target)},
                       {"detector", clean(flow.detector)},
                       {"location", to_json(flow.place)},
                       {"protocol", to_text(flow.protocol)},
                       {"service", clean(flow.service)},
                       {"client", clean(flow.client)},
                       {"server", clean(flow.server)},
                       {"port", int{flow.port}},
                       {"host", clean(flow.host)},
                       {"destination", wiretight::to_text(flow.destination)},
                       {"emulator", clean(flow.emulator)},
                       {"throughProxy", flow.through_proxy},
                       {"signs", strings(flow.signs)},
                       {"keyId", clean(flow.key_id)},
                       {"documentationKey", flow.documentation_key},
                       {"region", clean(flow.region)},
                       {"requestsWithToken", flow.session_tokens},
                       {"requestsWithBasic", flow.basic_credentials},
                       {"userAgent", clean(flow.user_agent)},
                       {"operations", each(flow.operations)},
                       {"tables", strings(flow.tables)},
                       {"itemsWritten", flow.items_written},
                       {"itemsReturned", flow.items_returned},
                       {"requests", flow.requests},
                       {"responses", flow.responses},
                       {"requestBytes", flow.request_bytes},
                       {"responseBytes", flow.response_bytes},
                       {"handshakes", each(flow.handshakes)},
                       {"alerts", each(flow.alerts)},
                       {"connections", flow.connections},
                       {"firstFrame", flow.first_frame},
                       {"lastFrame", flow.last_frame},
                       {"firstSeen", time_or_null(flow.first_seen)},
                       {"lastSeen", time_or_null(flow.last_seen)}});
}

}  // namespace wiretight::report
