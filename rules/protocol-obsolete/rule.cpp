#include "engine/rule.h"

#include "core/prose.h"

namespace wiretight::rules {

// Reports SSLv2, SSLv3, TLS 1.0 and TLS 1.1 where the server completes a hello with them.
extern const Rule protocol_obsolete{
    .name = "protocol-obsolete",
    .check = over<Listener>([](const Listener& listener, Findings& out) {
      std::vector<std::string> obsolete;
      Json shown = Json::array();
      for (const ProtocolVersion version :
           {ProtocolVersion::ssl2, ProtocolVersion::ssl3, ProtocolVersion::tls10, ProtocolVersion::tls11}) {
        if (!listener.accepts(version)) continue;
        obsolete.emplace_back(to_text(version));
        shown.push(to_text(version));
      }
      if (obsolete.empty()) return;
      const bool ssl = listener.accepts(ProtocolVersion::ssl2) || listener.accepts(ProtocolVersion::ssl3);
      const auto refused = [&](ProtocolVersion version) {
        const ProtocolSupport* support = listener.protocol(version);
        return support != nullptr && support->accepted.is(false);
      };
      const bool nothing_newer = refused(ProtocolVersion::tls12) && refused(ProtocolVersion::tls13);
      Draft draft = out.add(listener);
      draft
          .says("{} accepts {}{}.", listener.endpoint(), list_of(obsolete),
                nothing_newer ? " and refuses TLS 1.2 and 1.3" : "")
          .shows("versions", std::move(shown))
          .shows("nothingNewer", nothing_newer);
      if (ssl || nothing_newer) draft.caps(59);
      draft.at_provider(listener);
    }),
};

}  // namespace wiretight::rules
