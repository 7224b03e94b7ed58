#include "engine/rule.h"

namespace wiretight::rules {

// Reports a server without RFC 5746, and, as low, one that lets clients renegotiate. Without RFC 5746 a server is safe
// only where renegotiation was tried and refused; where that could not be tried, the worse is assumed.
extern const Rule renegotiation_insecure{
    .name = "renegotiation-insecure",
    .check = over<Listener>([](const Listener& listener, Findings& out) {
      if (listener.secure_renegotiation.is(false)) {
        const Setting<bool>& completes = listener.insecure_renegotiation;
        Draft draft = out.add(listener);
        draft.about("rfc-5746")
            .says("{} does not know secure renegotiation (RFC 5746){}.", listener.endpoint(),
                  completes.is(true)    ? ", and a renegotiation that a client began went through"
                  : completes.is(false) ? ", though it refused the renegotiation that was tried"
                                        : "; whether it renegotiates could not be tried")
            .shows("secureRenegotiation", false)
            .shows("renegotiates", completes.known() ? Json(completes.value) : Json());
        if (completes.is(false)) draft.severity(Severity::medium);
        draft.at_provider(listener);
      } else if (listener.secure_renegotiation.is(true) && listener.client_renegotiation.is(true)) {
        out.add(listener, Severity::low)
            .about("client-initiated")
            .titled("Clients may renegotiate")
            .says("{} lets any client renegotiate, which costs the server far more than the client.",
                  listener.endpoint())
            .shows("clientRenegotiation", true)
            .at_provider(listener);
      }
    }),
};

}  // namespace wiretight::rules
