#include "engine/rule.h"

namespace wiretight::rules {

// Reports an HTTP port that sends clients to https. The redirect protects browsers, not SDKs: a signed request has
// crossed the network before it is answered.
extern const Rule cleartext_redirect{
    .name = "cleartext-redirect",
    .check = over<Listener>([](const Listener& listener, Findings& out) {
      const CleartextAnswer& answer = listener.cleartext;
      if (answer.kind != CleartextKind::redirect) return;
      out.add(listener)
          .says("{} answers a plain HTTP request with status {} and sends it to {}, after it has crossed in the clear.",
                listener.endpoint(), answer.status, answer.location)
          .shows("status", answer.status)
          .shows("location", answer.location)
          .shows("server", answer.server)
          .shows("sibling", listener.sibling)
          .at_provider(listener);
    }),
};

}  // namespace wiretight::rules
