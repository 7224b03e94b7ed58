#include "sources/capture/tls_watch.h"

#include "core/host.h"
#include "core/text.h"
#include "net/hello/build.h"
#include "net/stream/assembly.h"
#include "sources/certificate/certificate.h"
#include "sources/key_exchange.h"

namespace wiretight::capture {
namespace {

constexpr auto alert_record = static_cast<std::uint8_t>(tls::ContentType::alert);
constexpr auto handshake = static_cast<std::uint8_t>(tls::ContentType::handshake);

// Of a client after its hello: more come only from one that misbehaves.
constexpr int most_client_records = 64;

}  // namespace

std::string_view alert_meaning(std::uint8_t description, bool from_client) {
  constexpr std::uint8_t close_notify = 0, bad_record_mac = 20, handshake_failure = 40, bad_certificate = 42,
                         unsupported_certificate = 43, certificate_revoked = 44, certificate_expired = 45,
                         certificate_unknown = 46, illegal_parameter = 47, unknown_ca = 48, decode_error = 50,
                         decrypt_error = 51, protocol_version = 70, insufficient_security = 71, internal_error = 80,
                         inappropriate_fallback = 86, user_canceled = 90, missing_extension = 109,
                         unrecognized_name = 112, certificate_required = 116, no_application_protocol = 120;
  switch (description) {
    case close_notify:
      return from_client ? "the client gave up before the handshake was complete"
                         : "the server closed before the handshake was complete";
    case handshake_failure:
    case insufficient_security:
      return from_client ? "the client takes none of what the server chose"
                         : "client and server have no cipher suite or group in common";
    case protocol_version:
      return from_client ? "the server is too old for the client: it answered with a version that the client refuses"
                         : "the client is too old for the server: AWS takes TLS 1.2 and later";
    case unknown_ca:
      return from_client
                 ? "the client does not trust the certificate it was shown: often a proxy that inspects TLS, or "
                   "a missing CA bundle, and often why people go over to http:// or switch verification off"
                 : "the server does not trust the client's certificate";
    case certificate_unknown:
    case bad_certificate:
    case unsupported_certificate:
      return from_client ? "the client refuses the certificate it was shown"
                         : "the server refuses the client's certificate";
    case certificate_expired:
      return from_client ? "the certificate has expired, or the client's clock is wrong"
                         : "the client's certificate has expired";
    case certificate_revoked:
      return "the certificate was revoked";
    case unrecognized_name:
      return "the server does not know the name that was asked for";
    case inappropriate_fallback:
      return "the client fell back to an older version that the server need not accept: a downgrade was stopped";
    case no_application_protocol:
      return "no application protocol in common";
    case certificate_required:
      return "the server wants a certificate of the client";
    case illegal_parameter:
    case decode_error:
    case decrypt_error:
    case bad_record_mac:
    case missing_extension:
      return "a message was damaged or breaks the protocol";
    case internal_error:
      return "an error inside the program that sent it";
    case user_canceled:
      return "the user stopped it";
    default:
      return "the handshake failed";
  }
}

void TlsWatch::add_alert(bool from_client, std::uint8_t description) {
  alerts_.push_back({.from_client = from_client,
                     .description = description,
                     .name = std::string(tls::alert_name(description)),
                     .meaning = std::string(alert_meaning(description, from_client)),
                     .count = 1});
}

std::uint64_t TlsWatch::end_client() {
  client_over_ = true;
  return stream::enough;
}

std::uint64_t TlsWatch::read_hello(Bytes bytes) {
  // A version-2 record: two bytes of length with the top bit set.
  const bool two_byte_header = (bytes[0] & 0x80) != 0;
  if (bytes.size() < (two_byte_header ? 2U : 5U)) return 0;
  const std::size_t size =
      two_byte_header ? 2U + ((bytes[0] & 0x7fU) << 8 | bytes[1]) : 5U + (std::size_t{bytes[3]} << 8 | bytes[4]);
  if (size > 5 + tls::limits::record_payload) return end_client();
  if (bytes.size() < size) return 0;
  held_ += size;
  switch (client_.feed(bytes.first(size))) {
    case tls::ClientFlight::State::need_more:
      return size;
    case tls::ClientFlight::State::violation:
    case tls::ClientFlight::State::not_tls:
      return end_client();
    case tls::ClientFlight::State::done:
      break;
  }
  const auto hello = client_.hello();
  server_name_ = sanitise(lower(hello->server_name.substr(0, 253)));
  if (server_name_.ends_with('.')) server_name_.pop_back();
  hides_name_ = hello->encrypted_client_hello;
  offers_post_quantum_ = hello->offers_post_quantum();
  if (const auto newest = hello->highest_version()) offered_ = static_cast<ProtocolVersion>(*newest);
  return size;
}

std::uint64_t TlsWatch::read_client(Bytes bytes) {
  if (client_over_) return stream::enough;
  const bool alert_first = bytes[0] == alert_record;
  if (!saw_client_hello() && !alert_first) return read_hello(bytes);
  if (bytes.size() < 5) return 0;
  const std::size_t size = static_cast<std::size_t>(bytes[3] << 8 | bytes[4]);
  if (bytes[1] != 3 || ++client_records_ > most_client_records) return end_client();
  // The second hello after a retry, the key exchange, a certificate.
  if (bytes[0] == handshake) return 5 + size;
  // An encrypted alert is longer, and what follows ChangeCipherSpec cannot be read.
  if (bytes[0] != alert_record || size != 2) return end_client();
  if (bytes.size() < 7) {
    --client_records_;
    return 0;
  }
  add_alert(true, bytes[6]);
  return 7;
}

std::uint64_t TlsWatch::read_server(Bytes bytes) {
  const std::uint64_t all = bytes.size();
  while (!server_over_ && !bytes.empty()) {
    const tls::Progress progress = server_.feed(bytes);
    held_ += progress.consumed;
    bytes = bytes.subspan(progress.consumed);
    if (progress.need_more()) break;
    if (progress.violation()) {
      server_over_ = true;
      break;
    }
    switch (progress.end) {
      case tls::End::hello_retry:
        server_.resume(tls::Until::server_hello_done);
        break;
      case tls::End::server_hello_done:
        server_.resume(tls::Until::alert);
        break;
      case tls::End::alert:
        add_alert(false, server_.alert()->description);
        [[fallthrough]];
      default:
        server_over_ = true;
        break;
    }
  }
  return server_over_ ? stream::enough : all;
}

HandshakeOutcome TlsWatch::outcome() const {
  HandshakeOutcome outcome{.offered = offered_, .post_quantum_offered = offers_post_quantum_, .count = 1};
  if (server_.ssl2_server_hello()) outcome.version = ProtocolVersion::ssl2;
  const auto hello = server_.server_hello();
  if (!hello) return outcome;
  if (const auto version = tls::version_of(hello->version)) outcome.version = static_cast<ProtocolVersion>(*version);
  if (const tls::Suite* suite = tls::find_suite(hello->suite)) outcome.suite = suite->name;
  const auto exchange = server_.server_key_exchange();
  const std::uint16_t group = hello->group ? *hello->group : exchange ? exchange->group : std::uint16_t{0};
  if (group == 0) return outcome;
  const NamedGroup named = group_of(group);
  outcome.group = named.name;
  outcome.post_quantum = named.post_quantum;
  return outcome;
}

std::string TlsWatch::name_in_certificate() const {
  const auto certificates = server_.certificates();
  if (!certificates || certificates->empty()) return {};
  const auto leaf = certificate::read_certificate((*certificates)[0]);
  if (!leaf) return {};
  for (std::string_view name : leaf->names) {
    if (name.starts_with("*.")) name.remove_prefix(2);
    if (aws_name(lower(name))) return lower(name);
  }
  return {};
}

}  // namespace wiretight::capture
