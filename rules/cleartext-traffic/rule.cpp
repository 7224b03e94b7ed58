#include "engine/rule.h"

#include "facts/flow_use.h"

namespace wiretight::rules {
namespace {

std::string reach_of(const Flow& flow) {
  if (flow.destination == Destination::loopback) return "; it did not leave the machine as far as was seen";
  if (flow.documentation_key) return "; the key is an example of AWS's documentation and opens nothing";
  return "";
}

void judge_http2(const Flow& flow, Findings& out) {
  out.add(flow, severity_of_exposure(flow))
      .confidence(Confidence::firm)
      .says(
          "HTTP/2 without TLS went {}, a server that this capture knows for DynamoDB; its contents are not decoded{}.",
          said_route(flow), reach_of(flow));
}

}  // namespace

// Reports DynamoDB and DynamoDB Streams over HTTP. What is an emulator's by its own words is none; credentials for the
// proxy alone are credential-exposed; DAX is dax-cleartext.
extern const Rule cleartext_traffic{
    .name = "cleartext-traffic",
    .check = over<Flow>([](const Flow& flow, Findings& out) {
      if (!flow.emulator.empty()) return;
      if (flow.protocol == FlowProtocol::http2) return judge_http2(flow, out);
      if (flow.protocol != FlowProtocol::http || flow.requests + flow.responses == 0) return;
      out.add(flow, severity_of_exposure(flow))
          .about(flow.service + " " + flow.host + " " + flow.key_id)
          .confidence(flow.signs.size() > 1 ? Confidence::certain : Confidence::firm)
          .says("{} went {} without TLS; readable on the way: {}{}.", said_exchange(flow), said_route(flow),
                said_readable(flow), reach_of(flow))
          .shows(shown(flow))
          .shows("replay",
                 flow.requests > 0 && !flow.key_id.empty() ? "as sent, for 5 to 15 minutes, over TLS as well" : "");
    }),
};

}  // namespace wiretight::rules
