#include "engine/rule.h"

#include "core/prose.h"

namespace wiretight::rules {
namespace {

void judge(const Caller& caller, Findings& out) {
  out.add(caller)
      .confidence(Confidence::tentative)
      .says(
          "{} made {} for which CloudTrail has no TLS details: a candidate for cleartext, to be confirmed by a flow "
          "log "
          "or a capture.",
          caller.said(), count_of(caller.count, "call"));
}

}  // namespace

// Names direct calls without TLS details (class U4). CloudTrail leaves them out for other reasons too, so this is a
// candidate and never more.
extern const Rule cleartext_suspected{
    .name = "cleartext-suspected",
    .check =
        [](const FactSet& facts, Findings& out) {
          for (const Caller& caller :
               callers_where(facts.calls, [](const CallGroup& group) { return group.tls_class == TlsClass::u4; }))
            judge(caller, out);
        },
};

}  // namespace wiretight::rules
