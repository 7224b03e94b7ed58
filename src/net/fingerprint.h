#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "net/http.h"

// What answered the DynamoDB probe (endpoints.md 6.3 and 6.4).
namespace wiretight::http {

enum class Kind : std::uint8_t {
  none,          // refused, closed or silent
  tls_required,  // an HTTP or TLS error that says "this port wants TLS"
  other,         // bytes that are neither HTTP nor TLS
  http,          // HTTP, but nothing like DynamoDB
  redirect,      // a redirect to https://
  dynamodb,      // score 4 and more
};

struct Fingerprint {
  Kind kind = Kind::none;
  int status = 0;                       // of the first answer, 0 when none
  std::string server = {};              // foreign bytes
  std::string location = {};            // foreign bytes, of a redirect
  int score = 0;                        // DynamoDB likeness
  std::vector<std::string> signs = {};  // what the score is made of, for people; no foreign bytes
  bool aws = false;                     // Amazon's own service by its request id
  std::string product = {};       // "AWS", "DynamoDB Local", "dynalite", "Alternator", "LocalStack"; empty if unknown
  bool strict_transport = false;  // Strict-Transport-Security was sent
  bool html = false;              // some answer was a page for browsers: HTML with a status of success
  bool operator==(const Fingerprint&) const = default;
};

// Judges all answers together, in whatever order they were asked.
Fingerprint fingerprint(const std::vector<Response>& answers);
// The same for a conversation in the clear, where TLS alerts and foreign bytes count too.
Fingerprint fingerprint(const Exchange& exchange);

// CRC-32 as in zlib and in x-amz-crc32.
std::uint32_t crc32(std::string_view bytes);

}  // namespace wiretight::http
