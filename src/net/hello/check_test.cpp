#include "net/hello/check.h"

#include <doctest/doctest.h>

#include "net/hello/fixture.h"
#include "net/hello/flight.h"

namespace wiretight::tls {
namespace {

HelloSpec offer_12() {
  HelloSpec spec = legacy_hello(Version::tls12, legacy_codes(), "localhost");
  spec.alpn = {"http/1.1"};
  return spec;
}

Flight read(const char* name) {
  Flight flight;
  flight.feed(recorded("hello_flight", name));
  REQUIRE(flight.server_hello());
  return flight;
}

std::string complaint(const Outcome<void>& outcome) { return outcome ? "" : outcome.error().what; }

}  // namespace

TEST_CASE("an answer to what was offered passes") {
  Flight flight = read("openssl_tls12_dhe");
  CHECK(complaint(check_answer(*flight.server_hello(), offer_12())) == "");
  CHECK(complaint(check_answer(*flight.server_key_exchange(), offer_12())) == "");
  Flight hybrid = read("node26_tls13_mlkem");
  CHECK(complaint(check_answer(*hybrid.server_hello(), big_hello(""))) == "");
}

TEST_CASE("suite, version and compression that were not offered are refused") {
  Flight flight = read("openssl_tls12_dhe");
  ServerHello hello = *flight.server_hello();
  HelloSpec spec = offer_12();

  spec.suites = {0x002f};
  CHECK(complaint(check_answer(hello, spec)) == "chose suite 0x0033, which was not offered");
  spec = legacy_hello(Version::tls11, legacy_codes(), "");
  CHECK(complaint(check_answer(hello, spec)) == "chose version 0x0303, which was not offered");
  // An older version in answer to a TLS 1.3 hello is the trap that made every signature scheme look accepted.
  CHECK(complaint(check_answer(hello, tls13_hello(legacy_codes(), ""))) ==
        "chose version 0x0303, which was not offered");
  hello.compression = 64;
  CHECK(complaint(check_answer(hello, offer_12())) == "chose compression 64, which was not offered");
}

TEST_CASE("suites belong to their version") {
  Flight hybrid = read("node26_tls13_mlkem");
  ServerHello hello = *hybrid.server_hello();
  hello.suite = 0x002f;
  HelloSpec spec = big_hello("");
  spec.suites.push_back(0x002f);
  CHECK(complaint(check_answer(hello, spec)) ==
        "chose TLS_RSA_WITH_AES_128_CBC_SHA, which version 0x0304 does not have");
}

TEST_CASE("a retry must name a group that was offered and not sent") {
  Flight flight = read("node26_retry_mlkem");
  ServerHello hello = *flight.server_hello();
  const std::uint16_t hybrid[] = {0x11ec};
  const std::uint16_t curve[] = {0x0017};
  CHECK(complaint(check_answer(hello, group_hello(hybrid, ""))) == "");
  CHECK(complaint(check_answer(hello, group_hello(curve, ""))) ==
        "asked to retry with group 0x11ec, which was not offered");
  CHECK(complaint(check_answer(hello, big_hello(""))) == "asked to retry with group 0x11ec, whose share was sent");
  hello.group.reset();
  CHECK(complaint(check_answer(hello, group_hello(hybrid, ""))) == "a HelloRetryRequest that names no group");
}

TEST_CASE("a share must be for a group that was sent, and of its size") {
  Flight flight = read("node26_tls13_mlkem");
  ServerHello hello = *flight.server_hello();
  CHECK(complaint(check_answer(hello, tls13_hello(tls13_codes(), ""))) ==
        "answered with group 0x11ec, for which no share was sent");
  hello.key_share = hello.key_share.first(32);
  CHECK(complaint(check_answer(hello, big_hello(""))) == "a key share of 32 bytes for X25519MLKEM768, which has 1120");
  hello.group.reset();
  CHECK(complaint(check_answer(hello, big_hello(""))) == "a TLS 1.3 ServerHello without a key share");
  hello.pre_shared_key = 0;
  CHECK(complaint(check_answer(hello, big_hello(""))) == "chose a pre-shared key that was not offered");
}

TEST_CASE("curve, point, scheme and protocol must have been offered") {
  Flight flight = read("node26_tls12_alpn");
  HelloSpec spec = offer_12();
  CHECK(complaint(check_answer(*flight.server_hello(), spec)) == "");
  spec.alpn = {"h2"};
  CHECK(complaint(check_answer(*flight.server_hello(), spec)) == "chose an application protocol that was not offered");

  ServerKeyExchange exchange = *flight.server_key_exchange();
  spec.groups = {0x0017};
  CHECK(complaint(check_answer(exchange, spec)) == "chose curve 0x001d, which was not offered");
  spec = offer_12();
  exchange.public_value = exchange.public_value.first(31);
  CHECK(complaint(check_answer(exchange, spec)) == "a point of 31 bytes on x25519");
  spec.signature_schemes = {0x0201};
  CHECK(complaint(check_answer(exchange, spec)) == "signed with scheme 0x0403, which was not offered");
}

TEST_CASE("SSLv2 answers name something that was asked for, or nothing") {
  Flight flight;
  flight.feed(recorded("hello_flight", "node010_ssl2"));
  Ssl2ServerHello hello = *flight.ssl2_server_hello();
  CHECK(complaint(check_answer(hello, ssl2_hello())) == "");
  Ssl2Hello other;
  other.kinds = {0x123456};
  CHECK(complaint(check_answer(hello, other)) == "SSLv2 ciphers of which none was offered");
  hello.kinds = {};
  CHECK(complaint(check_answer(hello, other)) == "");
}

TEST_CASE("resumption and Ticketbleed are read from the session id") {
  Flight flight = read("node010_ssl3");
  ServerHello hello = *flight.server_hello();
  HelloSpec spec;
  CHECK_FALSE(is_resumed(hello, spec));
  spec.session_id.assign(hello.session_id.begin(), hello.session_id.end());
  CHECK(is_resumed(hello, spec));

  spec.session_id.resize(1);
  CHECK(ticketbleed_leak(hello, spec) == 0);
  spec.session_ticket = {{1, 2, 3}};
  CHECK(ticketbleed_leak(hello, spec) == 31);
  spec.session_id[0] ^= 1;
  CHECK(ticketbleed_leak(hello, spec) == 0);
}

}  // namespace wiretight::tls
