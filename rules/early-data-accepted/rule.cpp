#include "engine/rule.h"

#include <fmt/format.h>

namespace wiretight::rules {

// Reports TLS 1.3 early data: what is sent in it can be sent again by anybody who saw it.
extern const Rule early_data_accepted{
    .name = "early-data-accepted",
    .check = over<Listener>([](const Listener& listener, Findings& out) {
      if (!listener.early_data.is(true)) return;
      const Setting<std::uint32_t>& most = listener.max_early_data;
      out.add(listener)
          .says("{} takes TLS 1.3 early data{}, which an attacker can replay: a write may be done twice.",
                listener.endpoint(), most.known() ? fmt::format(" (up to {} bytes)", most.value) : "")
          .shows("maxEarlyData", most.known() ? Json(most.value) : Json())
          .shows("how", listener.early_data.why)
          .at_provider(listener);
    }),
};

}  // namespace wiretight::rules
