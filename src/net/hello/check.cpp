#include "net/hello/check.h"

#include <algorithm>
#include <fmt/format.h>
#include <ranges>

#include "net/hello/registry.h"

namespace wiretight::tls {
namespace {

template <class Range, class Value>
bool has(const Range& range, const Value& value) {
  return std::ranges::find(range, value) != std::ranges::end(range);
}

bool sent_share(const HelloSpec& spec, std::uint16_t group) {
  return spec.key_shares && has(std::views::transform(*spec.key_shares, &OfferedShare::group), group);
}

Outcome<void> check_retry(const ServerHello& hello, const HelloSpec& spec) {
  if (!hello.group) {
    bool only_cookie = !hello.cookie.empty() && spec.key_shares && !spec.key_shares->empty();
    if (only_cookie) return {};
    return failure("a HelloRetryRequest that names no group");
  }
  if (!has(spec.groups, *hello.group))
    return failure(fmt::format("asked to retry with group 0x{:04x}, which was not offered", *hello.group));
  if (sent_share(spec, *hello.group))
    return failure(fmt::format("asked to retry with group 0x{:04x}, whose share was sent", *hello.group));
  return {};
}

Outcome<void> check_share(const ServerHello& hello, const HelloSpec& spec) {
  if (hello.pre_shared_key && (!spec.pre_shared_key || *hello.pre_shared_key != 0))
    return failure("chose a pre-shared key that was not offered");
  if (!hello.group) {
    bool psk_without_share = hello.pre_shared_key && has(spec.psk_modes, std::uint8_t{0});
    if (psk_without_share) return {};
    return failure("a TLS 1.3 ServerHello without a key share");
  }
  if (!sent_share(spec, *hello.group))
    return failure(fmt::format("answered with group 0x{:04x}, for which no share was sent", *hello.group));
  const Group* group = find_group(*hello.group);
  if (group != nullptr && group->server_share != 0 && hello.key_share.size() != group->server_share)
    return failure(fmt::format("a key share of {} bytes for {}, which has {}", hello.key_share.size(), group->name,
                               group->server_share));
  return {};
}

Outcome<void> check_alpn(const ServerHello& hello, const HelloSpec& spec) {
  if (hello.alpn.empty() || has(spec.alpn, hello.alpn)) return {};
  return failure("chose an application protocol that was not offered");
}

std::size_t stripped_size(Bytes number) {
  return static_cast<std::size_t>(number.end() -
                                  std::ranges::find_if(number, [](std::uint8_t byte) { return byte != 0; }));
}

// RFC 8422 5.4.1: Montgomery curves as they are, others as a point, uncompressed or compressed.
bool is_point_size(const Group& group, std::size_t size) {
  std::size_t field = (group.bits + 7u) / 8u;
  if (group.kind == GroupKind::montgomery) return size == field;
  return size == 2 * field + 1 || size == field + 1;
}

}  // namespace

Outcome<void> check_answer(const ServerHello& hello, const HelloSpec& spec) {
  if (hello.legacy_version > wire_code(Version::tls12))
    return failure(fmt::format("ServerHello with legacy version 0x{:04x}", hello.legacy_version));
  if (!offers_version(spec, hello.version))
    return failure(fmt::format("chose version 0x{:04x}, which was not offered", hello.version));
  if (!has(spec.suites, hello.suite))
    return failure(fmt::format("chose suite 0x{:04x}, which was not offered", hello.suite));
  if (!has(spec.compressions, hello.compression))
    return failure(fmt::format("chose compression {}, which was not offered", hello.compression));

  const Suite* suite = find_suite(hello.suite);
  bool suite_of_13 = suite != nullptr && suite->key_exchange == KeyExchange::any;
  if (suite != nullptr && suite_of_13 != hello.is_tls13())
    return failure(fmt::format("chose {}, which version 0x{:04x} does not have", suite->name, hello.version));
  if (hello.is_tls13()) {
    if (hello.compression != 0) return failure("chose compression in TLS 1.3");
    return hello.hello_retry ? check_retry(hello, spec) : check_share(hello, spec);
  }
  if (hello.group || hello.pre_shared_key) return failure("TLS 1.3 extensions in an older ServerHello");
  return check_alpn(hello, spec);
}

Outcome<void> check_answer(const Ssl2ServerHello& hello, const Ssl2Hello& asked) {
  if (hello.kinds.empty()) return {};
  for (std::size_t index = 0; index < hello.kind_count(); ++index)
    if (has(asked.kinds, hello.kind(index))) return {};
  return failure("SSLv2 ciphers of which none was offered");
}

Outcome<void> check_answer(const ServerKeyExchange& exchange, const HelloSpec& spec) {
  if (exchange.signature_scheme != 0 && !spec.signature_schemes.empty() &&
      !has(spec.signature_schemes, exchange.signature_scheme))
    return failure(fmt::format("signed with scheme 0x{:04x}, which was not offered", exchange.signature_scheme));
  if (exchange.kind == ServerKeyExchange::Kind::dhe && stripped_size(exchange.public_value) > stripped_size(exchange.p))
    return failure("a Diffie-Hellman public value larger than its prime");
  if (exchange.kind != ServerKeyExchange::Kind::ecdhe) return {};
  if (!spec.groups.empty() && !has(spec.groups, exchange.group))
    return failure(fmt::format("chose curve 0x{:04x}, which was not offered", exchange.group));
  const Group* group = find_group(exchange.group);
  if (group != nullptr && !group->is_curve()) return failure(fmt::format("{} is no curve", group->name));
  if (group != nullptr && !is_point_size(*group, exchange.public_value.size()))
    return failure(fmt::format("a point of {} bytes on {}", exchange.public_value.size(), group->name));
  return {};
}

bool is_resumed(const ServerHello& hello, const HelloSpec& spec) {
  if (hello.hello_retry) return false;
  if (hello.is_tls13()) return hello.pre_shared_key.has_value();
  return !spec.session_id.empty() && std::ranges::equal(hello.session_id, spec.session_id);
}

std::size_t ticketbleed_leak(const ServerHello& hello, const HelloSpec& spec) {
  bool asked = spec.session_ticket && !spec.session_ticket->empty() && !spec.session_id.empty();
  if (!asked || hello.is_tls13() || hello.session_id.size() <= spec.session_id.size()) return 0;
  Bytes echo = hello.session_id.first(spec.session_id.size());
  return std::ranges::equal(echo, spec.session_id) ? hello.session_id.size() - spec.session_id.size() : 0;
}

}  // namespace wiretight::tls
