#include <doctest/doctest.h>

#include "engine/fixture.h"

using namespace wiretight;

TEST_CASE("TLS 1.3 must have been refused, and something older spoken") {
  const auto judged = [](std::vector<ProtocolSupport> protocols) {
    Listener listener = fixture::listener();
    listener.protocols = std::move(protocols);
    return fixture::findings_of("protocol-no-tls13", std::move(listener));
  };
  const ProtocolSupport refused = fixture::refusing(ProtocolVersion::tls13);
  CHECK(judged({}).empty());
  CHECK(judged({fixture::taking(ProtocolVersion::tls12)}).empty());
  CHECK(judged({refused}).empty());
  CHECK(judged({fixture::taking(ProtocolVersion::tls12), {.version = ProtocolVersion::tls13}}).empty());
  const auto found = judged({fixture::taking(ProtocolVersion::tls11), refused});
  REQUIRE(found.size() == 1);
  CHECK(found[0].message == "db.example:443 refuses TLS 1.3; the best that it accepts is TLSv1.1.");
}
