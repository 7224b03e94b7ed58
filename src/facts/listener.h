#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/host.h"
#include "core/place.h"
#include "facts/cipher_suite.h"
#include "facts/setting.h"

namespace wiretight {

// What answered a plain HTTP request, from the strongest statement down.
enum class CleartextKind {
  not_tested,
  none,          // refused, closed, or silent while TLS works here
  tls_required,  // an HTTP or TLS error that says "this port wants TLS" (nginx 400, Go 400, a TLS alert)
  other,         // bytes that are neither HTTP nor TLS
  http,          // HTTP, but nothing DynamoDB-like
  redirect,      // HTTP redirect to https://
  dynamodb,      // DynamoDB, Streams or an emulator
};

// The answer to the cleartext probe of one port.
struct CleartextAnswer {
  CleartextKind kind = CleartextKind::not_tested;
  int status = 0;                       // HTTP status, 0 when none
  std::string server = {};              // Server header, sanitised
  std::string location = {};            // of a redirect
  int score = 0;                        // DynamoDB likeness; 4 and more is "speaks DynamoDB"
  std::vector<std::string> signs = {};  // what the score is made of, for people
  bool aws = false;                     // Amazon's own service by its request id
  std::string product = {};             // "AWS", "DynamoDB Local", "dynalite", "Alternator", … when it can be told
  bool html = false;                    // a page for browsers: HTML with a status of success
};

struct ProtocolSupport {
  ProtocolVersion version = ProtocolVersion::tls12;
  Setting<bool> accepted = {};
  std::vector<CipherSuite> suites = {};  // accepted ones, the server's first choice first where it has one
  bool suites_complete = false;          // every suite of the table was either accepted or refused
  Setting<bool> server_preference = {};  // the server's order wins over the client's
};

struct NamedGroup {
  std::uint16_t code = 0;
  std::string name = {};
  int bits = 0;  // security bits of the field or modulus size for ffdhe: 255, 256, 2048 …
  bool post_quantum = false;
  bool operator==(const NamedGroup&) const = default;
};

struct SignatureScheme {
  std::uint16_t code = 0;
  std::string name = {};                             // "rsa_pkcs1_sha1"
  std::string hash = {};                             // "SHA1", "MD5", "SHA256" …; "intrinsic" for EdDSA and ML-DSA
  ProtocolVersion version = ProtocolVersion::tls12;  // where the server signed with it
  bool operator==(const SignatureScheme&) const = default;
};

// Finite-field Diffie-Hellman parameters as served.
struct DhParameters {
  ProtocolVersion version = ProtocolVersion::tls12;
  int bits = 0;
  std::string prime_sha256 = {};  // hex, of the big-endian prime without leading zeros
  std::string known_as = {};      // "RFC 3526 group 14", "ffdhe2048", "Apache 2.2 1024-bit" …; empty for an own prime
  bool standard = false;          // one of RFC 3526 / RFC 7919
  bool export_grade = false;      // served for a DHE_EXPORT suite
};

struct Certificate {
  std::string subject = {};
  std::string issuer = {};
  std::string serial = {};
  std::vector<std::string> names = {};  // subject alternative names, DNS and IP
  std::int64_t not_before = 0;          // seconds since 1970, UTC
  std::int64_t not_after = 0;
  std::string key_algorithm = {};  // "RSA" "EC" "Ed25519" "DSA" …
  int key_bits = 0;
  std::string curve = {};
  std::uint64_t rsa_exponent = 0;        // saturates
  std::string signature_algorithm = {};  // "sha256WithRSAEncryption"
  std::string signature_hash = {};       // "SHA256", "SHA1", "MD5" …
  bool self_signed = false;              // issuer is subject and the signature verifies with its own key
  bool authority = false;                // basicConstraints CA
  bool server_auth = true;               // usable as a TLS server certificate by its EKU
  bool must_staple = false;
  int signed_timestamps = 0;
  std::string sha256 = {};      // hex fingerprint of the DER
  std::string pin = {};         // base64 SHA-256 of the SubjectPublicKeyInfo
  std::string known_test = {};  // "dynalite's built-in certificate" …; empty for none
};

struct OcspStaple {
  std::string status = {};  // "good" "revoked" "unknown" "malformed" "unsuccessful"; "none": asked for and not sent
  std::int64_t this_update = 0;
  std::int64_t next_update = 0;
};

// One chain that the listener serves, and to whom.
struct Chain {
  std::vector<Certificate> certificates = {};  // as served, leaf first
  std::vector<std::string> served_to =
      {};                       // "SNI db.example", "no SNI", "wrong SNI", "RSA clients", "ECDSA clients", "TLSv1.0" …
  bool for_right_name = false;  // served when asked with the right SNI
  Setting<bool> trusted = {};   // a path to a trusted root exists at the time of the scan, dates aside
  std::string trust_error = {};
  Setting<bool> name_matches = {};
  std::vector<std::string> defects =
      {};  // "intermediate missing", "wrong order", "extra certificate …", "expired intermediate …"
  Setting<OcspStaple> staple = {};
};

// A test for one published vulnerability. `name` is the detector: "heartbleed", "robot" …
struct VulnerabilityTest {
  std::string name = {};
  std::string cve = {};
  Setting<bool> vulnerable = {};
  std::string observation = {};  // what the server did, for people
};

// A simple test over values that must be unpredictable, gathered from all handshakes of the scan.
struct RandomnessTest {
  std::string kind = {};  // "server random" "session id" "ticket" "DH share" "ECDH share"
  int samples = 0;
  Setting<bool> predictable = {};
  std::string observation = {};
  bool key_reuse_only = false;  // the repeats are those of a deliberately cached key share
};

// Something that answers on one address and port. Filled by probes (endpoint), ServerHellos (capture) and
// infrastructure (gateways, DAX); what a source cannot see stays unresolved.
struct Listener {
  std::string target = {};   // as the user named it
  std::string host = {};     // the name or literal asked for, lower case, no brackets
  std::string address = {};  // numeric address connected to
  std::uint16_t port = 0;
  std::string sni = {};
  bool sibling = false;            // found on another port than the one asked for
  bool several_addresses = false;  // the name has more than one and they differ: places name the address
  Destination destination = Destination::unknown;
  bool aws_managed = false;      // an AWS name whose ciphers the user cannot change
  std::int64_t observed_at = 0;  // seconds since 1970, UTC: the time at which certificates are judged
  std::string detector = "tls-probe";
  Place seen_at = {};  // where a recording shows it; none for what was probed

