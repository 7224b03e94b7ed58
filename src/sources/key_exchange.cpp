#include "sources/key_exchange.h"

#include <fmt/format.h>

#include "core/digest.h"

namespace wiretight {

NamedGroup group_of(std::uint16_t code) {
  const tls::Group* group = tls::find_group(code);
  if (group == nullptr) return {.code = code, .name = fmt::format("0x{:04X}", code)};
  return {
      .code = code, .name = std::string(group->name), .bits = group->bits, .post_quantum = group->is_post_quantum()};
}

std::optional<DhParameters> dh_of(const tls::ServerKeyExchange& exchange, const tls::Suite* suite,
                                  ProtocolVersion version) {
  if (exchange.kind != tls::ServerKeyExchange::Kind::dhe) return std::nullopt;
  tls::Bytes prime = exchange.p;
  while (!prime.empty() && prime.front() == 0) prime = prime.subspan(1);
  DhParameters parameters{.version = version,
                          .bits = static_cast<int>(exchange.p_bits()),
                          .prime_sha256 = sha256_hex(tls::as_text(prime)),
                          .export_grade = suite != nullptr && suite->is_export()};
  if (const tls::DhPrime* known = tls::find_dh_prime(prime)) {
    parameters.known_as = known->name;
    parameters.standard = known->standard;
  }
  return parameters;
}

}  // namespace wiretight
