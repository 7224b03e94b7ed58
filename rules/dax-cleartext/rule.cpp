#include "engine/rule.h"

#include "facts/flow_use.h"

namespace wiretight::rules {
namespace {

void judge_port(const Listener& listener, Findings& out) {
  if (!listener.dax_cleartext.is(true)) return;
  out.add(listener)
      .says("{} speaks the DAX protocol without TLS: items and signed requests cross in the clear.",
            listener.endpoint())
      .shows("daxCleartext", true)
      .shows("observation", listener.dax_cleartext.why)
      .shows("sibling", listener.sibling);
}

// A cluster stands in a VPC, so that its traffic weighs what a private network's does.
void judge_traffic(const Flow& flow, Findings& out) {
  if (flow.protocol != FlowProtocol::dax) return;
  out.add(flow, severity_of_exposure(flow))
      .about("traffic " + flow.key_id)
      .says("The DAX protocol went {} without TLS{}; readable on the way: {}.", said_route(flow),
            flow.requests > 0 ? ", with " + said_exchange(flow) : "", said_readable(flow))
      .shows(shown(flow));
}

}  // namespace

// Reports a port that takes the preface of the cleartext DAX protocol (an encrypted cluster closes on it), and the
// protocol itself on the wire.
extern const Rule dax_cleartext{
    .name = "dax-cleartext",
    .check =
        [](const FactSet& facts, Findings& out) {
          for (const Listener& listener : facts.listeners) judge_port(listener, out);
          for (const Flow& flow : facts.flows) judge_traffic(flow, out);
        },
};

}  // namespace wiretight::rules
