#include "net/hello/flight.h"

#include <algorithm>
#include <doctest/doctest.h>

#include "net/hello/build.h"
#include "net/hello/fixture.h"

namespace wiretight::tls {
namespace {

using Buffer = std::vector<std::uint8_t>;

Flight read(const Buffer& bytes, Until until = Until::server_hello_done) {
  Flight flight(until);
  flight.feed(bytes);
  return flight;
}

Flight read_recorded(const char* name, Until until = Until::server_hello_done) {
  return read(recorded("hello_flight", name), until);
}

void add(Buffer& to, const Buffer& bytes) { to.insert(to.end(), bytes.begin(), bytes.end()); }

Buffer record(std::uint8_t type, const Buffer& payload) {
  Buffer bytes;
  append_record(bytes, static_cast<ContentType>(type), 0x0303, payload);
  return bytes;
}

Buffer message(std::uint8_t type, const Buffer& body) {
  Buffer bytes = {type, static_cast<std::uint8_t>(body.size() >> 16), static_cast<std::uint8_t>(body.size() >> 8),
                  static_cast<std::uint8_t>(body.size())};
  add(bytes, body);
  return bytes;
}

// A ServerHello of TLS 1.2 with one suite and no extensions.
Buffer hello_message(std::uint16_t suite = 0x002f) {
  Buffer body = {3, 3};
  body.resize(34, 0x5a);
  add(body, {0, static_cast<std::uint8_t>(suite >> 8), static_cast<std::uint8_t>(suite), 0});
  return message(2, body);
}

// The wolfSSL 5.5 answer to a group it does not have: a HelloRetryRequest that asks for nothing.
Buffer bare_retry() {
  Buffer body = {3,    3,    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8,
                 0x91, 0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c};
  add(body, {0, 0x13, 0x01, 0, 0, 6, 0, 43, 0, 2, 3, 4});
  return message(2, body);
}

}  // namespace

TEST_CASE("a whole TLS 1.2 flight: hello, certificate, Diffie-Hellman parameters, certificate request") {
  Flight flight = read_recorded("openssl_tls12_dhe");
  REQUIRE(flight.progress().done());
  CHECK(flight.progress().end == End::server_hello_done);
  auto hello = flight.server_hello();
  REQUIRE(hello);
  CHECK(hello->version == 0x0303);
  CHECK(hello->suite == 0x0033);
  CHECK(hello->renegotiation_info);
  CHECK(hello->extended_master_secret);
  CHECK(hello->encrypt_then_mac);
  CHECK(hello->session_ticket);
  CHECK(hello->downgrade_mark() == DowngradeMark::from_tls13_to_tls12);
  REQUIRE(flight.certificates());
  CHECK(flight.certificates()->size() == 1);
  CHECK((*flight.certificates())[0][0] == 0x30);
  auto exchange = flight.server_key_exchange();
  REQUIRE(exchange);
  CHECK(exchange->kind == ServerKeyExchange::Kind::dhe);
  CHECK(exchange->p_bits() == 1024);
  CHECK(exchange->signature_scheme == 0x0804);
  REQUIRE(find_dh_prime(exchange->p) != nullptr);
  CHECK(find_dh_prime(exchange->p)->name == "RFC 2409 group 2");
  auto request = flight.certificate_request();
  REQUIRE(request);
  CHECK(request->types.size() == 3);
  CHECK(request->signature_schemes.size() == 23);
  CHECK(request->authorities == 0);
  CHECK(flight.saw_server_hello_done());
}

TEST_CASE("what other stacks send") {
  SUBCASE("GnuTLS, weak prime, heartbeat") {
    Flight flight = read_recorded("gnutls_tls12_dhe512_heartbeat");
    CHECK(flight.server_hello()->heartbeat == 1);
    CHECK(flight.server_key_exchange()->p_bits() == 512);
  }
  SUBCASE("NSS, everything in one record, stapled OCSP") {
    Flight flight = read_recorded("nss_tls12_staple");
    CHECK(flight.records() == 1);
    CHECK(flight.certificate_status()->size() == 346);
    CHECK(flight.server_hello()->status_request);
    CHECK(flight.server_key_exchange()->p_bits() == 1024);
    CHECK(find_dh_prime(flight.server_key_exchange()->p) == nullptr);
  }
  SUBCASE("anonymous: no certificate, no signature") {
    Flight flight = read_recorded("openssl_tls12_anonymous");
    CHECK_FALSE(flight.certificates());
    CHECK(flight.server_key_exchange()->signature.empty());
  }
  SUBCASE("ECDHE curve and ALPN") {
    Flight flight = read_recorded("node26_tls12_alpn");
    CHECK(flight.server_hello()->alpn == "http/1.1");
    CHECK(flight.server_key_exchange()->kind == ServerKeyExchange::Kind::ecdhe);
    CHECK(flight.server_key_exchange()->group == 0x001d);
    CHECK(flight.server_key_exchange()->public_value.size() == 32);
  }
  SUBCASE("temporary 512-bit RSA key of an export suite") {
    Flight flight = read_recorded("java_tls10_rsa_export");
    CHECK(flight.server_key_exchange()->kind == ServerKeyExchange::Kind::rsa_export);
    CHECK(flight.server_key_exchange()->p_bits() == 512);
    CHECK(flight.server_hello()->downgrade_mark() == DowngradeMark::to_tls11_or_below);
  }
  SUBCASE("DHE_EXPORT, signature without a scheme before TLS 1.2") {
    Flight flight = read_recorded("node012_tls10_dhe_export");
    CHECK(flight.server_key_exchange()->p_bits() == 512);
    CHECK(flight.server_key_exchange()->signature_scheme == 0);
    CHECK(flight.server_key_exchange()->signature.size() == 128);
  }
  SUBCASE("SSL 3.0") {
    Flight flight = read_recorded("node010_ssl3");
    CHECK(flight.server_hello()->version == 0x0300);
    CHECK(flight.record_version() == 0x0300);
    CHECK(flight.server_hello()->renegotiation_info);
  }
}

TEST_CASE("TLS 1.3 ends at the ServerHello or the HelloRetryRequest") {
  Flight hybrid = read_recorded("node26_tls13_mlkem");
  CHECK(hybrid.progress().end == End::server_hello);
  CHECK(hybrid.server_hello()->is_tls13());
  CHECK(hybrid.server_hello()->group == 0x11ec);
  CHECK(hybrid.server_hello()->key_share.size() == 1120);

  Flight retry = read_recorded("java_retry_cookie");
  CHECK(retry.progress().end == End::hello_retry);
  CHECK(retry.server_hello()->hello_retry);
  CHECK(retry.server_hello()->group == 0x0019);
  CHECK_FALSE(retry.server_hello()->cookie.empty());

  Flight nameless = read(record(22, bare_retry()));
  CHECK(nameless.progress().end == End::hello_retry);
  CHECK_FALSE(nameless.server_hello()->group);
}

TEST_CASE("a ServerHello may follow a HelloRetryRequest, but no second retry") {
  Buffer hello = recorded("hello_flight", "node26_tls13_mlkem");
  Flight flight = read_recorded("node26_retry_mlkem");
  flight.resume(Until::server_hello);
  flight.feed(record(20, {1}));
  CHECK(flight.progress().need_more());
  flight.feed(hello);
  CHECK(flight.progress().end == End::server_hello);
  CHECK_FALSE(flight.server_hello()->hello_retry);

  Flight twice = read_recorded("node26_retry_mlkem");
  twice.resume(Until::server_hello);
  twice.feed(recorded("hello_flight", "node26_retry_mlkem"));
  CHECK(twice.progress().violation());
}

TEST_CASE("SSLv2 answers") {
  Flight flight = read_recorded("node010_ssl2");
  CHECK(flight.progress().end == End::ssl2_server_hello);
  auto hello = flight.ssl2_server_hello();
  REQUIRE(hello);
  CHECK(hello->kind_count() == 7);
  CHECK(find_ssl2_suite(hello->kind(0))->openssl == "RC4-MD5");
  CHECK(hello->certificate.size() == 296);

  Flight refused = read_recorded("java_ssl2_error");
  CHECK(refused.progress().end == End::ssl2_error);
  CHECK(refused.ssl2_error() == 1);
}

TEST_CASE("what is not TLS is kept and named") {
  Flight http = read_recorded("nginx_http_400");
  CHECK(http.progress().end == End::not_tls);
  CHECK(http.other_protocol() == "HTTP");
  CHECK(as_text(http.first_bytes()).starts_with("HTTP/1.1 400"));

  CHECK(read({'S', 'S', 'H', '-', '2', '.', '0', '-'}).other_protocol() == "SSH");
  CHECK(read({'+', 'O', 'K', '\n'}).other_protocol() == "POP3");
  CHECK(read({0x16, 'x', 1, 2, 3, 4, 5, 6, 7}).other_protocol() == "unknown");
  Flight brief = read({'H', 'T'});
  CHECK(brief.progress().need_more());
  CHECK(brief.close().end == End::not_tls);
  CHECK(Flight().close().end == End::closed);
}

TEST_CASE("pieces of any size say the same") {
  for (const char* name : {"openssl_tls12_dhe", "nss_tls12_staple", "node26_tls13_mlkem", "node010_ssl2"}) {
    Buffer bytes = recorded("hello_flight", name);
    Flight whole = read(bytes);
    for (std::size_t size : {std::size_t{1}, std::size_t{3}, std::size_t{100}}) {
      Flight pieces;
      for (std::size_t at = 0; at < bytes.size(); at += size)
        pieces.feed(Bytes(bytes).subspan(at, std::min(size, bytes.size() - at)));
      CHECK(pieces.progress().end == whole.progress().end);
      CHECK(pieces.received() == whole.received());
      CHECK(pieces.certificates().has_value() == whole.certificates().has_value());
    }
  }
}

TEST_CASE("handshake messages may be cut across records") {
  Buffer hello = hello_message();
  Buffer bytes;
  for (std::size_t at = 0; at < hello.size(); at += 9)
    add(bytes, record(22, Buffer(hello.begin() + static_cast<std::ptrdiff_t>(at),
                                 hello.begin() + static_cast<std::ptrdiff_t>(std::min(at + 9, hello.size())))));
  Flight flight = read(bytes, Until::server_hello);
  CHECK(flight.progress().end == End::server_hello);
  CHECK(flight.server_hello()->suite == 0x002f);
}

TEST_CASE("stops exactly behind the awaited message and goes on from there") {
  Buffer bytes = recorded("hello_flight", "nss_tls12_staple");
  Flight flight(Until::server_hello);
  Progress progress = flight.feed(bytes);
  CHECK(progress.end == End::server_hello);
  CHECK(progress.consumed < bytes.size());
  CHECK_FALSE(flight.certificates());
  CHECK(flight.feed(Bytes(bytes).subspan(progress.consumed)).consumed == 0);

  flight.resume(Until::server_hello_done);
  progress = flight.feed(Bytes(bytes).subspan(progress.consumed));
  CHECK(progress.end == End::server_hello_done);
  CHECK(flight.certificate_status());
}

TEST_CASE("alerts") {
  Flight refused = read_recorded("openssl_alert");
  CHECK(refused.progress().end == End::alert);
  CHECK(refused.alert()->fatal());
  CHECK(refused.alert()->name() == "handshake_failure");

  Buffer warned = record(21, {1, 112});
  add(warned, record(22, hello_message()));
  Flight flight = read(warned, Until::server_hello);
  CHECK(flight.progress().end == End::server_hello);
  CHECK(flight.alert()->name() == "unrecognized_name");
  CHECK(read(warned, Until::alert).progress().end == End::alert);

  CHECK(read(record(21, {1, 0})).progress().end == End::alert);
  CHECK(read(record(21, {3, 0})).progress().violation());
  CHECK(read(record(21, {2, 40, 0})).progress().violation());
}

TEST_CASE("after a payload: an alert in the clear, an encrypted one, a heartbeat, a ChangeCipherSpec") {
  Flight flight = read(record(22, hello_message()), Until::server_hello);
  flight.resume(Until::alert);
  flight.feed(record(24, {2, 0, 32, 9, 9, 9}));
  REQUIRE(flight.heartbeat());
  CHECK(flight.heartbeat()->type == 2);
  CHECK(flight.heartbeat()->claimed == 32);
  CHECK(flight.heartbeat()->record_payload == 6);
  CHECK(flight.progress().need_more());
  flight.feed(record(21, Buffer(26, 7)));
  CHECK(flight.progress().end == End::encrypted_alert);

  flight.resume(Until::heartbeat);
  CHECK(flight.feed(record(24, {2, 0, 0})).end == End::heartbeat);
  flight.resume(Until::alert);
  CHECK(flight.feed(record(20, {1})).end == End::change_cipher_spec);
  flight.resume(Until::alert);
  CHECK(flight.feed(record(22, Buffer(40, 1))).end == End::application_data);
}

TEST_CASE("a session ticket in the clear") {
  Buffer bytes = record(22, hello_message());
  add(bytes, record(22, message(4, {0, 0, 0x1c, 0x20, 0, 2, 0xaa, 0xbb})));
  add(bytes, record(20, {1}));
  Flight flight = read(bytes);
  CHECK(flight.progress().end == End::change_cipher_spec);
  CHECK(flight.session_ticket()->lifetime == 7200);
  CHECK(flight.session_ticket()->ticket.size() == 2);
}

TEST_CASE("hostile flights end in a violation, within bounds") {
  SUBCASE("record longer than TLS allows") { CHECK(read({22, 3, 3, 0xff, 0xff}).progress().violation()); }
  SUBCASE("something else behind the first record") {
    Buffer bytes = record(22, hello_message());
    add(bytes, {'H', 'T', 'T', 'P', '/'});
    CHECK(read(bytes).progress().why == "bytes that are no TLS record");
  }
  SUBCASE("endless warning alerts") {
    Buffer bytes;
    for (int count = 0; count < 5; ++count) add(bytes, record(21, {1, 90}));
    CHECK(read(bytes).progress().why == "too many warning alerts");
  }
  SUBCASE("application data at once") { CHECK(read(record(23, Buffer(100))).progress().violation()); }
  SUBCASE("empty records without end") {
    Buffer bytes = record(22, hello_message());
    for (int count = 0; count < 40; ++count) add(bytes, record(24, {}));
    CHECK(read(bytes).progress().why == "too many records");
  }
  SUBCASE("a certificate message of 16 MB") {
    Buffer bytes = record(22, hello_message());
    add(bytes, record(22, {11, 0xff, 0xff, 0xff, 0}));
    CHECK(read(bytes).progress().why == "handshake message longer than the limit");
  }
  SUBCASE("17 certificates") {
    Buffer list;
    for (int count = 0; count < 17; ++count) add(list, {0, 0, 1, 0x30});
    Buffer body = {0, 0, static_cast<std::uint8_t>(list.size())};
    add(body, list);
    Buffer bytes = record(22, hello_message());
    add(bytes, record(22, message(11, body)));
    CHECK(read(bytes).progress().why == "Certificate message with too many certificates");
  }
  SUBCASE("certificate first") { CHECK(read(record(22, message(11, {0, 0, 0}))).progress().violation()); }
  SUBCASE("two ServerHellos") {
    Buffer bytes = record(22, hello_message());
    add(bytes, record(22, hello_message()));
    CHECK(read(bytes).progress().why == "a second ServerHello");
  }
  SUBCASE("messages out of order") {
    Buffer bytes = record(22, hello_message());
    add(bytes, record(22, message(13, {1, 1, 0, 0, 0, 0})));
    add(bytes, record(22, message(11, {0, 0, 0})));
    CHECK(read(bytes).progress().violation());
  }
  SUBCASE("a client's message") {
    Buffer bytes = record(22, hello_message());
    add(bytes, record(22, message(16, {1, 2})));
    CHECK(read(bytes).progress().violation());
  }
  SUBCASE("cleartext after a TLS 1.3 ServerHello") {
    Flight flight = read_recorded("node26_tls13_mlkem");
    flight.resume(Until::server_hello_done);
    flight.feed(record(22, message(11, {0, 0, 0})));
    CHECK(flight.progress().violation());
    flight.resume(Until::alert);
    CHECK(flight.progress().violation());
  }
}

TEST_CASE("a reader can be used again") {
  Flight flight = read_recorded("openssl_tls12_dhe");
  flight.reset(Until::server_hello);
  CHECK(flight.progress().need_more());
  CHECK_FALSE(flight.server_hello());
  CHECK(flight.received() == 0);
  flight.feed(recorded("hello_flight", "nss_tls12_staple"));
  CHECK(flight.server_hello()->suite == 0x0033);
  CHECK_FALSE(flight.certificates());
}

}  // namespace wiretight::tls
