#include "engine/rule.h"

#include "core/prose.h"

namespace wiretight::rules {
namespace {

void judge(const Caller& caller, Findings& out) {
  out.add(caller).says("{} made {} for the host {}, which is no AWS name: a custom endpoint or a proxy that opens TLS.",
                       caller.said(), count_of(caller.count, "call"), list_of(caller.distinct(&CallGroup::host), 3));
}

}  // namespace

// Tells calls whose client asked for a host that is not Amazon's (class W3).
extern const Rule foreign_host{
    .name = "foreign-host",
    .check =
        [](const FactSet& facts, Findings& out) {
          for (const Caller& caller :
               callers_where(facts.calls, [](const CallGroup& group) { return group.tls_class == TlsClass::w3; }))
            judge(caller, out);
        },
};

}  // namespace wiretight::rules
