#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string_view>

#include "net/hello/bytes.h"
#include "net/hello/limits.h"
#include "net/hello/registry.h"

// The handshake messages that cross the wire in the clear, each read from its body (what follows type and length) by a
// pure function. Results are views into the bytes that were given: they live as long as those. Nothing is allocated.
// The error is a constant sentence that names the broken field.
namespace wiretight::tls {

template <class T>
using Parsed = std::expected<T, std::string_view>;

enum class HandshakeType : std::uint8_t {
  hello_request = 0,
  client_hello = 1,
  server_hello = 2,
  new_session_ticket = 4,
  encrypted_extensions = 8,
  certificate = 11,
  server_key_exchange = 12,
  certificate_request = 13,
  server_hello_done = 14,
  certificate_verify = 15,
  client_key_exchange = 16,
  finished = 20,
  certificate_url = 21,
  certificate_status = 22,
  supplemental_data = 23,
  next_protocol = 67,
};

struct Extension {
  std::uint16_t type = 0;
  Bytes body = {};
};

// An extension block that was checked to be whole; iterates over Extension values in wire order.
class Extensions {
 public:
  Extensions() = default;
  // `block` is the list without its own length. Fails on a cut-off entry, on a repeated type (RFC 8446 4.2) and on
  // more than limits::extensions.
  static Parsed<Extensions> parse(Bytes block);

  class iterator {
   public:
    using value_type = Extension;
    using difference_type = std::ptrdiff_t;
    explicit iterator(Bytes rest) : rest_(rest) {}
    Extension operator*() const;
    iterator& operator++();
    bool operator==(const iterator& other) const { return rest_.size() == other.rest_.size(); }

   private:
    Bytes rest_;
  };
  iterator begin() const { return iterator(block_); }
  iterator end() const { return iterator(block_.last(0)); }
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  std::optional<Bytes> find(std::uint16_t type) const;
  bool has(std::uint16_t type) const { return find(type).has_value(); }
  // The raw block.
  Bytes bytes() const { return block_; }

 private:
  Bytes block_ = {};
  std::size_t size_ = 0;
};

// The mark that a server able to do better leaves in its random (RFC 8446 4.1.3).
enum class DowngradeMark : std::uint8_t { none, from_tls13_to_tls12, to_tls11_or_below };

struct ServerHello {
  std::uint16_t legacy_version = 0;  // as in the message
  std::uint16_t version = 0;         // negotiated: supported_versions where present
  Bytes random = {};                 // 32 bytes
  Bytes session_id = {};
  std::uint16_t suite = 0;
  std::uint8_t compression = 0;  // 0 null, 1 DEFLATE
  Extensions extensions = {};

  bool hello_retry = false;                          // a HelloRetryRequest (the random of RFC 8446 4.1.3)
  std::optional<std::uint16_t> group = {};           // of key_share: the server's share, or what the retry asks for
  Bytes key_share = {};                              // the server's; empty in a retry
  Bytes cookie = {};                                 // of a retry
  std::optional<std::uint16_t> pre_shared_key = {};  // index of the accepted identity
  std::optional<Bytes> renegotiation_info = {};      // renegotiated_connection; empty bytes on a first handshake
  bool extended_master_secret = false;
  bool encrypt_then_mac = false;
  bool session_ticket = false;
  bool status_request = false;
  bool server_name = false;                    // the name was used
  std::optional<std::uint8_t> heartbeat = {};  // mode: 1 peer_allowed_to_send, 2 not
  std::string_view alpn = {};                  // foreign bytes
  bool next_protocols = false;                 // NPN
  Bytes point_formats = {};
  std::optional<std::uint8_t> max_fragment_length = {};
  std::optional<std::uint16_t> record_size_limit = {};

  DowngradeMark downgrade_mark() const;
  bool is_tls13() const { return version == wire_code(Version::tls13); }
};
Parsed<ServerHello> parse_server_hello(Bytes body);

struct KeyShare {
  std::uint16_t group = 0;
  Bytes key = {};
};

// A ClientHello, also of a version-2 record. Lists are views in wire order with GREASE left in; the questions below
// look past it.
struct ClientHello {
  bool ssl2_format = false;
  std::uint16_t legacy_version = 0;
  Bytes random = {};  // the challenge, 16 to 32 bytes, in the SSLv2 format
  Bytes session_id = {};
  Codes suites = {};      // empty in the SSLv2 format: see ssl2_kinds
  Bytes ssl2_kinds = {};  // three bytes each; 00 xx yy is suite xxyy
  Bytes compressions = {};
  Extensions extensions = {};

