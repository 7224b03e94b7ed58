#include <algorithm>
#include <fmt/format.h>

#include "sources/endpoint/assessment.h"

// Which suites does each version take, and who chooses?
namespace wiretight::endpoint {

namespace {

using Codes = std::vector<std::uint16_t>;

Codes without(std::span<const std::uint16_t> codes, const Codes& taken) {
  Codes rest(codes.begin(), codes.end());
  std::erase_if(rest, [&](std::uint16_t code) { return std::ranges::find(taken, code) != taken.end(); });
  return rest;
}

// AEAD suites and those with a SHA-2 MAC came with TLS 1.2 (RFC 5246, 5288, 5289).
bool fits_before_tls12(std::uint16_t code) {
  const tls::Suite* suite = tls::find_suite(code);
  return suite && suite->mac != tls::Mac::aead && suite->mac != tls::Mac::sha256 && suite->mac != tls::Mac::sha384;
}

// What the servers of today have beyond the commonest: the rest of OpenSSL's default list.
bool is_ordinary(const tls::Suite& suite) {
  if (suite.rank > 0) return true;
  return (suite.cipher == tls::Cipher::aes && (suite.mode == tls::Mode::ccm || suite.mode == tls::Mode::ccm_8)) ||
         (suite.cipher == tls::Cipher::camellia && suite.mode == tls::Mode::cbc) ||
         (suite.cipher == tls::Cipher::aria && suite.mode == tls::Mode::gcm);
}

Codes suites_by(tls::KeyExchange exchange) {
  Codes codes;
  for (const std::uint16_t code : tls::legacy_codes())
    if (tls::find_suite(code)->key_exchange == exchange) codes.push_back(code);
  return codes;
}

Choice choice_of(const Answer& answer) {
  if (answer.accepted()) return {.code = answer.flight.server_hello()->suite};
  return {.conclusive = answer.refused()};
}

}  // namespace

std::vector<std::uint16_t> Assessment::accepted_suites(tls::Version version, std::size_t most) {
  Codes codes;
  for (const CipherSuite& suite : protocol(version).suites)
    if (codes.size() < most) codes.push_back(static_cast<std::uint16_t>(suite.code));
  return codes;
}

// The accepted suites, or before they are asked for the one that the first hello was answered with.
std::vector<std::uint16_t> Assessment::answered_suites(tls::Version version) {
  Codes codes = accepted_suites(version);
  if (const auto first = first_[static_cast<std::size_t>(version)].flight.server_hello(); codes.empty() && first)
    codes.push_back(first->suite);
  return codes;
}

void Assessment::accept_suite(tls::Version version, std::uint16_t code) {
  ProtocolSupport& support = protocol(version);
  const tls::Suite* suite = tls::find_suite(code);
  if (!suite || std::ranges::find(support.suites, code, &CipherSuite::code) != support.suites.end()) return;
  support.suites.push_back(suite_of(*suite));
  if (version != tls::Version::tls13 && suite->is_static_rsa()) static_rsa_.insert(code);
}

net::Task<void> Assessment::suites_of(tls::Version version, Codes likely, Codes rest) {
  const Offer offer = [this, version](Codes codes) -> net::Task<Choice> {
    co_return choice_of(co_await ask(tls::legacy_hello(version, codes, server_name())));
  };
  const Enumeration found = co_await enumerate(worker_.wire, likely, rest, offer, few_connections());
  protocol(version).suites_complete = found.complete;
  for (const std::uint16_t code : found.accepted) accept_suite(version, code);
  // What the first hello was answered with must be among them.
  const auto first = first_[static_cast<std::size_t>(version)].flight.server_hello();
  if (!first || !accepts(version) || unasked_.contains(first->suite)) co_return;
  if (std::ranges::find(found.accepted, first->suite) != found.accepted.end()) co_return;
  accept_suite(version, first->suite);
  if (const tls::Suite* suite = tls::find_suite(first->suite); suite && found.complete)
    say(fmt::format("{} was accepted and then refused in {}", suite->name, tls::to_text(version)));
}

// Does the server take any suite with static RSA, and any with DHE? Asked in the first round, since ROBOT needs the one
// and both say which suites are likely. Nothing is concluded from a refusal.
net::Task<void> Assessment::ask_family(tls::KeyExchange exchange) {
  tls::HelloSpec spec = tls::legacy_hello(tls::Version::tls12, suites_by(exchange), server_name());
  const Answer answer = co_await endpoint::ask(lane_, target_.port, spec);
  if (!answer.accepted() && answer.reply != Reply::older) co_return;
  collect(answer, spec, "");
  const std::uint16_t suite = answer.flight.server_hello()->suite;
  if (std::ranges::find(spec.suites, suite) == spec.suites.end()) co_return;
  families_.insert(exchange);
  if (exchange == tls::KeyExchange::rsa) static_rsa_.insert(suite);
}

// Suites that a server with the keys and families seen so far may be expected to take.
std::vector<std::uint16_t> Assessment::likely_suites() const {
  const auto has_key = [this](std::string_view algorithm) {
    return std::ranges::any_of(listener.chains, [&](const Chain& chain) {
      return !chain.certificates.empty() && chain.certificates[0].key_algorithm == algorithm;
    });
  };
  const bool rsa = has_key("RSA");
  const bool ec = has_key("EC");
  Codes likely(tls::common_codes().begin(), tls::common_codes().end());
  if (!rsa && !ec) return likely;
  likely.insert(likely.end(), tls::uncommon_codes().begin(), tls::uncommon_codes().end());
  std::erase_if(likely, [&](std::uint16_t code) {
    const tls::Suite& suite = *tls::find_suite(code);
    const bool key = (rsa && suite.authentication == tls::Authentication::rsa) ||
                     (ec && suite.authentication == tls::Authentication::ecdsa);
    const bool family = suite.key_exchange == tls::KeyExchange::ecdhe || families_.contains(suite.key_exchange);
    return !key || !family || !is_ordinary(suite);
  });
  return likely;
}

net::Task<void> Assessment::suites_of_best() {
  const auto best = best_legacy();
  if (!best) co_return;
  const Codes likely = likely_suites();
  co_await suites_of(*best, likely, without(tls::legacy_codes(), likely));
}

// Older versions hardly ever take what the newest one refuses: its suites one by one, all others in chunks.
net::Task<void> Assessment::suites_of_older(tls::Version version) {
  Codes likely;
  for (const std::uint16_t code : accepted_suites(*best_legacy(), 1000))
    if (fits_before_tls12(code)) likely.push_back(code);
  co_await suites_of(version, likely, without(tls::legacy_codes(), likely));
}

// A server without parameters of its own takes DHE suites only from a client that offers the groups of RFC 7919
// (GnuTLS), while offering them hides a weak prime of a server that has one. So DHE is offered without the groups first
// and, where nothing was taken, once more with them.
net::Task<void> Assessment::dhe_with_standard_groups() {
  const auto best = best_legacy();
  if (!best || *best < tls::Version::tls12) co_return;
  ProtocolSupport& support = protocol(*best);
  Codes dhe;
  for (const std::uint16_t code : tls::legacy_codes())
    if (tls::find_suite(code)->uses_dhe()) dhe.push_back(code);
  if (std::ranges::any_of(support.suites,
                          [](const CipherSuite& suite) { return suite.key_exchange.starts_with("DHE"); }))
    co_return;
  const Offer offer = [this, best](Codes codes) -> net::Task<Choice> {
    tls::HelloSpec spec = tls::legacy_hello(*best, codes, server_name());
    for (std::uint16_t group = 0x0100; group <= 0x0104; ++group) spec.groups.push_back(group);
    co_return choice_of(co_await ask(std::move(spec)));
  };
  const Enumeration found = co_await enumerate(worker_.wire, {}, dhe, offer, few_connections());
  for (const std::uint16_t code : found.accepted) accept_suite(*best, code);
}

net::Task<void> Assessment::preference_of(tls::Version version) {
  const Codes codes = accepted_suites(version, 1000);
  if (codes.size() < 2) co_return;
  const Codes reversed(codes.rbegin(), codes.rend());
  const auto hello = [this, version](const Codes& offered) {
    return version == tls::Version::tls13 ? tls::tls13_hello(offered, server_name())
                                          : tls::legacy_hello(version, offered, server_name());
  };
  Answer forward_answer;
  Answer backward_answer;
  Tasks tasks(worker_.wire);
  tasks.start(keep_answer(hello(codes), "", &forward_answer));
  tasks.start(keep_answer(hello(reversed), "", &backward_answer));
  co_await tasks.done();
  const Choice forward = choice_of(forward_answer);
  const Choice backward = choice_of(backward_answer);
  ProtocolSupport& support = protocol(version);
  if (!forward.code || !backward.code) {
    support.server_preference = unresolved<bool>("no answer to the whole list of accepted suites");
    if (forward_answer.refused() || backward_answer.refused())
      say(fmt::format("{} refused suites that it had accepted", tls::to_text(version)));
    co_return;
  }
  support.server_preference = observed(*forward.code == *backward.code);
  if (*forward.code == *backward.code) {
    const auto first = std::ranges::find(support.suites, *forward.code, &CipherSuite::code);
    if (first != support.suites.end()) std::rotate(support.suites.begin(), first, first + 1);
  }
}

net::Task<void> Assessment::suites_of_tls13() {
  const auto all = tls::tls13_codes();
  const std::size_t likely = std::min<std::size_t>(5, all.size());
  const Offer offer = [this](Codes codes) -> net::Task<Choice> {
    co_return choice_of(co_await ask(tls::tls13_hello(codes, server_name())));
  };
  const Enumeration found =
      co_await enumerate(worker_.wire, all.first(likely), all.subspan(likely), offer, few_connections());
  protocol(tls::Version::tls13).suites_complete = found.complete;
  for (const std::uint16_t code : found.accepted) accept_suite(tls::Version::tls13, code);
  co_await preference_of(tls::Version::tls13);
}

}  // namespace wiretight::endpoint
