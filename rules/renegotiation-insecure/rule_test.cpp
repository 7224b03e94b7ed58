#include <doctest/doctest.h>

#include "engine/fixture.h"

using namespace wiretight;

TEST_CASE("without RFC 5746 only a refusal that was seen makes it better") {
  Listener listener = fixture::listener();
  const auto judged = [&] { return fixture::findings_of("renegotiation-insecure", listener); };
  CHECK(judged().empty());
  listener.secure_renegotiation = observed(false);
  CHECK(judged().at(0).severity == Severity::high);
  CHECK(judged().at(0).message.ends_with("whether it renegotiates could not be tried."));
  listener.insecure_renegotiation = observed(true);
  CHECK(judged().at(0).severity == Severity::high);
  listener.insecure_renegotiation = observed(false);
  CHECK(judged().at(0).severity == Severity::medium);
}

TEST_CASE("with RFC 5746 renegotiation by clients is low") {
  Listener listener = fixture::listener();
  listener.secure_renegotiation = observed(true);
  CHECK(fixture::findings_of("renegotiation-insecure", listener).empty());
  listener.client_renegotiation = observed(true);
  CHECK(fixture::findings_of("renegotiation-insecure", listener).at(0).severity == Severity::low);
}