  std::string_view server_name = {};  // the first host_name; foreign bytes
  Bytes alpn = {};                    // protocol names, each after one length byte; see alpn_names
  Codes groups = {};
  Codes signature_schemes = {};
  Codes certificate_signature_schemes = {};
  Codes versions = {};  // supported_versions
  Bytes point_formats = {};
  Bytes psk_modes = {};
  Bytes key_shares = {};  // entries of group, length, key; see shares
  bool has_key_share = false;
  bool session_ticket = false;  // extension present
  Bytes ticket = {};
  bool pre_shared_key = false;
  bool early_data = false;
  bool status_request = false;
  bool extended_master_secret = false;
  bool encrypt_then_mac = false;
  bool heartbeat = false;
  bool next_protocols = false;
  bool encrypted_client_hello = false;
  bool secure_renegotiation = false;  // renegotiation_info or its signalling suite
  bool fallback = false;              // TLS_FALLBACK_SCSV
  bool grease = false;                // any GREASE value among suites, extensions, groups or versions

  // The newest version offered, GREASE aside. Nothing when it is none that is known.
  std::optional<Version> highest_version() const;
  // Is `version` offered? Before supported_versions a client offers all up to its version, so this is an upper bound
  // there: what its lowest is cannot be seen.
  bool offers(Version version) const;
  bool offers_suite(std::uint16_t code) const;
  bool offers_post_quantum() const;

  // The n-th ALPN name or key share, nothing past the end.
  std::optional<std::string_view> alpn_name(std::size_t index) const;
  std::optional<KeyShare> share(std::size_t index) const;
};
Parsed<ClientHello> parse_client_hello(Bytes body);
// `body` begins with the message type 1 of an SSLv2 CLIENT-HELLO, after the two-byte record header.
Parsed<ClientHello> parse_ssl2_client_hello(Bytes body);

// DER certificates, the leaf first as served. For SSL 3.0 to TLS 1.2 (TLS 1.3 encrypts this message).
using CertificateList = Spans<limits::certificates>;
Parsed<CertificateList> parse_certificate(Bytes body);

// The DER of the OCSP response. Empty when the server sent an empty one.
Parsed<Bytes> parse_certificate_status(Bytes body);

struct ServerKeyExchange {
  enum class Kind : std::uint8_t {
    unknown,  // a key exchange whose parameters are not read (SRP, FORTEZZA, ECCPWD, an unknown suite …)
    dhe,
    ecdhe,           // a named curve
    ecdhe_explicit,  // curve parameters spelled out: weak practice; `p` is the field where it is a prime one
    rsa_export,      // a temporary RSA key
    psk_hint,        // PSK and RSA_PSK: an identity hint only
  };
  Kind kind = Kind::unknown;
  Bytes p = {};             // prime, or modulus of the temporary RSA key
  Bytes g = {};             // generator, or exponent
  Bytes public_value = {};  // Ys, or the curve point
  std::uint16_t group = 0;  // named curve
  Bytes psk_hint = {};
  // What the server signed with; TLS 1.2 only, 0 before and where nothing is signed.
  std::uint16_t signature_scheme = 0;
  Bytes signature = {};
  // Bits of `p`, without leading zeros.
  std::size_t p_bits() const;
};
// What the body means depends on the suite's key exchange and the version (wire code) of the ServerHello before it.
Parsed<ServerKeyExchange> parse_server_key_exchange(Bytes body, std::uint16_t suite, std::uint16_t version);

struct CertificateRequest {
  Bytes types = {};  // ClientCertificateType, one byte each
  Codes signature_schemes = {};
  std::size_t authorities = 0;  // how many CA names
  Bytes authority_names = {};   // DER names, each after its length in two bytes
};
Parsed<CertificateRequest> parse_certificate_request(Bytes body, std::uint16_t version);

struct SessionTicket {
  std::uint32_t lifetime = 0;  // seconds, a hint; 0 unspecified
  Bytes ticket = {};
};
// The cleartext NewSessionTicket of RFC 5077.
Parsed<SessionTicket> parse_session_ticket(Bytes body);

struct Ssl2ServerHello {
  bool session_id_hit = false;
  std::uint8_t certificate_type = 0;  // 1 X.509, 0 none
  std::uint16_t version = 0;
  Bytes certificate = {};  // DER
  Bytes kinds = {};        // three bytes each
  Bytes connection_id = {};
  std::size_t kind_count() const { return kinds.size() / 3; }
  std::uint32_t kind(std::size_t index) const;
};
// `body` begins with the message type 4.
Parsed<Ssl2ServerHello> parse_ssl2_server_hello(Bytes body);

}  // namespace wiretight::tls
