#include "net/hello/build.h"

#include <algorithm>
#include <doctest/doctest.h>

#include "net/hello/flight.h"

namespace wiretight::tls {
namespace {

// Reads back what was built; `bytes` must outlive the result.
ClientHello read_back(const std::vector<std::uint8_t>& bytes) {
  auto body = client_hello_in_place(bytes);
  REQUIRE(body);
  auto hello = parse_client_hello(*body);
  REQUIRE_MESSAGE(hello, hello.error());
  return *hello;
}

}  // namespace

TEST_CASE("everything in a spec comes out again") {
  HelloSpec spec;
  spec.record_version = 0x0302;
  spec.hello_version = 0x0301;
  spec.random.fill(7);
  spec.session_id = {1, 2, 3};
  spec.suites = {0xc02f, 0x002f};
  spec.compressions = {1, 0};
  spec.renegotiation_scsv = true;
  spec.fallback_scsv = true;
  spec.server_name = "db.example";
  spec.groups = {0x001d, 0x0017};
  spec.point_formats = {0, 1};
  spec.signature_schemes = {0x0403, 0x0201};
  spec.alpn = {"h2", "http/1.1"};
  spec.status_request = true;
  spec.signed_certificate_timestamp = true;
  spec.renegotiation_info = true;
  spec.extended_master_secret = true;
  spec.encrypt_then_mac = true;
  spec.session_ticket = {{9, 9}};
  spec.heartbeat = 1;
  spec.next_protocols = true;
  spec.versions = {0x0304, 0x0303};
  spec.key_shares = {{.group = 0x001d, .key = std::vector<std::uint8_t>(32, 4)}};
  spec.psk_modes = {1};
  spec.cookie = {5, 6};
  spec.early_data = true;
  spec.pre_shared_key = {.identity = {1, 2, 3, 4}, .obfuscated_age = 77, .binder = std::vector<std::uint8_t>(32, 8)};

  std::vector<std::uint8_t> bytes = client_hello(spec);
  CHECK(bytes[1] == 3);
  CHECK(bytes[2] == 2);
  ClientHello hello = read_back(bytes);
  CHECK(hello.legacy_version == 0x0301);
  CHECK(std::ranges::equal(hello.random, spec.random));
  CHECK(std::ranges::equal(hello.session_id, spec.session_id));
  CHECK(hello.suites.size() == 4);
  CHECK(hello.suites[0] == 0xc02f);
  CHECK(hello.fallback);
  CHECK(hello.secure_renegotiation);
  CHECK(std::ranges::equal(hello.compressions, spec.compressions));
  CHECK(hello.server_name == "db.example");
  CHECK(hello.groups.contains(0x0017));
  CHECK(std::ranges::equal(hello.point_formats, spec.point_formats));
  CHECK(hello.signature_schemes.contains(0x0201));
  CHECK(hello.alpn_name(1) == "http/1.1");
  CHECK(hello.status_request);
  CHECK(hello.extended_master_secret);
  CHECK(hello.encrypt_then_mac);
  CHECK(std::ranges::equal(hello.ticket, std::vector<std::uint8_t>{9, 9}));
  CHECK(hello.heartbeat);
  CHECK(hello.next_protocols);
  CHECK(hello.versions[0] == 0x0304);
  CHECK(hello.share(0)->key.size() == 32);
  CHECK(hello.psk_modes.size() == 1);
  CHECK(hello.early_data);
  CHECK(hello.extensions.has(18));
  CHECK(hello.extensions.has(44));

  // The pre-shared key stands last and ends in its binders.
  CHECK(hello.pre_shared_key);
  CHECK(binders_size(spec) == 35);
  Bytes binders = Bytes(bytes).last(binders_size(spec));
  CHECK(binders[0] == 0);
  CHECK(binders[1] == 33);
  CHECK(binders[2] == 32);
  CHECK(binders[3] == 8);
}

TEST_CASE("what is not asked for is not sent") {
  HelloSpec spec;
  spec.suites = {0x002f};
  std::vector<std::uint8_t> bytes = client_hello(spec);
  CHECK(read_back(bytes).extensions.empty());
  CHECK(bytes.size() == 5 + 4 + 2 + 32 + 1 + 2 + 2 + 2);

  spec.key_shares.emplace();
  bytes = client_hello(spec);
  CHECK(read_back(bytes).has_key_share);
  CHECK_FALSE(read_back(bytes).share(0));
}

TEST_CASE("padding reaches the size asked for, with a pre-shared key behind it too") {
  HelloSpec spec = tls13_hello(tls13_codes(), "db.example");
  spec.padding_to = 512;
  CHECK(client_hello(spec).size() == 5 + 512);
  spec.pre_shared_key = {.identity = std::vector<std::uint8_t>(40), .binder = std::vector<std::uint8_t>(32)};
  CHECK(client_hello(spec).size() == 5 + 512);
  std::vector<std::uint8_t> bytes = client_hello(spec);
  CHECK(read_back(bytes).pre_shared_key);
  spec.pad_short = false;
  spec.padding_to = 100;
  CHECK_FALSE(read_back(bytes = client_hello(spec)).extensions.has(21));
}

TEST_CASE("no short message falls into the sizes on which old load balancers hang") {
  for (std::size_t name = 1; name < 400; ++name) {
    HelloSpec spec = legacy_hello(Version::tls12, common_codes().first(1), std::string(name, 'a'));
    std::size_t message = client_hello(spec).size() - 5;
    CHECK((message < 256 || message >= 512));
  }
}

TEST_CASE("GREASE stands in suites, groups, versions and extensions") {
  HelloSpec spec = tls13_hello(tls13_codes(), "");
  spec.grease = true;
  for (int first = 0; first < 256; ++first) {
    spec.random[0] = static_cast<std::uint8_t>(first);
    std::vector<std::uint8_t> bytes = client_hello(spec);
    ClientHello hello = read_back(bytes);
    CHECK(is_grease(hello.suites[0]));
    CHECK(is_grease(hello.groups[0]));
    CHECK(is_grease(hello.versions[0]));
    CHECK(hello.highest_version() == Version::tls13);
  }
}

TEST_CASE("payloads") {
  std::vector<std::uint8_t> out;
  append_heartbleed(out, 0x0301, 64);
  CHECK(out == std::vector<std::uint8_t>{24, 3, 1, 0, 3, 1, 0, 64});
  out.clear();
  append_change_cipher_spec(out, 0x0303);
  CHECK(out == std::vector<std::uint8_t>{20, 3, 3, 0, 1, 1});
  out.clear();
  append_close_notify(out, 0x0303);
  CHECK(out == std::vector<std::uint8_t>{21, 3, 3, 0, 2, 1, 0});
  const std::uint8_t secret[] = {0xaa, 0xbb};
  out.clear();
  append_client_key_exchange(out, 0x0303, secret);
  CHECK(out == std::vector<std::uint8_t>{22, 3, 3, 0, 8, 16, 0, 0, 4, 0, 2, 0xaa, 0xbb});
  out.clear();
  append_client_key_exchange(out, 0x0300, secret);
  CHECK(out == std::vector<std::uint8_t>{22, 3, 0, 0, 6, 16, 0, 0, 2, 0xaa, 0xbb});
  out.clear();
  append_no_certificate(out, 0x0301);
  CHECK(out == std::vector<std::uint8_t>{22, 3, 1, 0, 7, 11, 0, 0, 3, 0, 0, 0});
  out.clear();
  append_no_certificate(out, 0x0300);
  CHECK(out == std::vector<std::uint8_t>{21, 3, 0, 0, 2, 1, 41});
}

}  // namespace wiretight::tls
