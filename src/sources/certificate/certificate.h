#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/problem.h"
#include "facts/listener.h"

namespace wiretight::certificate {

namespace limits {
inline constexpr std::size_t certificates = 16;         // of one chain
inline constexpr std::size_t chain_bytes = 128 * 1024;  // of all of them
inline constexpr std::size_t names = 2000;              // subject alternative names kept of one certificate
inline constexpr std::size_t text = 512;                // bytes of any one name
}  // namespace limits

// Reads one DER certificate. All strings in the result are sanitised. Fails when the bytes are no X.509 certificate.
Outcome<Certificate> read_certificate(std::span<const std::uint8_t> der);

// base64 of the SHA-256 of the SubjectPublicKeyInfo: what HPKP, OkHttp, TrustKit and curl call a pin. Empty when the
// bytes are no certificate.
std::string pin_of(std::span<const std::uint8_t> der);

// May a certificate with these names (of Certificate::names) stand for `host`, a lower-case DNS name or an address
// literal without brackets? Subject alternative names only; a wildcard is a whole left-most label and covers exactly
// one (RFC 6125 6.4.3, RFC 9525 6.3). "*.com" covers nothing: the RFCs leave it open, but OpenSSL, Node and Java refuse
// a star before a single label. An address is covered by an IP name only: a DNS name that looks like one, or that is no
// host name at all, stands in Certificate::names as "DNS:…" and covers nothing.
bool covers(std::span<const std::string> names, std::string_view host);

// What the certificate is known to be, when its private key or whole self is published: "dynalite's built-in
// certificate". `sha256` is 64 lower-case hex digits. Data: knowledge/tls/test_certificates.csv.
std::string_view known_test(std::string_view sha256);

}  // namespace wiretight::certificate
