#include "engine/rule.h"

#include <algorithm>

namespace wiretight::rules {

// Tells that TLS 1.3 is refused where some older version is spoken.
extern const Rule protocol_no_tls13{
    .name = "protocol-no-tls13",
    .check = over<Listener>([](const Listener& listener, Findings& out) {
      const ProtocolSupport* tls13 = listener.protocol(ProtocolVersion::tls13);
      if (tls13 == nullptr || !tls13->accepted.is(false)) return;
      const auto best = std::ranges::max_element(listener.protocols, {}, [](const ProtocolSupport& support) {
        return support.accepted.is(true) ? static_cast<int>(support.version) : -1;
      });
      if (!best->accepted.is(true)) return;
      out.add(listener)
          .says("{} refuses TLS 1.3; the best that it accepts is {}.", listener.endpoint(), to_text(best->version))
          .shows("best", to_text(best->version))
          .at_provider(listener);
    }),
};

}  // namespace wiretight::rules
