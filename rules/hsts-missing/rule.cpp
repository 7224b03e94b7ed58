#include "engine/rule.h"

namespace wiretight::rules {

// Tells that a front which serves pages to browsers sends no Strict-Transport-Security. SDKs ignore the header, so a
// service that answers no HTML needs none, and its presence mends nothing.
extern const Rule hsts_missing{
    .name = "hsts-missing",
    .check = over<Listener>([](const Listener& listener, Findings& out) {
      const CleartextAnswer& answer = listener.over_tls;
      if (!answer.html || answer.kind == CleartextKind::dynamodb || !listener.strict_transport.is(false)) return;
      out.add(listener)
          .says("{} serves pages to browsers without Strict-Transport-Security.", listener.endpoint())
          .shows("status", answer.status)
          .shows("server", answer.server);
    }),
};

}  // namespace wiretight::rules
