#include "engine/rule.h"

#include <algorithm>

#include "core/prose.h"
#include "core/text.h"

namespace wiretight::rules {
namespace {

// The table of "arn:…:table/orders/index/by-day" is that of the policy on "arn:…:table/orders".
bool is_of(std::string_view resource, std::string_view guarded) {
  return resource.starts_with(guarded) && (resource.size() == guarded.size() || resource[guarded.size()] == '/');
}

const TransportDeny* deny_behind(const CallGroup& group, const FactSet& facts) {
  const auto found = std::ranges::find_if(facts.transport_denies, [&](const TransportDeny& deny) {
    return deny.policy_type == group.denied_by && is_of(group.denied_resource, deny.resource) &&
           deny.since <= group.last_seen;
  });
  return found == facts.transport_denies.end() ? nullptr : &*found;
}

}  // namespace

// Joins an explicit deny of a call whose TLS is unknown with a policy of that type on that resource that denies what
// comes without TLS. The record of the call names the type of the policy and never the condition, so one without the
// other says nothing.
extern const Rule cleartext_attempt_denied{
    .name = "cleartext-attempt-denied",
    .check =
        [](const FactSet& facts, Findings& out) {
          for (const Caller& caller : callers_where(facts.calls, [](const CallGroup& group) {
                 return group.tls_class == TlsClass::u4 && !group.denied_by.empty();
               })) {
            Caller denied;
            const TransportDeny* deny = nullptr;
            for (const CallGroup* group : caller.groups) {
              const TransportDeny* its = deny_behind(*group, facts);
              if (its == nullptr) continue;
              denied.add(*group);
              deny = its;
            }
            if (deny == nullptr) continue;
            out.add(denied)
                .confidence(Confidence::tentative)
                .says(
                    "{} was explicitly denied {} by a {} that denies requests without TLS, and CloudTrail has no TLS "
                    "details of them: probably cleartext that was stopped.",
                    denied.said(), count_of(denied.count, "call"), deny->policy_type)
                .shows("policyOn", deny->resource)
                .shows("policySince", rfc3339(deny->since));
          }
        },
};

}  // namespace wiretight::rules
