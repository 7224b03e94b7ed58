#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "net/hello/bytes.h"
#include "net/hello/spec.h"

// Bytes for the wire. Builders append to `out`, which a caller keeps and clears between connections, and allocate
// nothing else.
namespace wiretight::tls {

// One record with the ClientHello (several when it is longer than 2^14 bytes).
void append_client_hello(std::vector<std::uint8_t>& out, const HelloSpec& spec);
std::vector<std::uint8_t> client_hello(const HelloSpec& spec);
// How many bytes at the end of a hello built from `spec` are the binders list: what is cut off before a PSK binder is
// computed (RFC 8446 4.2.11.2). 0 without pre_shared_key.
std::size_t binders_size(const HelloSpec& spec);

struct Ssl2Hello {
  std::uint16_t version = 0x0002;  // 0x0300 and up: a newer hello in the old format
  std::vector<std::uint32_t> kinds = {};
  std::vector<std::uint8_t> session_id = {};
  std::array<std::uint8_t, 16> challenge = {};
};
void append_ssl2_client_hello(std::vector<std::uint8_t>& out, const Ssl2Hello& hello);
// SSLv2 with every cipher kind of the table: one answer lists all that the server takes.
Ssl2Hello ssl2_hello();

enum class ContentType : std::uint8_t {
  change_cipher_spec = 20,
  alert = 21,
  handshake = 22,
  application_data = 23,
  heartbeat = 24
};

void append_record(std::vector<std::uint8_t>& out, ContentType type, std::uint16_t version, Bytes payload);
void append_alert(std::vector<std::uint8_t>& out, std::uint16_t version, std::uint8_t level, std::uint8_t description);
// warning close_notify
void append_close_notify(std::vector<std::uint8_t>& out, std::uint16_t version);
// A ChangeCipherSpec where none is due, after ServerHelloDone: CVE-2014-0224. A vulnerable OpenSSL swallows the first
// in silence and dies on the second; a sound one alerts or closes at the first.
void append_change_cipher_spec(std::vector<std::uint8_t>& out, std::uint16_t version);
// A heartbeat request with no payload that claims `claimed` bytes: CVE-2014-0160. A sound server drops it in silence
// (RFC 6520 section 4); a vulnerable one answers with that many bytes of its memory, so the claim is kept small.
void append_heartbleed(std::vector<std::uint8_t>& out, std::uint16_t version, std::uint16_t claimed = 32);
// "I have no certificate": due before ClientKeyExchange when the server sent a CertificateRequest, else it stops there.
// SSL 3.0 says it with a warning alert.
void append_no_certificate(std::vector<std::uint8_t>& out, std::uint16_t version);
// A ClientKeyExchange with an encrypted premaster secret. SSL 3.0 has no length before it.
void append_client_key_exchange(std::vector<std::uint8_t>& out, std::uint16_t version, Bytes encrypted);

}  // namespace wiretight::tls
