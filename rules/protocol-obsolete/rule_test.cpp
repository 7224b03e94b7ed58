#include <doctest/doctest.h>

#include "engine/fixture.h"

using namespace wiretight;

namespace {

std::vector<Finding> judged(std::vector<ProtocolSupport> protocols, Listener listener = fixture::listener()) {
  listener.protocols = std::move(protocols);
  return fixture::findings_of("protocol-obsolete", std::move(listener));
}

constexpr auto tls10 = ProtocolVersion::tls10;
constexpr auto tls12 = ProtocolVersion::tls12;
constexpr auto tls13 = ProtocolVersion::tls13;

}  // namespace

TEST_CASE("all obsolete versions are one finding") {
  const auto found = judged({fixture::taking(ProtocolVersion::tls11), fixture::taking(tls10), fixture::taking(tls12)});
  REQUIRE(found.size() == 1);
  CHECK(found[0].message == "db.example:443 accepts TLSv1.0 and TLSv1.1.");
  CHECK(found[0].severity == Severity::high);
  CHECK(found[0].cap == 69);
}

TEST_CASE("SSL, and nothing newer, cost more") {
  CHECK(judged({fixture::taking(ProtocolVersion::ssl3), fixture::taking(tls12)}).at(0).cap == 59);
  const Finding alone = judged({fixture::taking(tls10), fixture::refusing(tls12), fixture::refusing(tls13)}).at(0);
  CHECK(alone.cap == 59);
  CHECK(alone.message == "db.example:443 accepts TLSv1.0 and refuses TLS 1.2 and 1.3.");
  // That nothing newer was seen does not say that there is nothing.
  CHECK(judged({fixture::taking(tls10), fixture::refusing(tls12), {.version = tls13}}).at(0).cap == 69);
}

TEST_CASE("what was refused or not seen is not reported") {
  CHECK(judged({fixture::refusing(tls10), {.version = ProtocolVersion::ssl3}, fixture::taking(tls12)}).empty());
}

TEST_CASE("at Amazon it is medium and says whose it is") {
  const Finding finding = judged({fixture::taking(tls10), fixture::taking(tls12)}, fixture::amazon()).at(0);
  CHECK(finding.severity == Severity::medium);
  CHECK(finding.cap == 79);
  CHECK(finding.message.contains("Amazon runs this endpoint"));
}
