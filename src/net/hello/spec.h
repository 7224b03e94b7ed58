#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "net/hello/bytes.h"
#include "net/hello/version.h"

namespace wiretight::tls {

struct OfferedShare {
  std::uint16_t group = 0;
  std::vector<std::uint8_t> key = {};
};

struct OfferedPsk {
  std::vector<std::uint8_t> identity = {};
  std::uint32_t obfuscated_age = 0;
  std::vector<std::uint8_t> binder =
      {};  // 32 or 48 bytes; the caller computes it over the hello without binders_size() bytes
};

// Everything that a ClientHello says. An empty list or an unset optional leaves the extension out; the order on the
// wire is fixed (pre_shared_key last, as RFC 8446 demands). Numbers are sent as they stand, also unsound ones.
struct HelloSpec {
  std::uint16_t record_version = 0x0301;
  std::uint16_t hello_version = 0x0303;
  std::array<std::uint8_t, 32> random = {};
  std::vector<std::uint8_t> session_id = {};  // at most 32 bytes
  std::vector<std::uint16_t> suites = {};
  std::vector<std::uint8_t> compressions = {0};
  bool renegotiation_scsv = false;  // appends 0x00ff
  bool fallback_scsv = false;       // appends 0x5600
  bool extensions = true;           // false: no extension block at all, as SSL 3.0 clients send

  std::string server_name = {};  // an address literal is not to be put here (RFC 6066)
  std::vector<std::uint16_t> groups = {};
  std::vector<std::uint8_t> point_formats = {};
  std::vector<std::uint16_t> signature_schemes = {};
  std::vector<std::string> alpn = {};
  bool status_request = false;
  bool signed_certificate_timestamp = false;
  bool renegotiation_info = false;  // empty renegotiated_connection
  bool extended_master_secret = false;
  bool encrypt_then_mac = false;
  std::optional<std::vector<std::uint8_t>> session_ticket = {};  // empty bytes ask for one
  std::optional<std::uint8_t> heartbeat = {};                    // mode 1 or 2
  bool next_protocols = false;                                   // NPN
  std::vector<std::uint16_t> versions = {};                      // supported_versions
  // Set and empty asks for a HelloRetryRequest.
  std::optional<std::vector<OfferedShare>> key_shares = {};
  std::vector<std::uint8_t> psk_modes = {};  // 0 psk_ke, 1 psk_dhe_ke
  std::vector<std::uint8_t> cookie = {};
  std::optional<OfferedPsk> pre_shared_key = {};
  bool early_data = false;
  bool pad_short = false;      // pads a message of 256 to 511 bytes up to 512: old F5 load balancers hang on those
  std::size_t padding_to = 0;  // pads the handshake message up to this many bytes (RFC 7685); 0 never
  bool grease = false;         // adds GREASE to suites, groups, versions and extensions
};

// Highest version the spec offers.
std::uint16_t highest_offered(const HelloSpec& spec);
bool offers_version(const HelloSpec& spec, std::uint16_t version);

// Fresh random, a fresh session id of the length it has, fresh X25519 shares (any 255 bits are a valid one) from the
// kernel's generator.
void randomise(HelloSpec& spec);

// Recipes. None is randomised: that is one call more, or none in a test.

// A hello of a version up to TLS 1.2 with everything a probe learns from at no extra cost: compression {1,0},
// renegotiation_info, extended_master_secret, encrypt_then_mac, an empty ticket, heartbeat, curves and signature
// schemes of that version. SSL 3.0 gets no extensions but the renegotiation SCSV. No ffdhe groups are offered: a server
// that knows RFC 7919 would answer one and hide its own weak prime. No status_request: wolfSSL 5.5 hangs up on it where
// it cannot build the OCSP request (private authorities), so only whole handshakes ask for a staple.
HelloSpec legacy_hello(Version version, std::span<const std::uint16_t> suites, std::string_view server_name);
// TLS 1.3 only, with an X25519 share and the common groups.
HelloSpec tls13_hello(std::span<const std::uint16_t> suites, std::string_view server_name);
// TLS 1.3 only, `groups` with an empty key_share list: an accepted group comes back in a HelloRetryRequest.
HelloSpec group_hello(std::span<const std::uint16_t> groups, std::string_view server_name);
// What a browser of today sends: TLS 1.2 and 1.3, X25519MLKEM768 with a share of real size beside X25519, larger than
// one segment. The share is 1184 zero bytes, which pass the FIPS 203 key check, and 32 of X25519, so that a server can
// answer it and no ML-KEM code is needed here.
HelloSpec big_hello(std::string_view server_name);

// Only suites and signature schemes that an ECDSA (or RSA) certificate serves; for the second certificate of a server.
HelloSpec ecdsa_only_hello(std::string_view server_name);
HelloSpec rsa_only_hello(std::string_view server_name);

}  // namespace wiretight::tls
