#include "engine/rule.h"

namespace wiretight::rules {

// Reports values that must be unpredictable and are not. A key share that a server keeps for a while is no broken
// generator: it weakens forward secrecy, and is told as that, low.
extern const Rule random_predictable{
    .name = "random-predictable",
    .check = over<Listener>([](const Listener& listener, Findings& out) {
      for (const RandomnessTest& test : listener.randomness) {
        if (!test.predictable.is(true)) continue;
        Draft draft = out.add(listener);
        draft.about(test.kind)
            .shows("kind", test.kind)
            .shows("samples", test.samples)
            .shows("observation", test.observation);
        if (test.key_reuse_only)
          draft.titled("A key share is used for several connections")
              .says("{} uses its {} for more than one connection: {}.", listener.endpoint(), test.kind,
                    test.observation)
              .severity(Severity::low)
              .cwe({"CWE-323"})
              .step(
                  "Switch off the cache of ephemeral keys: SSL_OP_SINGLE_ECDH_USE and SSL_OP_SINGLE_DH_USE for OpenSSL "
                  "before 1.1.0, SSL_REUSE_SERVER_ECDHE_KEY off for NSS.");
        else
          draft.confidence(Confidence::firm)
              .says("{} sends a {} that can be foretold: {}.", listener.endpoint(), test.kind, test.observation)
              .caps(59);
        draft.at_provider(listener);
      }
    }),
};

}  // namespace wiretight::rules
