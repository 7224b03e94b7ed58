#include <cstdint>
#include <string>

#include "core/text.h"
#include "facts/call_group.h"
#include "report/clean.h"
#include "report/json.h"
#include "report/json_parts.h"

namespace wiretight::report {
namespace {

Json time_or_null(std::int64_t seconds) { return seconds == 0 ? Json() : Json(rfc3339(seconds)); }
Json text_or_null(const std::string& text) { return text.empty() ? Json() : Json(clean(text)); }

}  // namespace

Json to_json(const CallGroup& group) {
  return Json::object(
      {{"target", clean(group.target)},
       {"account", text_or_null(group.account)},
       {"callerAccount", text_or_null(group.caller_account)},
       {"region", text_or_null(group.region)},
       {"service", clean(group.service)},
       {"dataEvent", group.data_event},
       {"principalType", text_or_null(group.principal_type)},
       {"principal", text_or_null(group.principal)},
       {"accessKey", text_or_null(group.access_key)},
       {"sdk", text_or_null(group.sdk)},
       {"sdkVersion", text_or_null(group.sdk_version)},
       {"vpcEndpoint", text_or_null(group.vpc_endpoint)},
       {"host", text_or_null(group.host)},
       {"tlsVersion", text_or_null(group.tls_version)},
       {"cipherSuite", text_or_null(group.cipher_suite)},
       {"keyExchange", text_or_null(group.key_exchange)},
       {"class", to_text(group.tls_class)},
       {"deniedBy", text_or_null(group.denied_by)},
       {"deniedResource", text_or_null(group.denied_resource)},
       {"count", group.count},
       {"firstSeen", time_or_null(group.first_seen)},
       {"lastSeen", time_or_null(group.last_seen)},
       {"operations",
        list(group.operations,
             [](const NamedCount& one) { return Json::object({{"name", clean(one.name)}, {"count", one.count}}); })},
       {"addresses", strings(group.addresses)},
       {"samples", list(group.samples, [](const SampleCall& sample) {
          return Json::object({{"eventId", text_or_null(sample.event_id)}, {"location", to_json(Place(sample.place))}});
        })}});
}

Json to_json(const TrailCoverage& coverage) {
  return Json::object({{"target", clean(coverage.target)},
                       {"account", text_or_null(coverage.account)},
                       {"region", text_or_null(coverage.region)},
                       {"events", coverage.events},
                       {"managementEvents", coverage.management_events},
                       {"dataEvents", coverage.data_events},
                       {"firstSeen", time_or_null(coverage.first_seen)},
                       {"lastSeen", time_or_null(coverage.last_seen)}});
}

}  // namespace wiretight::report
