#include <algorithm>
#include <fmt/format.h>

#include "sources/endpoint/assessment.h"

// What was refused once is asked again; what contradicts itself is said. A name with several machines behind it, or a
// machine that drops what comes too fast, must not pass for a server that refuses.
namespace wiretight::endpoint {

namespace {

using Codes = std::vector<std::uint16_t>;

// What a rule calls broken is asked twice before it is reported.
bool is_bad(const CipherSuite& suite) {
  return suite.anonymous || suite.export_grade || suite.bits < 128 || suite.cipher == "RC4" || suite.mac == "MD5";
}

std::string name_of(std::uint16_t code) {
  const tls::Suite* suite = tls::find_suite(code);
  return suite ? std::string(suite->name) : fmt::format("0x{:04X}", code);
}

}  // namespace

net::Task<void> Assessment::keep_answer(tls::HelloSpec spec, std::string served_to, Answer* answer) {
  *answer = co_await ask(std::move(spec), std::move(served_to));
}

net::Task<void> Assessment::confirm_version(tls::Version version) {
  ProtocolSupport& support = protocol(version);
  // The suites of an accepted version are asked for one by one: confirmation enough.
  if (support.accepted.is(true)) co_return;
  const bool refused_before = support.accepted.known();
  Answer same;
  Answer shorter;
  Tasks tasks(worker_.wire);
  tasks.start(keep_answer(first_hello(version), std::string(tls::to_text(version)), &same));
  // Some servers do not take a hello with hundreds of suites or with a share of a group they do not have.
  tasks.start(keep_answer(version == tls::Version::tls13
                              ? tls::group_hello(Codes{0x001d, 0x0017, 0x0018, 0x0019}, server_name())
                              : tls::legacy_hello(version, tls::common_codes(), server_name()),
                          std::string(tls::to_text(version)), &shorter));
  co_await tasks.done();
  if (same.accepted()) {
    support.accepted = observed(true);
    if (refused_before) say(fmt::format("{} was refused and then accepted", tls::to_text(version)));
    first_[static_cast<std::size_t>(version)] = std::move(same);
  } else if (shorter.accepted()) {
    support.accepted = observed(true, "takes only a shorter hello");
    first_[static_cast<std::size_t>(version)] = std::move(shorter);
  } else if (refused_before) {
    co_return;
  } else if (same.reply == Reply::alert || shorter.reply == Reply::alert) {
    support.accepted = observed(false, "refused with an alert");
  } else if (same.refused()) {
    support.accepted = observed(false, same.reply == Reply::closed   ? "closed the connection"
                                       : same.reply == Reply::silent ? "did not answer"
                                                                     : same.trouble);
  } else {
    support.accepted = unresolved<bool>(same.trouble.empty() ? "no answer" : same.trouble);
  }
}

net::Task<void> Assessment::confirm_suites(tls::Version version) {
  const Codes before = accepted_suites(version, 1000);
  const bool complete = protocol(version).suites_complete;
  Codes refused(tls::legacy_codes().begin(), tls::legacy_codes().end());
  std::erase_if(refused, [&](std::uint16_t code) { return std::ranges::find(before, code) != before.end(); });

  // All that was refused, in one hello and at once in another, so that two machines would both get one.
  Answer one;
  Answer two;
  Tasks tasks(worker_.wire);
  if (!few_connections()) tasks.start(keep_answer(tls::legacy_hello(version, refused, server_name()), "", &two));
  for (const CipherSuite& suite : protocol(version).suites)
    if (is_bad(suite)) tasks.start(confirm_suite(version, static_cast<std::uint16_t>(suite.code)));
  one = co_await ask(tls::legacy_hello(version, refused, server_name()));
  co_await tasks.done();
  if (!one.accepted() && two.accepted()) std::swap(one, two);
  while (one.accepted()) {
    const std::uint16_t code = one.flight.server_hello()->suite;
    accept_suite(version, code);
    if (complete) say(fmt::format("{} was refused and then accepted in {}", name_of(code), tls::to_text(version)));
    if (std::erase(refused, code) == 0) break;
    one = co_await ask(tls::legacy_hello(version, refused, server_name()));
  }
  if (one.refused()) protocol(version).suites_complete = true;
}

net::Task<void> Assessment::confirm_suite(tls::Version version, std::uint16_t code) {
  const Codes codes = {code};
  const Answer answer = co_await ask(tls::legacy_hello(version, codes, server_name()));
  if (answer.refused())
    say(fmt::format("{} was accepted and then refused in {}", name_of(code), tls::to_text(version)));
}

net::Task<void> Assessment::confirm_groups() {
  Codes refused;
  for (const tls::Group& group : tls::groups())
    if (std::ranges::find(listener.groups, group.code, &NamedGroup::code) == listener.groups.end())
      refused.push_back(group.code);
  const Answer answer = co_await ask(tls::group_hello(refused, server_name()));
  if (answer.reply != Reply::retry) co_return;
  const auto hello = answer.flight.server_hello();
  const tls::Group* group = hello && hello->group ? tls::find_group(*hello->group) : nullptr;
  if (!group) co_return;
  add_group(group->code);
  if (group->is_hybrid()) listener.post_quantum = observed(true);
  say(fmt::format("the group {} was refused and then accepted", group->name));
}

}  // namespace wiretight::endpoint
