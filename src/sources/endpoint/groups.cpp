#include <algorithm>
#include <array>

#include "sources/endpoint/assessment.h"
#include "sources/key_exchange.h"

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
    const Answer answer = co_await ask(tls::group_hello(codes, server_name()));
    if (answer.reply == Reply::retry) co_return Choice{.code = answer.flight.server_hello()->group};
    co_return Choice{.conclusive = answer.refused()};
  };
  const Enumeration found = co_await enumerate(worker_.wire, likely_groups, rest, offer, few_connections());
  bool post_quantum = false;
  for (const std::uint16_t code : found.accepted) {
    add_group(code);
    post_quantum = post_quantum || tls::find_group(code)->is_hybrid();
  }
  if (post_quantum || found.complete)
    listener.post_quantum = observed(post_quantum);
  else
    listener.post_quantum = unresolved<bool>("not every group was answered");
  if (!found.complete) gap("TLSv1.3 groups", "some groups were neither accepted nor refused");
  Tasks tasks(worker_.wire);
  tasks.start(confirm_groups());
  if (found.accepted.size() > 1) {
    const Choice preferred = co_await offer(found.accepted);
    if (preferred.code) listener.preferred_group = observed(std::string(tls::find_group(*preferred.code)->name));
  } else if (found.accepted.size() == 1) {
    listener.preferred_group = observed(std::string(tls::find_group(found.accepted[0])->name));
  }
  co_await tasks.done();
}

// The short form: is any post-quantum group taken?
net::Task<void> Assessment::hybrid_groups_of_tls13() {
  Codes codes;
  for (const tls::Group& group : tls::groups())
    if (group.is_hybrid()) codes.push_back(group.code);
  const Answer answer = co_await ask(tls::group_hello(codes, server_name()));
  if (answer.reply == Reply::retry) {
    add_group(*answer.flight.server_hello()->group);
    listener.post_quantum = observed(true);
  } else if (answer.refused()) {
    listener.post_quantum = observed(false);
  } else {
    listener.post_quantum = unresolved<bool>("no answer to a hello with post-quantum groups");
    gap("post-quantum groups", "neither accepted nor refused");
  }
}

void Assessment::add_group(std::uint16_t code) {
  if (std::ranges::find(listener.groups, code, &NamedGroup::code) == listener.groups.end())
    listener.groups.push_back(group_of(code));
}

// Before TLS 1.3 only the ServerKeyExchange says which curve is used: Go answers a ServerHello to any list.
net::Task<void> Assessment::curves_of_legacy() {
  const tls::Version version = *best_legacy();
  if (version < tls::Version::tls10) co_return;
  Codes suites;
  for (const std::uint16_t code : tls::common_codes())
    if (tls::find_suite(code)->uses_ecdhe()) suites.push_back(code);
  Codes rest;
  for (const tls::Group& group : tls::groups())
    if (group.is_curve() && group.code <= 0x001e && !contains(likely_curves, group.code)) rest.push_back(group.code);
  const Offer offer = [this, version, suites](Codes codes) -> net::Task<Choice> {
    tls::HelloSpec spec = tls::legacy_hello(version, suites, server_name());
    spec.groups = codes;
    Answer answer = co_await ask(spec);
    // Many servers want the client to know the curve of their EC certificate: it is named, last.
    if (answer.refused() && leaf_curve_ != 0 && !contains(codes, leaf_curve_)) {
      spec.groups.push_back(leaf_curve_);
      answer = co_await ask(spec);
    }
    if (!answer.accepted()) co_return Choice{.conclusive = answer.refused()};
    const auto exchange = answer.flight.server_key_exchange();
    if (exchange && contains(codes, exchange->group) && tls::check_answer(*exchange, spec))
      co_return Choice{.code = exchange->group};
    co_return Choice{};
  };
  const Enumeration found = co_await enumerate(worker_.wire, likely_curves, rest, offer, few_connections());
  for (const std::uint16_t code : found.accepted) add_group(code);
  if (!found.complete) gap("curves", "some curves were neither accepted nor refused");
}

