#include <doctest/doctest.h>

#include "engine/fixture.h"

using namespace wiretight;

TEST_CASE("only a front for browsers needs the header") {
  Listener listener = fixture::listener();
  const auto judged = [&] { return fixture::findings_of("hsts-missing", listener).size(); };
  listener.over_tls = {.kind = CleartextKind::http, .status = 200, .html = true};
  CHECK(judged() == 0);
  listener.strict_transport = observed(true);
  CHECK(judged() == 0);
  listener.strict_transport = observed(false);
  CHECK(judged() == 1);
  listener.over_tls.html = false;
  CHECK(judged() == 0);
  listener.over_tls = {.kind = CleartextKind::dynamodb, .status = 400, .html = true};
  CHECK(judged() == 0);
}
