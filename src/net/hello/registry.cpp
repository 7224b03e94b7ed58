#include "net/hello/registry.h"

#include <algorithm>
#include <array>

#include "net/hello/tables.h"

namespace wiretight::tls {
namespace {

template <class Row, std::size_t size>
consteval bool ascending(const Row (&rows)[size]) {
  return std::ranges::is_sorted(rows, std::ranges::less_equal{}, &Row::code);
}
static_assert(ascending(tables::ssl2) && ascending(tables::legacy) && ascending(tables::tls13));
static_assert(ascending(tables::groups) && ascending(tables::signature_schemes));
static_assert(ascending(tables::alerts) && ascending(tables::extensions));

template <class Row>
const Row* find(std::span<const Row> rows, std::uint32_t code) {
  auto at = std::ranges::lower_bound(rows, code, {}, &Row::code);
  return at != rows.end() && at->code == code ? &*at : nullptr;
}

consteval std::size_t count_common() {
  return std::ranges::count_if(tables::legacy, [](auto& s) { return s.rank != 0; });
}

// The codes of the legacy suites that `chosen` picks, in table order.
template <std::size_t size>
consteval auto codes(bool (*chosen)(const Suite&)) {
  std::array<std::uint16_t, size> found = {};
  std::size_t next = 0;
  for (const Suite& suite : tables::legacy)
    if (chosen(suite)) found[next++] = static_cast<std::uint16_t>(suite.code);
  return found;
}

consteval auto ranked() {
  std::array<std::uint16_t, count_common()> found = {};
  for (const Suite& suite : tables::legacy)
    if (suite.rank != 0) found.at(suite.rank - 1u) = static_cast<std::uint16_t>(suite.code);
  return found;
}

constexpr auto legacy_code_list = codes<std::size(tables::legacy)>([](const Suite&) { return true; });
constexpr auto common_code_list = ranked();
constexpr auto uncommon_code_list =
    codes<std::size(tables::legacy) - count_common()>([](const Suite& suite) { return suite.rank == 0; });
static_assert(std::ranges::count(common_code_list, 0) == 0, "every rank from 1 upwards is given once");

// The five of RFC 8446 first, whatever their numbers.
constexpr auto tls13_code_list = [] {
  std::array<std::uint16_t, std::size(tables::tls13)> found = {};
  std::ranges::transform(tables::tls13, found.begin(), [](auto& s) { return static_cast<std::uint16_t>(s.code); });
  std::ranges::rotate(found, std::ranges::find(found, 0x1301));
  return found;
}();
static_assert(tls13_code_list[4] == 0x1305);

}  // namespace

std::string_view to_text(KeyExchange kind) {
  switch (kind) {
    case KeyExchange::null:
      return "NULL";
    case KeyExchange::any:
      return "any";
    case KeyExchange::rsa:
    case KeyExchange::rsa_export:
      return "RSA";
    case KeyExchange::dh:
    case KeyExchange::dh_export:
      return "DH";
    case KeyExchange::dhe:
    case KeyExchange::dhe_export:
      return "DHE";
    case KeyExchange::ecdh:
      return "ECDH";
    case KeyExchange::ecdhe:
      return "ECDHE";
    case KeyExchange::psk:
      return "PSK";
    case KeyExchange::dhe_psk:
      return "DHE_PSK";
    case KeyExchange::rsa_psk:
      return "RSA_PSK";
    case KeyExchange::ecdhe_psk:
      return "ECDHE_PSK";
    case KeyExchange::krb5:
    case KeyExchange::krb5_export:
      return "KRB5";
    case KeyExchange::srp:
      return "SRP";
    case KeyExchange::fortezza:
      return "FORTEZZA";
    case KeyExchange::gost:
      return "GOST";
    case KeyExchange::eccpwd:
      return "ECCPWD";
  }
  return "";
}

std::string_view to_text(Authentication kind) {
  switch (kind) {
    case Authentication::null:
      return "NULL";
    case Authentication::any:
      return "any";
    case Authentication::rsa:
      return "RSA";
    case Authentication::dss:
      return "DSS";
    case Authentication::ecdsa:
      return "ECDSA";
    case Authentication::anonymous:
      return "anon";
    case Authentication::psk:
      return "PSK";
    case Authentication::krb5:
      return "KRB5";
    case Authentication::srp:
      return "SRP";
    case Authentication::fortezza:
      return "FORTEZZA";
    case Authentication::gost:
      return "GOST";
    case Authentication::eccpwd:
      return "ECCPWD";
  }
  return "";
}

std::string_view to_text(Cipher kind) {
  switch (kind) {
    case Cipher::null:
      return "NULL";
    case Cipher::rc2:
      return "RC2";
    case Cipher::rc4:
      return "RC4";
    case Cipher::des:
      return "DES";
    case Cipher::triple_des:
      return "3DES";
    case Cipher::idea:
      return "IDEA";
    case Cipher::seed:
      return "SEED";
    case Cipher::fortezza:
      return "FORTEZZA";
    case Cipher::aes:
      return "AES";
    case Cipher::camellia:
      return "CAMELLIA";
    case Cipher::aria:
      return "ARIA";
    case Cipher::chacha20:
      return "CHACHA20";
    case Cipher::gost28147:
      return "GOST28147";
    case Cipher::magma:
      return "MAGMA";
    case Cipher::kuznyechik:
      return "KUZNYECHIK";
    case Cipher::sm4:
      return "SM4";
    case Cipher::aegis:
      return "AEGIS";
  }
  return "";
}

std::string_view to_text(Mode kind) {
  switch (kind) {
    case Mode::null:
      return "NULL";
    case Mode::stream:
      return "stream";
    case Mode::cbc:
      return "CBC";
    case Mode::ctr:
      return "CTR";
    case Mode::gcm:
      return "GCM";
    case Mode::ccm:
      return "CCM";
    case Mode::ccm_8:
      return "CCM_8";
    case Mode::poly1305:
      return "POLY1305";
    case Mode::mgm:
      return "MGM";
    case Mode::aegis:
      return "AEGIS";
  }
  return "";
}

std::string_view to_text(Mac kind) {
  switch (kind) {
    case Mac::null:
      return "NULL";
    case Mac::md5:
      return "MD5";
    case Mac::sha1:
      return "SHA1";
    case Mac::sha256:
      return "SHA256";
    case Mac::sha384:
      return "SHA384";
    case Mac::ripemd160:
      return "RIPEMD160";
    case Mac::gost:
      return "GOST";
    case Mac::aead:
      return "AEAD";
  }
  return "";
}

std::span<const Suite> ssl2_suites() { return tables::ssl2; }
std::span<const Suite> legacy_suites() { return tables::legacy; }
std::span<const Suite> tls13_suites() { return tables::tls13; }
std::span<const std::uint16_t> common_codes() { return common_code_list; }
std::span<const std::uint16_t> uncommon_codes() { return uncommon_code_list; }
std::span<const std::uint16_t> legacy_codes() { return legacy_code_list; }
std::span<const std::uint16_t> tls13_codes() { return tls13_code_list; }

const Suite* find_suite(std::uint16_t code) {
  const Suite* suite = find(legacy_suites(), code);
  return suite != nullptr ? suite : find(tls13_suites(), code);
}
const Suite* find_ssl2_suite(std::uint32_t kind) { return find(ssl2_suites(), kind); }

std::span<const Group> groups() { return tables::groups; }
const Group* find_group(std::uint16_t code) { return find(groups(), code); }

std::span<const SignatureScheme> signature_schemes() { return tables::signature_schemes; }
const SignatureScheme* find_signature_scheme(std::uint16_t code) { return find(signature_schemes(), code); }

std::span<const DhPrime> dh_primes() { return tables::dh_primes; }
const DhPrime* find_dh_prime(std::span<const std::uint8_t> prime) {
  while (!prime.empty() && prime.front() == 0) prime = prime.subspan(1);
  auto at = std::ranges::find_if(tables::dh_primes,
                                 [&](const DhPrime& known) { return std::ranges::equal(known.prime, prime); });
  return at != std::end(tables::dh_primes) ? at : nullptr;
}

std::string_view alert_name(std::uint8_t description) {
  const tables::Name* row = find(std::span<const tables::Name>(tables::alerts), description);
  return row != nullptr ? row->name : std::string_view();
}
std::string_view extension_name(std::uint16_t type) {
  const tables::Name* row = find(std::span<const tables::Name>(tables::extensions), type);
  return row != nullptr ? row->name : std::string_view();
}

}  // namespace wiretight::tls
