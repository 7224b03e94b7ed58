#include <cstdint>

#include "core/text.h"
#include "facts/logged_flow.h"
#include "report/clean.h"
#include "report/json.h"
#include "report/json_parts.h"

namespace wiretight::report {
namespace {

Json time_or_null(std::int64_t seconds) { return seconds == 0 ? Json() : Json(rfc3339(seconds)); }

Json value_or_null(const Setting<bool>& setting) { return setting.known() ? Json(setting.value) : Json(); }

Json to_json(const FlowTally& tally) {
  return Json::object({{"records", tally.records}, {"packets", tally.packets}, {"bytes", tally.bytes}});
}

}  // namespace

Json to_json(const LoggedFlow& flow) {
  return Json::object({
      {"target", clean(flow.target)},
      {"detector", clean(flow.detector)},
      {"location", to_json(flow.place())},
      {"service", to_text(flow.service)},
      {"recognisedBy", strings(flow.recognised_by)},
      {"client", clean(flow.client)},
      {"servers", strings(flow.servers)},
      {"moreServers", flow.more_servers},
      {"port", int{flow.port}},
      {"destination", to_text(flow.destination)},
      {"interface", clean(flow.interface)},
      {"account", clean(flow.account)},
      {"instance", clean(flow.instance)},
      {"vpc", clean(flow.vpc)},
      {"subnet", clean(flow.subnet)},
      {"region", clean(flow.region)},
      {"path", clean(flow.path)},
      {"toServer", to_json(flow.to_server)},
      {"fromServer", to_json(flow.from_server)},
      {"rejected", to_json(flow.rejected)},
      {"payloadAtLeast", flow.payload_at_least},
      {"tcp", value_or_null(flow.tcp)},
      {"accepted", value_or_null(flow.accepted)},
      {"payload", value_or_null(flow.payload)},
      {"firstSeen", time_or_null(flow.first_seen)},
      {"lastSeen", time_or_null(flow.last_seen)},
      {"firstRecord", to_json(flow.first_record)},
      {"lastRecord", to_json(flow.last_record)},
  });
}

}  // namespace wiretight::report
