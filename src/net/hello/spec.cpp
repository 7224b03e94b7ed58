#include "net/hello/spec.h"

#include <algorithm>
#include <sys/random.h>

#include "net/hello/registry.h"

namespace wiretight::tls {
namespace {

constexpr std::uint16_t x25519 = 0x001d;
constexpr std::uint16_t x25519_mlkem768 = 0x11ec;
constexpr std::size_t mlkem768_key = 1184;

// Strong ones first; MD5, SHA-1, SHA-224 and DSA stand at the end so that a server that has only those still answers.
constexpr std::uint16_t schemes_12[] = {0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0809, 0x080a,
                                        0x080b, 0x0401, 0x0501, 0x0601, 0x0402, 0x0502, 0x0602, 0x0840, 0x0841, 0x0303,
                                        0x0301, 0x0302, 0x0203, 0x0201, 0x0202, 0x0103, 0x0101, 0x0102};
constexpr std::uint16_t schemes_13[] = {0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806,
                                        0x0809, 0x080a, 0x080b, 0x081a, 0x081b, 0x081c, 0x0904, 0x0905,
                                        0x0906, 0x0401, 0x0501, 0x0601, 0x0203, 0x0201};
constexpr std::uint16_t groups_13[] = {0x001d, 0x0017, 0x0018, 0x0019, 0x001e};

bool fits_legacy(const Group& group) { return group.code <= 0x001e; }

std::vector<std::uint8_t> bytes_of(std::size_t size) { return std::vector<std::uint8_t>(size); }

// The base point: a sound share without any mathematics. (Zero is not: RFC 7748 has peers refuse it.)
std::vector<std::uint8_t> x25519_share() {
  std::vector<std::uint8_t> share = bytes_of(32);
  share[0] = 9;
  return share;
}

std::vector<std::uint8_t> hybrid_share() {
  std::vector<std::uint8_t> share = bytes_of(mlkem768_key);
  std::ranges::copy(x25519_share(), std::back_inserter(share));
  return share;
}

void fill_random(std::span<std::uint8_t> bytes) {
  // getentropy cannot fail for up to 256 bytes on a kernel that has it (3.17).
  [[maybe_unused]] int failed = getentropy(bytes.data(), bytes.size());
}

template <class Chosen>
std::vector<std::uint16_t> suites_where(Chosen chosen) {
  std::vector<std::uint16_t> codes;
  for (std::uint16_t code : common_codes())
    if (chosen(*find_suite(code))) codes.push_back(code);
  for (const Suite& suite : legacy_suites())
    if (suite.rank == 0 && chosen(suite)) codes.push_back(static_cast<std::uint16_t>(suite.code));
  return codes;
}

template <class Chosen>
void keep_schemes(HelloSpec& spec, Chosen chosen) {
  std::erase_if(spec.signature_schemes,
                [&](std::uint16_t code) { return !chosen(find_signature_scheme(code)->algorithm); });
}

}  // namespace

std::uint16_t highest_offered(const HelloSpec& spec) {
  if (spec.versions.empty()) return spec.hello_version;
  return *std::ranges::max_element(spec.versions);
}

bool offers_version(const HelloSpec& spec, std::uint16_t version) {
  if (!spec.versions.empty()) return std::ranges::find(spec.versions, version) != spec.versions.end();
  return version >= wire_code(Version::ssl3) && version <= std::min(spec.hello_version, wire_code(Version::tls12));
}

void randomise(HelloSpec& spec) {
  fill_random(spec.random);
  fill_random(spec.session_id);
  if (!spec.key_shares) return;
  for (OfferedShare& share : *spec.key_shares) {
    const bool hybrid = share.group == x25519_mlkem768 && share.key.size() > mlkem768_key;
    if (share.group != x25519 && !hybrid) continue;
    fill_random(std::span(share.key).subspan(hybrid ? mlkem768_key : 0));
    // A coordinate is below 2^255. RFC 7748 has the top bit ignored; wolfSSL hangs up on it.
    if (!share.key.empty()) share.key.back() &= 0x7f;
  }
}

HelloSpec legacy_hello(Version version, std::span<const std::uint16_t> suites, std::string_view server_name) {
  HelloSpec spec;
  spec.record_version = std::min(wire_code(version), wire_code(Version::tls10));
  spec.hello_version = wire_code(version);
  spec.suites.assign(suites.begin(), suites.end());
  spec.compressions = {1, 0};
  if (version <= Version::ssl3) {
    spec.extensions = false;
    spec.renegotiation_scsv = true;
    return spec;
  }
  spec.pad_short = true;
  spec.server_name = server_name;
  spec.renegotiation_info = true;
  spec.extended_master_secret = true;
  spec.encrypt_then_mac = true;
  spec.session_ticket.emplace();
  spec.heartbeat = 1;
  spec.point_formats = {0};
  spec.groups = {0x001d, 0x0017, 0x0018, 0x0019, 0x001e};
  for (const Group& group : groups())
    if (fits_legacy(group) && std::ranges::find(spec.groups, group.code) == spec.groups.end())
      spec.groups.push_back(group.code);
  if (version == Version::tls12) spec.signature_schemes.assign(std::begin(schemes_12), std::end(schemes_12));
  return spec;
}

HelloSpec tls13_hello(std::span<const std::uint16_t> suites, std::string_view server_name) {
  HelloSpec spec;
  spec.session_id = bytes_of(32);
  spec.suites.assign(suites.begin(), suites.end());
  spec.pad_short = true;
  spec.server_name = server_name;
  spec.versions = {wire_code(Version::tls13)};
  spec.groups.assign(std::begin(groups_13), std::end(groups_13));
  spec.signature_schemes.assign(std::begin(schemes_13), std::end(schemes_13));
  spec.psk_modes = {1};
  spec.key_shares = {{.group = x25519, .key = x25519_share()}};
  return spec;
}

HelloSpec group_hello(std::span<const std::uint16_t> groups, std::string_view server_name) {
  HelloSpec spec = tls13_hello(tls13_codes(), server_name);
  spec.groups.assign(groups.begin(), groups.end());
  spec.key_shares.emplace();
  return spec;
}

HelloSpec big_hello(std::string_view server_name) {
  HelloSpec spec = tls13_hello(tls13_codes().first(3), server_name);
  spec.versions = {wire_code(Version::tls13), wire_code(Version::tls12)};
  for (std::uint16_t code : common_codes().first(12)) spec.suites.push_back(code);
  spec.alpn = {"h2", "http/1.1"};
  spec.signed_certificate_timestamp = true;
  spec.renegotiation_info = true;
  spec.extended_master_secret = true;
  spec.session_ticket.emplace();
  spec.point_formats = {0};
  spec.groups.insert(spec.groups.begin(), x25519_mlkem768);
  spec.key_shares->insert(spec.key_shares->begin(), {.group = x25519_mlkem768, .key = hybrid_share()});
  return spec;
}

HelloSpec ecdsa_only_hello(std::string_view server_name) {
  HelloSpec spec = legacy_hello(Version::tls12, {}, server_name);
  spec.suites = suites_where([](const Suite& suite) { return suite.authentication == Authentication::ecdsa; });
  keep_schemes(spec, [](std::string_view key) { return key == "ECDSA" || key == "Ed25519" || key == "Ed448"; });
  return spec;
}

HelloSpec rsa_only_hello(std::string_view server_name) {
  HelloSpec spec = legacy_hello(Version::tls12, {}, server_name);
  spec.suites = suites_where([](const Suite& suite) { return suite.authentication == Authentication::rsa; });
  keep_schemes(spec, [](std::string_view key) { return key == "RSA" || key == "RSA-PSS"; });
  return spec;
}

}  // namespace wiretight::tls
