#include <algorithm>
#include <array>

#include "sources/endpoint/assessment.h"

// Which groups does the server agree on, and with what does it sign?
namespace wiretight::endpoint {

namespace {

using Codes = std::vector<std::uint16_t>;

// What servers have: offered one by one. The rest goes into chunks.
constexpr std::array<std::uint16_t, 15> likely_groups = {0x11ec, 0x11eb, 0x11ed, 0x6399, 0x001d, 0x0017, 0x0018, 0x0019,
                                                         0x001e, 0x0100, 0x0101, 0x0102, 0x0103, 0x0104, 0x0202};
constexpr std::array<std::uint16_t, 5> likely_curves = {0x001d, 0x0017, 0x0018, 0x0019, 0x001e};
constexpr std::uint16_t rsa_pkcs1_md5 = 0x0101;

bool contains(std::span<const std::uint16_t> codes, std::uint16_t code) {
  return std::ranges::find(codes, code) != codes.end();
}

NamedGroup group_of(std::uint16_t code) {
  const tls::Group* group = tls::find_group(code);
  return {
      .code = code, .name = std::string(group->name), .bits = group->bits, .post_quantum = group->is_post_quantum()};
}

Codes schemes_for(std::string_view key) {
  Codes codes;
  for (const tls::SignatureScheme& scheme : tls::signature_schemes()) {
    const bool fits = key == "RSA"  ? scheme.algorithm == "RSA" || scheme.algorithm == "RSA-PSS"
                      : key == "EC" ? scheme.algorithm == "ECDSA"
                                    : scheme.algorithm == key;
    if (fits) codes.push_back(scheme.code);
  }
  return codes;
}

}  // namespace

// TLS 1.3 names its group in a HelloRetryRequest when the hello carries no share: no key is generated, and groups that
// this program cannot compute with are found as well.
net::Task<void> Assessment::groups_of_tls13() {
  Codes rest;
  for (const tls::Group& group : tls::groups())
    if (!contains(likely_groups, group.code)) rest.push_back(group.code);
  const Offer offer = [this](Codes codes) -> net::Task<Choice> {
    tls::HelloSpec spec = tls::group_hello(codes, server_name());
    Answer answer = co_await ask(spec);
    if (is_inconclusive(answer.reply) && answer.reply != Reply::not_asked && !closes_on_refusal_)
      answer = co_await ask(spec);
    if (answer.reply == Reply::retry) co_return Choice{.code = answer.flight.server_hello()->group};
    co_return Choice{.conclusive = is_refusal(answer.reply) || answer.reply == Reply::closed};
  };
  const Enumeration found = co_await enumerate(worker_.wire, likely_groups, rest, offer, few_connections());
  bool post_quantum = false;
  for (const std::uint16_t code : found.accepted) {
    listener.groups.push_back(group_of(code));
    post_quantum = post_quantum || tls::find_group(code)->is_hybrid();
  }
  if (post_quantum || found.complete)
    listener.post_quantum = observed(post_quantum);
  else
    listener.post_quantum = unresolved<bool>("not every group was answered");
  if (!found.complete) gap("TLSv1.3 groups", "some groups were neither accepted nor refused");
  if (found.accepted.size() > 1) {
    const Choice preferred = co_await offer(found.accepted);
    if (preferred.code) listener.preferred_group = observed(std::string(tls::find_group(*preferred.code)->name));
  } else if (found.accepted.size() == 1) {
    listener.preferred_group = observed(std::string(tls::find_group(found.accepted[0])->name));
  }
}

// Before TLS 1.3 only the ServerKeyExchange says which curve is used: Go answers a ServerHello to any list.
net::Task<void> Assessment::curves_of_tls12() {
  Codes suites;
  for (const std::uint16_t code : tls::common_codes())
    if (tls::find_suite(code)->uses_ecdhe()) suites.push_back(code);
  Codes rest;
  for (const tls::Group& group : tls::groups())
    if (group.is_curve() && group.code <= 0x001e && !contains(likely_curves, group.code)) rest.push_back(group.code);
  const Offer offer = [this, suites](Codes codes) -> net::Task<Choice> {
    tls::HelloSpec spec = tls::legacy_hello(tls::Version::tls12, suites, server_name());
    spec.groups = codes;
    // A server checks that the client knows the curve of an EC certificate, so it is always named, last.
    if (leaf_curve_ != 0 && !contains(codes, leaf_curve_)) spec.groups.push_back(leaf_curve_);
    const Answer answer = co_await ask(spec);
    if (!answer.accepted()) co_return Choice{.conclusive = is_refusal(answer.reply) || answer.reply == Reply::closed};
    const auto exchange = answer.flight.server_key_exchange();
    if (exchange && contains(codes, exchange->group) && tls::check_answer(*exchange, spec))
      co_return Choice{.code = exchange->group};
    co_return Choice{};
  };
  const Enumeration found = co_await enumerate(worker_.wire, likely_curves, rest, offer, few_connections());
  for (const std::uint16_t code : found.accepted)
    if (std::ranges::find(listener.groups, code, &NamedGroup::code) == listener.groups.end())
      listener.groups.push_back(group_of(code));
}

net::Task<void> Assessment::signatures_of_tls12() {
  Codes suites;
  for (const std::uint16_t code : tls::common_codes())
    if (tls::find_suite(code)->uses_ecdhe() || tls::find_suite(code)->uses_dhe()) suites.push_back(code);
  const Offer offer = [this, suites](Codes codes) -> net::Task<Choice> {
    tls::HelloSpec spec = tls::legacy_hello(tls::Version::tls12, suites, server_name());
    spec.signature_schemes = codes;
    const Answer answer = co_await ask(spec);
    if (!answer.accepted()) co_return Choice{.conclusive = is_refusal(answer.reply) || answer.reply == Reply::closed};
    const auto exchange = answer.flight.server_key_exchange();
    if (exchange && contains(codes, exchange->signature_scheme) && tls::check_answer(*exchange, spec))
      co_return Choice{.code = exchange->signature_scheme};
    co_return Choice{};
  };
  const Codes codes = schemes_for(leaf_key_);
  const Enumeration found = co_await enumerate(worker_.wire, codes, {}, offer, few_connections());
  for (const std::uint16_t code : found.accepted) {
    const tls::SignatureScheme* scheme = tls::find_signature_scheme(code);
    listener.signatures.push_back({.code = code,
                                   .name = std::string(scheme->name),
                                   .hash = std::string(scheme->hash),
                                   .version = ProtocolVersion::tls12});
  }
}

// TLS 1.3 signs inside the encryption. A server that chooses its certificate before it answers refuses schemes it
// cannot serve with an alert; one that answers first (JSSE) would seem to take all, which an impossible scheme reveals.
net::Task<void> Assessment::signatures_of_tls13() {
  const auto offered = [this](Codes codes) -> net::Task<Choice> {
    tls::HelloSpec spec = tls::tls13_hello(tls::tls13_codes(), server_name());
    spec.signature_schemes = codes;
    const Answer answer = co_await ask(spec);
    co_return Choice{.code = answer.accepted() ? std::optional(codes.front()) : std::nullopt,
                     .conclusive = !is_inconclusive(answer.reply) || answer.reply == Reply::closed};
  };
  const auto add = [this](std::uint16_t code) {
    if (const tls::SignatureScheme* scheme = tls::find_signature_scheme(code))
      listener.signatures.push_back({.code = code,
                                     .name = std::string(scheme->name),
                                     .hash = std::string(scheme->hash),
                                     .version = ProtocolVersion::tls13});
  };
  Codes impossible = {rsa_pkcs1_md5};
  const Choice taken = co_await offered(std::move(impossible));
  if (taken.code) {
    if (greeted_ && greeting_.version == tls::Version::tls13) add(greeting_.signature_scheme);
    co_return;
  }
  Codes codes;
  for (const std::uint16_t code : schemes_for(leaf_key_)) {
    const tls::SignatureScheme* scheme = tls::find_signature_scheme(code);
    // PKCS #1 and the old hashes are not for TLS 1.3 handshakes (RFC 8446 4.2.3); one hello asks for all of them.
    if (scheme->algorithm != "RSA" && scheme->hash != "SHA1" && scheme->hash != "SHA224" && scheme->hash != "MD5")
      codes.push_back(code);
  }
  const Enumeration found = co_await enumerate(worker_.wire, codes, {}, offered, false);
  for (const std::uint16_t code : found.accepted) add(code);
}

// A post-quantum hello does not fit one segment, and old middleboxes drop what does not ("tldr.fail").
net::Task<void> Assessment::send_big_hello() {
  const Answer answer = co_await ask(tls::big_hello(server_name()));
  if (answer.accepted() || is_refusal(answer.reply)) {
    listener.large_hello = observed(answer.accepted(), answer.accepted() ? "" : "refused with an alert");
  } else {
    const Answer again = co_await ask(tls::big_hello(server_name()));
    if (again.accepted())
      listener.large_hello = observed(true);
    else if (again.reply == Reply::not_asked || again.reply == Reply::unreachable)
      listener.large_hello = unresolved<bool>(again.trouble);
    else
      listener.large_hello =
          observed(false, again.reply == Reply::silent ? "not answered" : "the connection was closed");
  }
}

}  // namespace wiretight::endpoint
