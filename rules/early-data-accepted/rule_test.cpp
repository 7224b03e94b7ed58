#include <doctest/doctest.h>

#include "engine/fixture.h"

using namespace wiretight;

TEST_CASE("early data must have been allowed or taken") {
  Listener listener = fixture::listener();
  const auto judged = [&] { return fixture::findings_of("early-data-accepted", listener); };
  CHECK(judged().empty());
  listener.early_data = observed(false, "no ticket came");
  CHECK(judged().empty());
  listener.early_data = observed(true);
  CHECK(judged().at(0).message.contains("takes TLS 1.3 early data, which"));
  listener.max_early_data = observed(std::uint32_t{16384});
  CHECK(judged().at(0).message.contains("(up to 16384 bytes)"));
}
