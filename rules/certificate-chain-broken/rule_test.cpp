#include <doctest/doctest.h>

#include "engine/fixture.h"

using namespace wiretight;

TEST_CASE("what clients refuse is high, what may be a private root is tentative") {
  Chain chain = fixture::chain();
  const auto judged = [&](std::vector<std::string> defects) {
    chain.defects = std::move(defects);
    return fixture::findings_of("certificate-chain-broken", fixture::serving(chain));
  };
  CHECK(judged({}).empty());

  const Finding order = judged({"wrong order: the certificate of \"a\" comes after its issuer"}).at(0);
  CHECK(order.severity == Severity::low);
  CHECK(order.confidence == Confidence::certain);
  CHECK_FALSE(order.cap.has_value());

  CHECK(judged({"intermediate missing: nothing was sent of \"a\""}).at(0).confidence == Confidence::tentative);

  const Finding old = judged({"expired intermediate: \"a\" expired on 2021-01-01"}).at(0);
  CHECK(old.severity == Severity::high);
  CHECK(old.cap == 59);
  chain.for_right_name = false;
  CHECK(judged({"expired intermediate: \"a\" expired on 2021-01-01"}).at(0).severity == Severity::low);
}
