#include "net/hello/message.h"

#include <algorithm>
#include <bit>

#include "net/hello/extension_type.h"

namespace wiretight::tls {
namespace {

std::unexpected<std::string_view> broken(std::string_view why) { return std::unexpected(why); }

// SHA-256 of "HelloRetryRequest" (RFC 8446 4.1.3).
constexpr std::uint8_t retry_random[] = {0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c,
                                         0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb,
                                         0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c};

// A vector of 16-bit numbers that fills the whole of `body`.
bool read_codes(Bytes body, std::size_t length_size, Codes& codes) {
  Reader in(body);
  Bytes list = in.vector(length_size);
  if (!in.finished() || list.size() % 2 != 0) return false;
  codes = Codes(list);
  return true;
}

bool read_bytes(Bytes body, std::size_t length_size, Bytes& bytes) {
  Reader in(body);
  bytes = in.vector(length_size);
  return in.finished();
}

bool read_key_share(Bytes body, ServerHello& hello) {
  Reader in(body);
  hello.group = in.u16();
  if (!hello.hello_retry) hello.key_share = in.vector(2);
  return in.finished();
}

bool read_alpn_answer(Bytes body, ServerHello& hello) {
  Reader in(body);
  Reader list(in.vector(2));
  hello.alpn = as_text(list.vector(1));
  return in.finished() && list.finished() && !hello.alpn.empty();
}

bool read_server_extension(const Extension& extension, ServerHello& hello) {
  Reader in(extension.body);
  switch (extension.type) {
    case extension_type::server_name:
      hello.server_name = true;
      return true;
    case extension_type::max_fragment_length:
      hello.max_fragment_length = in.u8();
      return in.finished();
    case extension_type::status_request:
      hello.status_request = true;
      return true;
    case extension_type::ec_point_formats:
      return read_bytes(extension.body, 1, hello.point_formats);
    case extension_type::heartbeat:
      hello.heartbeat = in.u8();
      return in.finished();
    case extension_type::alpn:
      return read_alpn_answer(extension.body, hello);
    case extension_type::encrypt_then_mac:
      hello.encrypt_then_mac = true;
      return true;
    case extension_type::extended_master_secret:
      hello.extended_master_secret = true;
      return true;
    case extension_type::record_size_limit:
      hello.record_size_limit = in.u16();
      return in.finished();
    case extension_type::session_ticket:
      hello.session_ticket = true;
      return true;
    case extension_type::pre_shared_key:
      hello.pre_shared_key = in.u16();
      return in.finished();
    case extension_type::supported_versions:
      hello.version = in.u16();
      return in.finished();
    case extension_type::cookie:
      return read_bytes(extension.body, 2, hello.cookie);
    case extension_type::key_share:
      return read_key_share(extension.body, hello);
    case extension_type::next_protocols:
      hello.next_protocols = true;
      return true;
    case extension_type::renegotiation_info: {
      Bytes connection;
      if (!read_bytes(extension.body, 1, connection)) return false;
      hello.renegotiation_info = connection;
      return true;
    }
    default:
      return true;
  }
}

bool read_server_name(Bytes body, ClientHello& hello) {
  if (body.empty()) return true;
  Reader in(body);
  Reader list(in.vector(2));
  while (!list.empty()) {
    std::uint8_t type = list.u8();
    Bytes name = list.vector(2);
    if (type == 0 && hello.server_name.empty()) hello.server_name = as_text(name);
  }
  return in.finished() && list.ok();
}

bool read_alpn_offer(Bytes body, ClientHello& hello) {
  if (!read_bytes(body, 2, hello.alpn)) return false;
  Reader names(hello.alpn);
  while (!names.empty()) names.vector(1);
  return names.ok();
}

bool read_key_shares(Bytes body, ClientHello& hello) {
  hello.has_key_share = true;
  if (!read_bytes(body, 2, hello.key_shares)) return false;
  Reader shares(hello.key_shares);
  while (!shares.empty()) {
    shares.u16();
    shares.vector(2);
  }
  return shares.ok();
}

bool read_client_extension(const Extension& extension, ClientHello& hello) {
  switch (extension.type) {
    case extension_type::server_name:
      return read_server_name(extension.body, hello);
    case extension_type::status_request:
      hello.status_request = true;
      return true;
    case extension_type::supported_groups:
      return read_codes(extension.body, 2, hello.groups);
    case extension_type::ec_point_formats:
      return read_bytes(extension.body, 1, hello.point_formats);
    case extension_type::signature_algorithms:
      return read_codes(extension.body, 2, hello.signature_schemes);
    case extension_type::signature_algorithms_cert:
      return read_codes(extension.body, 2, hello.certificate_signature_schemes);
    case extension_type::heartbeat:
      hello.heartbeat = true;
      return true;
    case extension_type::alpn:
      return read_alpn_offer(extension.body, hello);
    case extension_type::encrypt_then_mac:
      hello.encrypt_then_mac = true;
      return true;
    case extension_type::extended_master_secret:
      hello.extended_master_secret = true;
      return true;
    case extension_type::session_ticket:
      hello.session_ticket = true;
      hello.ticket = extension.body;
      return true;
    case extension_type::pre_shared_key:
      hello.pre_shared_key = true;
      return true;
    case extension_type::early_data:
      hello.early_data = true;
      return true;
    case extension_type::supported_versions:
      return read_codes(extension.body, 1, hello.versions);
    case extension_type::psk_key_exchange_modes:
      return read_bytes(extension.body, 1, hello.psk_modes);
    case extension_type::key_share:
      return read_key_shares(extension.body, hello);
    case extension_type::next_protocols:
      hello.next_protocols = true;
      return true;
    case extension_type::encrypted_client_hello:
      hello.encrypted_client_hello = true;
      return true;
    case extension_type::renegotiation_info:
      hello.secure_renegotiation = true;
      return true;
    default:
      return true;
  }
}

bool has_grease(const ClientHello& hello) {
  for (const Codes& list : {hello.suites, hello.groups, hello.versions})
    if (std::any_of(list.begin(), list.end(), is_grease)) return true;
  for (const Extension& extension : hello.extensions)
    if (is_grease(extension.type)) return true;
  return false;
}

// The signature at the end of a ServerKeyExchange.
void read_signature(Reader& in, std::uint16_t version, ServerKeyExchange& exchange) {
  if (version >= wire_code(Version::tls12)) exchange.signature_scheme = in.u16();
  exchange.signature = in.vector(2);
}

// Curve parameters spelled out, RFC 4492 section 5.4. Only the prime is kept.
bool read_explicit_curve(Reader& in, std::uint8_t type, ServerKeyExchange& exchange) {
  if (type == 1) {
    exchange.p = in.vector(1);
  } else {
    in.u16();
    std::uint8_t basis = in.u8();
    if (basis != 1 && basis != 2) return false;
    for (int term = 0; term < (basis == 1 ? 1 : 3); ++term) in.vector(1);
  }
  for (int field = 0; field < 5; ++field) in.vector(1);  // a, b, base, order, cofactor
  return true;
}

Parsed<ServerKeyExchange> read_dhe(Reader in, bool is_signed, std::uint16_t version, ServerKeyExchange exchange) {
  exchange.kind = ServerKeyExchange::Kind::dhe;
  exchange.p = in.vector(2);
  exchange.g = in.vector(2);
  exchange.public_value = in.vector(2);
  if (is_signed) read_signature(in, version, exchange);
  if (!in.finished() || exchange.p_bits() == 0 || exchange.g.empty() || exchange.public_value.empty())
    return broken("ServerKeyExchange with malformed Diffie-Hellman parameters");
  return exchange;
}

Parsed<ServerKeyExchange> read_ecdhe(Reader in, bool is_signed, std::uint16_t version, ServerKeyExchange exchange) {
  std::uint8_t type = in.u8();
  if (type == 3) {
    exchange.kind = ServerKeyExchange::Kind::ecdhe;
    exchange.group = in.u16();
  } else if (type == 1 || type == 2) {
    exchange.kind = ServerKeyExchange::Kind::ecdhe_explicit;
    if (!read_explicit_curve(in, type, exchange)) return broken("ServerKeyExchange with an unknown curve basis");
  } else {
    return broken("ServerKeyExchange with an unknown curve type");
  }
  exchange.public_value = in.vector(1);
  if (is_signed) read_signature(in, version, exchange);
  if (!in.finished() || exchange.public_value.empty())
    return broken("ServerKeyExchange with malformed elliptic-curve parameters");
  return exchange;
}

Parsed<ServerKeyExchange> read_rsa_export(Reader in, std::uint16_t version, ServerKeyExchange exchange) {
  exchange.kind = ServerKeyExchange::Kind::rsa_export;
  exchange.p = in.vector(2);
  exchange.g = in.vector(2);
  read_signature(in, version, exchange);
  if (!in.finished() || exchange.p_bits() == 0 || exchange.g.empty())
    return broken("ServerKeyExchange with a malformed temporary RSA key");
  return exchange;
}

}  // namespace

Parsed<Extensions> Extensions::parse(Bytes block) {
  Extensions extensions;
  extensions.block_ = block;
  std::array<std::uint16_t, limits::extensions> types;
  Reader in(block);
  while (!in.empty()) {
    std::uint16_t type = in.u16();
    in.vector(2);
    if (!in.ok()) return broken("extension cut off");
    auto seen = std::span(types).first(extensions.size_);
    if (std::ranges::find(seen, type) != seen.end()) return broken("extension sent twice");
    if (extensions.size_ == types.size()) return broken("too many extensions");
    types[extensions.size_++] = type;
  }
  if (!in.ok()) return broken("extension cut off");
  return extensions;
}

Extension Extensions::iterator::operator*() const {
  Reader in(rest_);
  std::uint16_t type = in.u16();
  return {.type = type, .body = in.vector(2)};
}

Extensions::iterator& Extensions::iterator::operator++() {
  Reader in(rest_);
  in.u16();
  in.vector(2);
  rest_ = in.rest();
  return *this;
}

std::optional<Bytes> Extensions::find(std::uint16_t type) const {
  for (const Extension& extension : *this)
    if (extension.type == type) return extension.body;
  return std::nullopt;
}

DowngradeMark ServerHello::downgrade_mark() const {
  static constexpr std::uint8_t mark[] = {'D', 'O', 'W', 'N', 'G', 'R', 'D'};
  if (random.size() != 32 || !std::ranges::equal(random.subspan(24, 7), mark)) return DowngradeMark::none;
  if (random[31] == 1) return DowngradeMark::from_tls13_to_tls12;
  return random[31] == 0 ? DowngradeMark::to_tls11_or_below : DowngradeMark::none;
}

Parsed<ServerHello> parse_server_hello(Bytes body) {
  Reader in(body);
  ServerHello hello;
  hello.legacy_version = in.u16();
  hello.version = hello.legacy_version;
  hello.random = in.bytes(32);
  hello.session_id = in.vector(1);
  hello.suite = in.u16();
  hello.compression = in.u8();
  if (!in.ok()) return broken("ServerHello cut off");
  if (hello.legacy_version < 0x0300 || hello.legacy_version >= 0x0400)
    return broken("ServerHello with a version that is not TLS");
  if (hello.session_id.size() > 32) return broken("ServerHello with a session id longer than 32 bytes");
  if (in.empty()) return hello;

  auto extensions = Extensions::parse(in.vector(2));
  if (!in.finished()) return broken("ServerHello with malformed extensions");
  if (!extensions) return broken(extensions.error());
  hello.extensions = *extensions;
  hello.hello_retry = std::ranges::equal(hello.random, retry_random);
  for (const Extension& extension : hello.extensions)
    if (!read_server_extension(extension, hello)) return broken("ServerHello with a malformed extension");
  return hello;
}

Parsed<ClientHello> parse_client_hello(Bytes body) {
  Reader in(body);
  ClientHello hello;
  hello.legacy_version = in.u16();
  hello.random = in.bytes(32);
  hello.session_id = in.vector(1);
  Bytes suites = in.vector(2);
  hello.compressions = in.vector(1);
  if (!in.ok()) return broken("ClientHello cut off");
  if (hello.legacy_version < 0x0300 || hello.legacy_version >= 0x0400)
    return broken("ClientHello with a version that is not TLS");
  if (hello.session_id.size() > 32) return broken("ClientHello with a session id longer than 32 bytes");
  if (suites.empty() || suites.size() % 2 != 0) return broken("ClientHello with a malformed list of suites");
  hello.suites = Codes(suites);
  hello.fallback = hello.suites.contains(fallback_scsv);
  hello.secure_renegotiation = hello.suites.contains(renegotiation_scsv);
  if (!in.empty()) {
    auto extensions = Extensions::parse(in.vector(2));
    if (!in.finished()) return broken("ClientHello with malformed extensions");
    if (!extensions) return broken(extensions.error());
    hello.extensions = *extensions;
    for (const Extension& extension : hello.extensions)
      if (!read_client_extension(extension, hello)) return broken("ClientHello with a malformed extension");
  }
  hello.grease = has_grease(hello);
  return hello;
}

Parsed<ClientHello> parse_ssl2_client_hello(Bytes body) {
  Reader in(body);
  ClientHello hello;
  hello.ssl2_format = true;
  std::uint8_t type = in.u8();
  hello.legacy_version = in.u16();
  std::size_t kinds_size = in.u16();
  std::size_t session_id_size = in.u16();
  std::size_t challenge_size = in.u16();
  hello.ssl2_kinds = in.bytes(kinds_size);
  hello.session_id = in.bytes(session_id_size);
  hello.random = in.bytes(challenge_size);
  bool is_version = hello.legacy_version == 0x0002 || (hello.legacy_version >= 0x0300 && hello.legacy_version < 0x0400);
  if (!in.finished() || type != 1 || !is_version) return broken("malformed SSLv2 CLIENT-HELLO");
  if (kinds_size == 0 || kinds_size % 3 != 0) return broken("SSLv2 CLIENT-HELLO with a malformed list of ciphers");
  if (session_id_size > 32 || challenge_size < 16 || challenge_size > 32)
    return broken("SSLv2 CLIENT-HELLO with a challenge or session id of the wrong length");
  hello.secure_renegotiation = hello.offers_suite(renegotiation_scsv);
  hello.fallback = hello.offers_suite(fallback_scsv);
  return hello;
}

std::optional<Version> ClientHello::highest_version() const {
  if (versions.empty()) {
    // Without supported_versions a client cannot ask for more than TLS 1.2, whatever its number says (RFC 8446 4.2.1).
    return version_of(std::min(legacy_version, wire_code(Version::tls12)));
  }
  std::optional<Version> highest;
  for (std::uint16_t code : versions)
    if (auto version = version_of(code); version && (!highest || *version > *highest)) highest = version;
  return highest;
}

bool ClientHello::offers(Version version) const {
  if (!versions.empty()) return versions.contains(wire_code(version));
  if (version == Version::ssl2) {
    for (std::size_t at = 0; at + 2 < ssl2_kinds.size(); at += 3)
      if (ssl2_kinds[at] != 0) return true;
    return false;
  }
  auto highest = highest_version();
  return highest && version <= *highest;
}

bool ClientHello::offers_suite(std::uint16_t code) const {
  for (std::size_t at = 0; at + 2 < ssl2_kinds.size(); at += 3)
    if (ssl2_kinds[at] == 0 && (ssl2_kinds[at + 1] << 8 | ssl2_kinds[at + 2]) == code) return true;
  return suites.contains(code);
}

bool ClientHello::offers_post_quantum() const {
  return std::any_of(groups.begin(), groups.end(), [](std::uint16_t code) {
    const Group* group = find_group(code);
    return group != nullptr && group->is_post_quantum();
  });
}

std::optional<std::string_view> ClientHello::alpn_name(std::size_t index) const {
  Reader names(alpn);
  for (; index > 0 && !names.empty(); --index) names.vector(1);
  if (names.empty()) return std::nullopt;
  return as_text(names.vector(1));
}

std::optional<KeyShare> ClientHello::share(std::size_t index) const {
  Reader shares(key_shares);
  for (; index > 0 && !shares.empty(); --index) {
    shares.u16();
    shares.vector(2);
  }
  if (shares.empty()) return std::nullopt;
  std::uint16_t group = shares.u16();
  return KeyShare{.group = group, .key = shares.vector(2)};
}

Parsed<CertificateList> parse_certificate(Bytes body) {
  Reader in(body);
  Reader list(in.vector(3));
  CertificateList certificates;
  while (!list.empty()) {
    Bytes der = list.vector(3);
    if (!list.ok() || der.empty()) return broken("Certificate message with a malformed entry");
    if (!certificates.add(der)) return broken("Certificate message with too many certificates");
  }
  if (!in.finished() || !list.ok()) return broken("malformed Certificate message");
  return certificates;
}

Parsed<Bytes> parse_certificate_status(Bytes body) {
  Reader in(body);
  std::uint8_t type = in.u8();
  Bytes response = in.vector(3);
  if (!in.finished() || type != 1) return broken("malformed CertificateStatus message");
  return response;
}

std::size_t ServerKeyExchange::p_bits() const {
  auto first = std::ranges::find_if(p, [](std::uint8_t byte) { return byte != 0; });
  if (first == p.end()) return 0;
  return static_cast<std::size_t>(p.end() - first - 1) * 8 + static_cast<std::size_t>(std::bit_width(*first));
}

Parsed<ServerKeyExchange> parse_server_key_exchange(Bytes body, std::uint16_t suite, std::uint16_t version) {
  const Suite* known = find_suite(suite);
  if (known == nullptr) return ServerKeyExchange{};
  Reader in(body);
  ServerKeyExchange exchange;
  bool is_signed = known->authentication != Authentication::anonymous && known->authentication != Authentication::psk;
  switch (known->key_exchange) {
    case KeyExchange::dhe:
    case KeyExchange::dhe_export:
      return read_dhe(in, is_signed, version, exchange);
    case KeyExchange::ecdhe:
      return read_ecdhe(in, is_signed, version, exchange);
    case KeyExchange::rsa_export:
      return read_rsa_export(in, version, exchange);
    case KeyExchange::dhe_psk:
      exchange.psk_hint = in.vector(2);
      return read_dhe(in, false, version, exchange);
    case KeyExchange::ecdhe_psk:
      exchange.psk_hint = in.vector(2);
      return read_ecdhe(in, false, version, exchange);
    case KeyExchange::psk:
    case KeyExchange::rsa_psk:
      exchange.kind = ServerKeyExchange::Kind::psk_hint;
      exchange.psk_hint = in.vector(2);
      if (!in.finished()) return broken("ServerKeyExchange with a malformed identity hint");
      return exchange;
    default:
      return exchange;
  }
}

Parsed<CertificateRequest> parse_certificate_request(Bytes body, std::uint16_t version) {
  Reader in(body);
  CertificateRequest request;
  request.types = in.vector(1);
  if (version >= wire_code(Version::tls12)) {
    Bytes schemes = in.vector(2);
    if (schemes.size() % 2 != 0) return broken("CertificateRequest with a malformed list of signature algorithms");
    request.signature_schemes = Codes(schemes);
  }
  request.authority_names = in.vector(2);
  Reader names(request.authority_names);
  while (!names.empty()) {
    names.vector(2);
    ++request.authorities;
  }
  if (!in.finished() || !names.ok()) return broken("malformed CertificateRequest");
  return request;
}

Parsed<SessionTicket> parse_session_ticket(Bytes body) {
  Reader in(body);
  SessionTicket ticket;
  ticket.lifetime = in.u32();
  ticket.ticket = in.vector(2);
  if (!in.finished()) return broken("malformed NewSessionTicket");
  return ticket;
}

std::uint32_t Ssl2ServerHello::kind(std::size_t index) const { return Reader(kinds.subspan(3 * index)).u24(); }

Parsed<Ssl2ServerHello> parse_ssl2_server_hello(Bytes body) {
  Reader in(body);
  Ssl2ServerHello hello;
  std::uint8_t type = in.u8();
  hello.session_id_hit = in.u8() != 0;
  hello.certificate_type = in.u8();
  hello.version = in.u16();
  std::size_t certificate_size = in.u16();
  std::size_t kinds_size = in.u16();
  std::size_t connection_id_size = in.u16();
  hello.certificate = in.bytes(certificate_size);
  hello.kinds = in.bytes(kinds_size);
  hello.connection_id = in.bytes(connection_id_size);
  if (!in.finished() || type != 4 || hello.version != 0x0002 || kinds_size % 3 != 0)
    return broken("malformed SSLv2 SERVER-HELLO");
  return hello;
}

}  // namespace wiretight::tls
