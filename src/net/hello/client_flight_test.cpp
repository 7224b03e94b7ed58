#include <algorithm>
#include <doctest/doctest.h>

#include "net/hello/build.h"
#include "net/hello/fixture.h"
#include "net/hello/flight.h"

namespace wiretight::tls {
namespace {

ClientFlight read(const std::vector<std::uint8_t>& bytes) {
  ClientFlight flight;
  flight.feed(bytes);
  return flight;
}

ClientHello hello_of(const ClientFlight& flight) {
  REQUIRE(flight.state() == ClientFlight::State::done);
  REQUIRE(flight.hello());
  return *flight.hello();
}

}  // namespace

TEST_CASE("ClientHellos of real clients") {
  SUBCASE("OpenSSL 3.0") {
    ClientFlight flight = read(recorded("hello_client", "openssl30"));
    ClientHello hello = hello_of(flight);
    CHECK(hello.server_name == "db.example");
    CHECK(hello.alpn_name(0) == "h2");
    CHECK(hello.alpn_name(1) == "http/1.1");
    CHECK_FALSE(hello.alpn_name(2));
    CHECK(hello.highest_version() == Version::tls13);
    CHECK(hello.offers(Version::tls12));
    CHECK_FALSE(hello.offers(Version::ssl3));
    CHECK(hello.share(0)->group == 0x001d);
    CHECK(hello.share(0)->key.size() == 32);
    CHECK_FALSE(hello.share(1));
    CHECK(hello.secure_renegotiation);
    CHECK_FALSE(hello.offers_post_quantum());
    CHECK_FALSE(hello.grease);
  }
  SUBCASE("Node 26, with ML-KEM") {
    ClientFlight flight = read(recorded("hello_client", "node26"));
    CHECK(hello_of(flight).offers_post_quantum());
    CHECK(hello_of(flight).share(0)->key.size() == 1216);
  }
  SUBCASE("Node 0.10, TLS 1.2 and weak suites") {
    ClientFlight flight = read(recorded("hello_client", "node010"));
    CHECK(hello_of(flight).highest_version() == Version::tls12);
    CHECK(hello_of(flight).offers(Version::ssl3));
    CHECK_FALSE(hello_of(flight).offers(Version::ssl2));
    CHECK(hello_of(flight).versions.empty());
  }
  SUBCASE("GnuTLS, Java, Python") {
    for (const char* name : {"gnutls37", "java17", "python"}) {
      ClientFlight flight = read(recorded("hello_client", name));
      CHECK(hello_of(flight).offers(Version::tls13));
      CHECK(hello_of(flight).offers_suite(0x1301));
      CHECK(hello_of(flight).signature_schemes.contains(0x0403));
    }
  }
}

TEST_CASE("a hello in pieces, and one in place") {
  std::vector<std::uint8_t> bytes = recorded("hello_client", "node26");
  ClientFlight flight;
  for (std::size_t at = 0; at < bytes.size(); ++at) flight.feed(Bytes(bytes).subspan(at, 1));
  CHECK(hello_of(flight).offers_post_quantum());

  auto body = client_hello_in_place(bytes);
  REQUIRE(body);
  CHECK(parse_client_hello(*body)->server_name == "db.example");
  CHECK_FALSE(client_hello_in_place(Bytes(bytes).first(bytes.size() - 1)));
  flight.reset();
  CHECK(flight.state() == ClientFlight::State::need_more);
  CHECK_FALSE(flight.hello());
}

TEST_CASE("a hello cut across records") {
  HelloSpec spec = big_hello("db.example");
  spec.padding_to = 20000;
  std::vector<std::uint8_t> bytes = client_hello(spec);
  CHECK(bytes.size() == 20000 + 2 * 5);
  CHECK_FALSE(client_hello_in_place(bytes));
  ClientFlight flight = read(bytes);
  CHECK(hello_of(flight).server_name == "db.example");
}

TEST_CASE("SSLv2 hellos") {
  std::vector<std::uint8_t> bytes;
  append_ssl2_client_hello(bytes, ssl2_hello());
  ClientFlight flight = read(bytes);
  ClientHello hello = hello_of(flight);
  CHECK(hello.ssl2_format);
  CHECK(hello.offers(Version::ssl2));
  CHECK(hello.highest_version() == Version::ssl2);

  Ssl2Hello newer;
  newer.version = 0x0301;
  newer.kinds = {0x00002f, 0x0000ff};
  bytes.clear();
  append_ssl2_client_hello(bytes, newer);
  ClientFlight other = read(bytes);
  hello = hello_of(other);
  CHECK(hello.offers_suite(0x002f));
  CHECK(hello.secure_renegotiation);
  CHECK_FALSE(hello.offers(Version::ssl2));
  CHECK(hello.offers(Version::tls10));
}

TEST_CASE("what is no ClientHello") {
  CHECK(read({'G', 'E', 'T', ' '}).state() == ClientFlight::State::not_tls);
  CHECK(read({22, 'x'}).state() == ClientFlight::State::not_tls);
  CHECK(read({0x80, 0x20, 9}).state() == ClientFlight::State::not_tls);
  CHECK(read({22, 3, 1, 0, 4, 2, 0, 0, 0}).state() == ClientFlight::State::violation);
  CHECK(read({22, 3, 1, 0, 0}).state() == ClientFlight::State::violation);
  CHECK(read({22, 3, 1, 0, 4, 1, 0xff, 0xff, 0xff}).why() == "ClientHello longer than the limit");
  CHECK(read({22, 3, 1, 0xff, 0xff}).state() == ClientFlight::State::violation);

  std::vector<std::uint8_t> bytes = recorded("hello_client", "openssl30");
  bytes[5 + 4 + 2 + 32] = 33;  // session id length
  CHECK(read(bytes).state() == ClientFlight::State::violation);
}

}  // namespace wiretight::tls
