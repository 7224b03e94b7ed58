#include <algorithm>

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

}  // namespace

// How does this server say no? Offered nothing but a number that is no suite, most send an alert; some close or hang,
// and then closing is a refusal and no reason to ask again.
net::Task<void> Assessment::learn_manner() {
  const auto version = best_legacy();
  if (!version) co_return;
  const std::uint16_t none[] = {0x0a0a};
  const Answer answer = co_await ask(tls::legacy_hello(*version, none, server_name()));
  closes_on_refusal_ = answer.reply == Reply::closed;
  hangs_on_refusal_ = answer.reply == Reply::silent;
}

Choice Assessment::judge_choice(const Answer& answer, const tls::HelloSpec&) {
  if (answer.accepted()) {
    const auto hello = answer.flight.server_hello();
    return {.code = hello->suite};
  }
  if (answer.reply == Reply::closed) return {.conclusive = closes_on_refusal_};
  if (answer.reply == Reply::silent) return {.conclusive = hangs_on_refusal_};
  return {.conclusive = is_refusal(answer.reply)};
}

net::Task<void> Assessment::suites_of(tls::Version version, Codes likely, Codes rest) {
  const Offer offer = [this, version](Codes codes) -> net::Task<Choice> {
    const tls::HelloSpec spec = tls::legacy_hello(version, codes, server_name());
    Answer answer = co_await ask(spec);
    Choice choice = judge_choice(answer, spec);
    if (!choice.conclusive && answer.reply != Reply::not_asked) {
      answer = co_await ask(spec);
      choice = judge_choice(answer, spec);
    }
    co_return choice;
  };
  const Enumeration found = co_await enumerate(worker_.wire, likely, rest, offer, few_connections());
  ProtocolSupport& support = protocol(version);
  support.suites_complete = found.complete;
  for (const std::uint16_t code : found.accepted) support.suites.push_back(suite_of(*tls::find_suite(code)));
  if (!found.complete) gap(std::string(tls::to_text(version)), "some cipher suites were neither accepted nor refused");
  for (const std::uint16_t code : found.accepted)
    if (tls::find_suite(code)->is_static_rsa()) static_rsa_.insert(code);
}

net::Task<void> Assessment::suites_of_legacy_versions() {
  co_await learn_manner();
  const auto best = best_legacy();
  if (!best) co_return;
  const auto common = tls::common_codes();
  const auto uncommon = tls::uncommon_codes();
  co_await suites_of(*best, Codes(common.begin(), common.end()), Codes(uncommon.begin(), uncommon.end()));

  // Older versions hardly ever take what the newest one refuses: its suites one by one, all others in chunks.
  Codes likely;
  for (const CipherSuite& suite : protocol(*best).suites)
    if (fits_before_tls12(static_cast<std::uint16_t>(suite.code)))
      likely.push_back(static_cast<std::uint16_t>(suite.code));
  Tasks tasks(worker_.wire);
  for (const tls::Version version : {tls::Version::ssl3, tls::Version::tls10, tls::Version::tls11})
    if (version != *best && accepts(version))
      tasks.start(suites_of(version, likely, without(tls::legacy_codes(), likely)));
  co_await tasks.done();
  co_await dhe_with_standard_groups();

  Tasks preferences(worker_.wire);
  for (const tls::Version version : {tls::Version::ssl3, tls::Version::tls10, tls::Version::tls11, tls::Version::tls12})
    if (accepts(version)) preferences.start(preference_of(version));
  co_await preferences.done();
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
    const Answer answer = co_await ask(spec);
    co_return judge_choice(answer, spec);
  };
  const Enumeration found = co_await enumerate(worker_.wire, {}, dhe, offer, few_connections());
  for (const std::uint16_t code : found.accepted) support.suites.push_back(suite_of(*tls::find_suite(code)));
}

net::Task<void> Assessment::preference_of(tls::Version version) {
  ProtocolSupport& support = protocol(version);
  if (support.suites.size() < 2) co_return;
  const auto chosen = [this, version](Codes codes) -> net::Task<Choice> {
    const tls::HelloSpec spec = version == tls::Version::tls13 ? tls::tls13_hello(codes, server_name())
                                                               : tls::legacy_hello(version, codes, server_name());
    co_return judge_choice(co_await ask(spec), spec);
  };
  Codes codes;
  for (const CipherSuite& suite : support.suites) codes.push_back(static_cast<std::uint16_t>(suite.code));
  const Choice forward = co_await chosen(codes);
  std::ranges::reverse(codes);
  const Choice backward = co_await chosen(codes);
  if (!forward.code || !backward.code) {
    support.server_preference = unresolved<bool>("no answer to the whole list of accepted suites");
    co_return;
  }
  support.server_preference = observed(*forward.code == *backward.code);
  if (*forward.code == *backward.code) {
    const auto first = std::ranges::find(support.suites, *forward.code, &CipherSuite::code);
    std::rotate(support.suites.begin(), first, first + 1);
  }
}

net::Task<void> Assessment::suites_of_tls13() {
  const auto all = tls::tls13_codes();
  const std::size_t likely = std::min<std::size_t>(5, all.size());
  const Offer offer = [this](Codes codes) -> net::Task<Choice> {
    tls::HelloSpec spec = tls::tls13_hello(codes, server_name());
    Answer answer = co_await ask(spec);
    // wolfSSL 5.5 behind lighttpd closes on a share it does not like and answers the retry form: ask that way too.
    if (is_inconclusive(answer.reply) && answer.reply != Reply::not_asked) {
      spec.key_shares.emplace();
      answer = co_await ask(spec);
    }
    Choice choice = judge_choice(answer, spec);
    if (answer.reply == Reply::closed) choice.conclusive = true;
    co_return choice;
  };
  const Enumeration found =
      co_await enumerate(worker_.wire, all.first(likely), all.subspan(likely), offer, few_connections());
  ProtocolSupport& support = protocol(tls::Version::tls13);
  support.suites_complete = found.complete;
  for (const std::uint16_t code : found.accepted) support.suites.push_back(suite_of(*tls::find_suite(code)));
  if (!found.complete) gap("TLSv1.3", "some cipher suites were neither accepted nor refused");
  co_await preference_of(tls::Version::tls13);
}

}  // namespace wiretight::endpoint
