#include <doctest/doctest.h>

#include "engine/fixture.h"

using namespace wiretight;

TEST_CASE("absent is what was refused, and what TLS 1.2 cannot have") {
  Listener listener = fixture::listener();
  const auto judged = [&](Profile profile = {}) {
    return fixture::findings_of("post-quantum-absent", listener, std::move(profile));
  };
  CHECK(judged().empty());
  listener.post_quantum = observed(true);
  CHECK(judged().empty());
  listener.post_quantum = observed(false);
  listener.groups = {{.name = "x25519", .bits = 255}};
  REQUIRE(judged().size() == 1);
  CHECK(judged()[0].severity == Severity::info);
  CHECK(judged({.require_post_quantum = true})[0].severity == Severity::high);

  listener.post_quantum = unresolved<bool>("no TLS 1.3 to try it in");
  listener.protocols = {fixture::taking(ProtocolVersion::tls12), fixture::refusing(ProtocolVersion::tls13)};
  REQUIRE(judged().size() == 1);
  CHECK(judged()[0].message.ends_with("because it refuses TLS 1.3."));
}

TEST_CASE("who asks for it is told of Amazon's too, as far as it goes") {
  Listener listener = fixture::amazon();
  listener.post_quantum = observed(false);
  const auto found = fixture::findings_of("post-quantum-absent", listener, Profile{.require_post_quantum = true});
  CHECK(found.at(0).severity == Severity::medium);
}
