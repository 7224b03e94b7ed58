#include "engine/rule.h"

namespace wiretight::rules {

// Reports a port that takes the preface of the cleartext DAX protocol. An encrypted cluster closes on it.
extern const Rule dax_cleartext{
    .name = "dax-cleartext",
    .check = over<Listener>([](const Listener& listener, Findings& out) {
      if (!listener.dax_cleartext.is(true)) return;
      out.add(listener)
          .says("{} speaks the DAX protocol without TLS: items and signed requests cross in the clear.",
                listener.endpoint())
          .shows("daxCleartext", true)
          .shows("observation", listener.dax_cleartext.why)
          .shows("sibling", listener.sibling);
    }),
};

}  // namespace wiretight::rules
