#include <doctest/doctest.h>

#include "engine/fixture.h"

using namespace wiretight;

TEST_CASE("a redirect is reported with where it leads") {
  Listener listener = fixture::listener();
  listener.cleartext = {.kind = CleartextKind::redirect, .status = 301, .location = "https://db.example/"};
  const auto found = fixture::findings_of("cleartext-redirect", listener);
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::medium);
  CHECK(found[0].message.contains("https://db.example/"));

  listener.cleartext.kind = CleartextKind::dynamodb;
  CHECK(fixture::findings_of("cleartext-redirect", listener).empty());
}