net::Task<void> Assessment::signatures() {
  std::vector<std::string> keys;
  for (const Chain& chain : listener.chains)
    if (chain.for_right_name && !chain.certificates.empty() &&
        signed_keys_.insert(chain.certificates[0].key_algorithm).second)
      keys.push_back(chain.certificates[0].key_algorithm);
  Tasks tasks(worker_.wire);
  for (const std::string& key : keys) {
    if (accepts(tls::Version::tls12)) tasks.start(signatures_of_tls12(key));
    if (accepts(tls::Version::tls13)) tasks.start(signatures_of_tls13(key));
  }
  co_await tasks.done();
}

net::Task<void> Assessment::signatures_of_tls12(std::string key) {
  Codes suites;
  for (const std::uint16_t code : tls::common_codes())
    if (tls::find_suite(code)->uses_ecdhe() || tls::find_suite(code)->uses_dhe()) suites.push_back(code);
  const Offer offer = [this, suites](Codes codes) -> net::Task<Choice> {
    tls::HelloSpec spec = tls::legacy_hello(tls::Version::tls12, suites, server_name());
    spec.signature_schemes = codes;
    const Answer answer = co_await ask(spec);
    if (!answer.accepted()) co_return Choice{.conclusive = answer.refused()};
    const auto exchange = answer.flight.server_key_exchange();
    if (exchange && contains(codes, exchange->signature_scheme) && tls::check_answer(*exchange, spec))
      co_return Choice{.code = exchange->signature_scheme};
    co_return Choice{};
  };
  const Codes codes = schemes_for(key);
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
net::Task<void> Assessment::signatures_of_tls13(std::string key) {
  const auto offered = [this](Codes codes) -> net::Task<Choice> {
    tls::HelloSpec spec = tls::tls13_hello(tls::tls13_codes(), server_name());
    spec.signature_schemes = codes;
    const Answer answer = co_await ask(spec);
    co_return Choice{.code = answer.accepted() ? std::optional(codes.front()) : std::nullopt,
                     .conclusive = answer.accepted() || answer.refused()};
  };
  const auto add = [this](std::uint16_t code) {
    if (const tls::SignatureScheme* scheme = tls::find_signature_scheme(code))
      listener.signatures.push_back({.code = code,
                                     .name = std::string(scheme->name),
                                     .hash = std::string(scheme->hash),
                                     .version = ProtocolVersion::tls13});
  };
  Codes codes = {rsa_pkcs1_md5};
  for (const std::uint16_t code : schemes_for(key)) {
    const tls::SignatureScheme* scheme = tls::find_signature_scheme(code);
    // PKCS #1 and the old hashes are not for TLS 1.3 handshakes (RFC 8446 4.2.3); one hello asks for all of them.
    if (scheme->algorithm != "RSA" && scheme->hash != "SHA1" && scheme->hash != "SHA224" && scheme->hash != "MD5")
      codes.push_back(code);
  }
  const Enumeration found = co_await enumerate(worker_.wire, codes, {}, offered, false);
  if (contains(found.accepted, rsa_pkcs1_md5)) {
    if (greeted_ && greeting_.version == tls::Version::tls13) add(greeting_.signature_scheme);
    co_return;
  }
  for (const std::uint16_t code : found.accepted) add(code);
}

// A post-quantum hello does not fit one segment, and old middleboxes drop what does not ("tldr.fail").
net::Task<void> Assessment::send_big_hello() {
  const Answer answer = co_await ask(tls::big_hello(server_name()));
  // These mean that the hello was read and nothing in it suited: handshake_failure, protocol_version,
  // insufficient_security.
  const auto alert = answer.flight.alert();
  const bool read = alert && (alert->description == 40 || alert->description == 70 || alert->description == 71);
  if (answer.accepted() || (answer.reply == Reply::alert && read))
    listener.large_hello = observed(true, answer.accepted() ? "" : "refused with an alert");
  else if (answer.reply == Reply::alert || answer.reply == Reply::violation)
    listener.large_hello = observed(false, "refused as broken");
  else if (answer.settled)
    listener.large_hello =
        observed(false, answer.reply == Reply::silent ? "not answered" : "the connection was closed");
  else
    listener.large_hello = unresolved<bool>(answer.trouble.empty() ? "no answer" : answer.trouble);
}

}  // namespace wiretight::endpoint
