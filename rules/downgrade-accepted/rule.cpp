#include "engine/rule.h"

#include <algorithm>

#include "core/prose.h"

namespace wiretight::rules {
namespace {

std::vector<std::string> accepted_versions(const Listener& listener) {
  std::vector<ProtocolVersion> versions;
  for (const ProtocolSupport& support : listener.protocols)
    if (support.accepted.is(true) && support.version != ProtocolVersion::ssl2) versions.push_back(support.version);
  std::ranges::sort(versions);
  std::vector<std::string> names;
  for (const ProtocolVersion version : versions) names.emplace_back(to_text(version));
  return names;
}

}  // namespace

// Reports what lets somebody on the path choose a weaker protocol than both ends know: one finding for each of three
// causes, because each is mended elsewhere.
extern const Rule downgrade_accepted{
    .name = "downgrade-accepted",
    .check = over<Listener>([](const Listener& listener, Findings& out) {
      const std::vector<std::string> versions = accepted_versions(listener);
      if (listener.fallback_scsv.is(false) && versions.size() > 1)
        out.add(listener)
            .about("fallback-scsv")
            .says("{} accepts {} and does not stop a client that falls back to the older (no TLS_FALLBACK_SCSV).",
                  listener.endpoint(), list_of(versions))
            .shows("fallbackScsv", false)
            .at_provider(listener);
      if (listener.downgrade_sentinel.is(false) && listener.accepts(ProtocolVersion::tls13) &&
          listener.accepts(ProtocolVersion::tls12))
        out.add(listener)
            .about("downgrade-sentinel")
            .says("{} accepts TLS 1.3 and does not mark its random when a client is brought down to TLS 1.2.",
                  listener.endpoint())
            .shows("downgradeSentinel", false)
            .at_provider(listener);
      if (!listener.inconsistencies.empty()) {
        Json answers = Json::array();
        for (const std::string& answer : listener.inconsistencies) answers.push(answer);
        out.add(listener)
            .about("inconsistent")
            .confidence(Confidence::firm)
            .says("{} answers the same hello differently from time to time, so trying again finds the weakest: {}.",
                  listener.endpoint(), list_of(listener.inconsistencies, 2))
            .shows("inconsistencies", std::move(answers))
            .step("Find the servers behind this name or load balancer and give all of them the same configuration.")
            .at_provider(listener);
      }
    }),
};

}  // namespace wiretight::rules