  // cleartext
  CleartextAnswer cleartext = {};
  Setting<bool> tls_upgrade = {};    // answers `Upgrade: TLS/1.0` on the cleartext port (RFC 2817; Opossum)
  Setting<bool> dax_cleartext = {};  // the cleartext DAX protocol is accepted here
  CleartextAnswer over_tls = {};     // the same DynamoDB fingerprint, asked inside TLS

  // TLS
  Setting<bool> tls = {};
  std::vector<ProtocolSupport> protocols = {};
  std::vector<NamedGroup> groups = {};  // accepted, any version
  Setting<std::string> preferred_group = {};
  Setting<bool> post_quantum = {};  // some hybrid ML-KEM group is accepted
  std::vector<SignatureScheme> signatures = {};
  std::vector<DhParameters> dh = {};
  std::vector<Chain> chains = {};
  std::vector<std::string> alpn = {};
  Setting<bool> fallback_scsv = {};           // inappropriate_fallback is answered
  Setting<bool> downgrade_sentinel = {};      // RFC 8446 4.1.3 mark in the server random
  Setting<bool> secure_renegotiation = {};    // RFC 5746
  Setting<bool> client_renegotiation = {};    // a client-initiated renegotiation completes
  Setting<bool> insecure_renegotiation = {};  // … without RFC 5746
  Setting<bool> compression = {};
  Setting<bool> extended_master_secret = {};
  Setting<bool> encrypt_then_mac = {};
  Setting<bool> heartbeat = {};
  Setting<bool> session_id_resumption = {};
  Setting<bool> ticket_resumption = {};
  Setting<std::uint32_t> ticket_lifetime = {};  // seconds
  Setting<bool> early_data = {};
  Setting<std::uint32_t> max_early_data = {};     // bytes
  Setting<bool> client_certificate = {};          // asked for in the handshake
  Setting<bool> large_hello = {};                 // a ClientHello larger than one segment is answered
  Setting<bool> strict_transport = {};            // Strict-Transport-Security header seen
  std::vector<std::string> inconsistencies = {};  // answers that changed between identical probes
  std::vector<VulnerabilityTest> vulnerabilities = {};
  std::vector<RandomnessTest> randomness = {};

  // "host:port" with brackets round an IPv6 literal.
  std::string endpoint() const;
  // Where findings about it stand: in the recording, else the endpoint itself.
  Place place() const;
  const ProtocolSupport* protocol(ProtocolVersion version) const;
  // False when it is refused and when it is not known.
  bool accepts(ProtocolVersion version) const;
};

}  // namespace wiretight
