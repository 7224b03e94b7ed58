#include "engine/rule.h"

#include <fmt/format.h>

#include "core/prose.h"
#include "core/text.h"

namespace wiretight::rules {
namespace {

// "i-0abc at eni-0abc (10.0.0.5)"
std::string who(const LoggedFlow& flow) {
  std::string out = flow.instance;
  if (!flow.interface.empty()) out += (out.empty() ? "" : " at ") + flow.interface;
  if (out.empty()) return flow.client.empty() ? "A client that the log does not name" : flow.client;
  return flow.client.empty() ? out : fmt::format("{} ({})", out, flow.client);
}

std::string when(const LoggedFlow& flow) {
  if (flow.first_seen == 0 || flow.last_seen == 0) return "at times that the log does not say";
  return fmt::format("from {} to {}", rfc3339(flow.first_seen), rfc3339(flow.last_seen));
}

// What the log leaves open, each a clause.
std::vector<std::string> doubts_of(const LoggedFlow& flow) {
  std::vector<std::string> out;
  if (flow.recognised_by.empty())
    out.emplace_back("that it is DAX follows from the port alone, because a log does not name DAX");
  if (!flow.tcp.is(true)) out.push_back("whether it was TCP is not known: " + flow.tcp.why);
  if (!flow.accepted.is(true)) out.push_back("whether it was let through is not known: " + flow.accepted.why);
  if (!flow.payload.is(true)) out.push_back("whether a request crossed is not known: " + flow.payload.why);
  return out;
}

Json shown(const FlowTally& tally) {
  return Json::object({{"records", tally.records}, {"packets", tally.packets}, {"bytes", tally.bytes}});
}

Json list(const std::vector<std::string>& texts) {
  Json out = Json::array();
  for (const std::string& text : texts) out.push(text);
  return out;
}

std::vector<Step> steps_of(const LoggedFlow& flow) {
  std::vector<Step> out = {{.place = flow.first_record, .message = "the first record"}};
  if (flow.last_record != flow.first_record) out.push_back({.place = flow.last_record, .message = "the last one"});
  return out;
}

}  // namespace

// Reports traffic that was let through to DynamoDB's cleartext port, or to the port of DAX clusters without encryption.
// What was rejected alone is no leak; the reading counts it. A flow log shows no contents: what it leaves open is said
// and costs a level.
extern const Rule cleartext_flow{
    .name = "cleartext-flow",
    .check = over<LoggedFlow>([](const LoggedFlow& flow, Findings& out) {
      if (flow.accepted.is(false)) return;
      const std::vector<std::string> doubts = doubts_of(flow);
      const bool dax = flow.service == FlowService::dax;
      const std::uint64_t packets = flow.to_server.packets + flow.from_server.packets;
      const std::uint64_t bytes = flow.to_server.bytes + flow.from_server.bytes;
      const Severity severity = severity_of_exposure(flow);
      Draft draft = out.add(flow, doubts.empty() ? severity : one_less(severity));
      draft
          .says("{} exchanged {} bytes in {} packets with {}, {}{}{}.", who(flow), bytes, packets,
                dax ? "port 8111, where DAX clusters speak without TLS"
                    : "DynamoDB on port 80, where it speaks plain HTTP",
                when(flow), doubts.empty() ? "" : "; ", list_of(doubts))
          .confidence(doubts.empty() ? Confidence::firm : Confidence::tentative)
          .about(fmt::format("{} {} {} {}", to_text(flow.service), flow.account, flow.interface, flow.client))
          .traced(steps_of(flow))
          .shows("service", to_text(flow.service))
          .shows("recognisedBy", list(flow.recognised_by))
          .shows("interface", flow.interface)
          .shows("instance", flow.instance)
          .shows("account", flow.account)
          .shows("region", flow.region)
          .shows("vpc", flow.vpc)
          .shows("subnet", flow.subnet)
          .shows("client", flow.client)
          .shows("servers", list(flow.servers))
          .shows("moreServers", flow.more_servers)
          .shows("port", int{flow.port})
          .shows("path", flow.path)
          .shows("toServer", shown(flow.to_server))
          .shows("fromServer", shown(flow.from_server))
          .shows("rejected", shown(flow.rejected))
          .shows("payloadAtLeast", flow.payload_at_least)
          .shows("firstSeen", flow.first_seen == 0 ? Json() : Json(rfc3339(flow.first_seen)))
          .shows("lastSeen", flow.last_seen == 0 ? Json() : Json(rfc3339(flow.last_seen)))
          .shows("firstRecord", to_text(flow.first_record))
          .shows("lastRecord", to_text(flow.last_record));
      if (!doubts.empty()) draft.caps(std::nullopt);
      if (dax) {
        draft.step(
            "Find out what has the servers' addresses (EC2, Network interfaces; a node of a cluster has the requester "
            "amazon-dax), and whether its cluster has ClusterEndpointEncryptionType NONE (aws dax describe-clusters).");
      }
    }),
};

}  // namespace wiretight::rules
