#include <doctest/doctest.h>

#include "engine/fixture.h"

using namespace wiretight;

TEST_CASE("only a response that says so") {
  Chain chain = fixture::chain();
  const auto judged = [&] { return fixture::findings_of("certificate-revoked", fixture::serving(chain)).size(); };
  CHECK(judged() == 0);
  for (const char* status : {"good", "unknown", "malformed", "unsuccessful", "none"}) {
    chain.staple = observed(OcspStaple{.status = status});
    CHECK(judged() == 0);
  }
  chain.staple = observed(OcspStaple{.status = "revoked", .this_update = fixture::now});
  CHECK(judged() == 1);
}
