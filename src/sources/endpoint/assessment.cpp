#include "sources/endpoint/assessment.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "core/host.h"
#include "core/text.h"

namespace wiretight::endpoint {

using namespace std::chrono_literals;

namespace {

constexpr std::array<std::uint16_t, 8> sibling_ports = {80, 443, 8000, 8043, 4566, 4567, 8111, 9111};
// The short plan of AWS-managed names.
constexpr std::array<std::uint16_t, 2> few_sibling_ports = {80, 443};
constexpr std::array<std::uint16_t, 2> dax_ports = {8111, 9111};
constexpr std::array legacy_versions = {tls::Version::tls12, tls::Version::tls11, tls::Version::tls10,
                                        tls::Version::ssl3};
// A dropped hello is sent so often before it counts as unanswered.
constexpr int most_tries = 8;
// So many hellos that were closed on (or left hanging) between answered ones show that it is the server's way.
constexpr int shown = 3;

bool is_numeric(std::string_view host) { return parse_address(host).has_value(); }

std::string sni_of(const Request& request, const Target& target) {
  if (request.sni == "-") return "";
  if (!request.sni.empty()) return request.sni;
  return is_numeric(target.host) ? "" : target.host;
}

std::int64_t seconds_now() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace

Assessment::Assessment(Worker& worker, Lane& lane, const Request& request, const Target& target, Depth depth)
    : worker_(worker), lane_(lane), request_(request), target_(target), depth_(depth), judge_(worker.trust), first_(6) {
  listener.target = target.text;
  listener.host = target.host;
  listener.address = lane.address().to_string();
  listener.port = target.port;
  listener.sni = sni_of(request, target);
  listener.destination = destination_of(target.host);
  listener.aws_managed = aws_name(target.host).has_value();
  listener.observed_at = seconds_now();
  for (int version = 0; version < 6; ++version)
    listener.protocols.push_back({.version = static_cast<ProtocolVersion>(version)});
}

net::Task<void> Assessment::run() {
  // Whole handshakes and plain HTTP take their time; the hellos decide how it goes on.
  Tasks whole(worker_.wire);
  Tasks hellos(worker_.wire);
  hellos.start(ask_version(tls::Version::tls13));
  for (const tls::Version version : legacy_versions) hellos.start(ask_version(version));
  whole.start(greet());
  whole.start(ask_in_the_clear());
  whole.start(ask_ssl2());
  if (depth_ != Depth::fast) {
    whole.start(sessions_of_tls12());
    whole.start(sessions_by_id());
  }
  if (depth_ == Depth::full) {
    hellos.start(ask_family(tls::KeyExchange::rsa));
    hellos.start(ask_family(tls::KeyExchange::dhe));
  }
  co_await hellos.done();
  if (!all_versions_answered()) co_await whole.done();
  judge_contact();

  Tasks rest(worker_.wire);
  if (request_.siblings) rest.start(ask_siblings());
  if (is_tls()) rest.start(depth_ == Depth::fast ? assess_short() : assess_tls());
  co_await rest.done();
  co_await whole.done();
  if (is_tls() && !greeted_ && !greeting_.version) co_await greet();
  if (is_tls() && depth_ != Depth::fast) {
    if (!other_certificates_asked_) co_await other_certificates();
    co_await signatures();
    if (best_legacy() == tls::Version::tls12) co_await missing_staples();
  }
  finish();
}

net::Task<void> Assessment::assess_tls() {
  Tasks tasks(worker_.wire);
  tasks.start(assess_legacy());
  tasks.start(assess_tls13());
  tasks.start(send_big_hello());
  // What is not accepted yet may be in a moment, when it is confirmed: then run() asks for these.
  if (accepts(tls::Version::tls12)) tasks.start(signatures());
  if (best_legacy()) tasks.start(other_certificates());
  co_await tasks.done();
}

net::Task<void> Assessment::assess_legacy() {
  Tasks versions(worker_.wire);
  for (const tls::Version version : legacy_versions) versions.start(confirm_version(version));
  if (!best_legacy()) co_await versions.done();
  const auto best = best_legacy();
  if (!best) co_return;
  Tasks tasks(worker_.wire);
  tasks.start(curves_of_legacy());
  tasks.start(early_change_cipher_spec());
  tasks.start(heartbleed());
  tasks.start(robot());
  if (!few_connections()) tasks.start(session_by_id_again());
  co_await suites_of_best();
  // A version that was refused at first may have been found meanwhile.
  co_await versions.done();
  for (const tls::Version version : legacy_versions)
    if (accepts(version)) tasks.start(assess_version(version, version == *best));
  co_await tasks.done();
}

// What becomes possible once the suites of a version are known, and for older versions the suites themselves.
net::Task<void> Assessment::assess_version(tls::Version version, bool suites_known) {
  if (!suites_known) co_await suites_of_older(version);
  Tasks tasks(worker_.wire);
  tasks.start(preference_of(version));
  tasks.start(confirm_suites(version));
  tasks.start(fallback(version));
  if (version == best_legacy()) {
    tasks.start(dhe_with_standard_groups());
    // These began earlier where the first round showed what they need.
    tasks.start(heartbleed());
    tasks.start(robot());
    tasks.start(ticketbleed());
  }
  co_await tasks.done();
}

net::Task<void> Assessment::assess_tls13() {
  co_await confirm_version(tls::Version::tls13);
  if (!accepts(tls::Version::tls13)) {
    if (protocol(tls::Version::tls13).accepted.known()) {
      listener.post_quantum = observed(false, "TLS 1.3 is not spoken");
      listener.early_data = observed(false, "TLS 1.3 is not spoken");
    }
    co_return;
  }
  Tasks tasks(worker_.wire);
  tasks.start(suites_of_tls13());
  tasks.start(groups_of_tls13());
  co_await tasks.done();
}

// AWS's own names: nobody but AWS can change what they take, so little is asked and the rest is left alone.
net::Task<void> Assessment::assess_short() {
  Tasks tasks(worker_.wire);
  for (const tls::Version version : legacy_versions)
    if (!protocol(version).accepted.known()) tasks.start(confirm_version(version));
  if (!protocol(tls::Version::tls13).accepted.known()) co_await confirm_version(tls::Version::tls13);
  if (accepts(tls::Version::tls13)) tasks.start(hybrid_groups_of_tls13());
  co_await tasks.done();
}

net::Task<void> Assessment::ask_siblings() {
  Tasks tasks(worker_.wire);
  const auto ask_all = [&](std::span<const std::uint16_t> ports) {
    for (const std::uint16_t port : ports)
      if (port != target_.port) tasks.start(ask_sibling(port));
  };
  if (listener.destination == Destination::aws_dax)
    ask_all(dax_ports);
  else if (depth_ == Depth::fast)
    ask_all(few_sibling_ports);
  else
    ask_all(sibling_ports);
  co_await tasks.done();
}

net::Task<Answer> Assessment::ask(tls::HelloSpec spec, std::string served_to) {
  Answer answer;
  int refused = 0;
  for (int tries = 0; tries < most_tries; ++tries) {
    answer = co_await endpoint::ask(lane_, target_.port, spec);
    if (!is_inconclusive(answer.reply) || answer.reply == Reply::not_asked) break;
    const bool closed = answer.reply == Reply::closed;
    const bool silent = answer.reply == Reply::silent;
    int& seen = closed ? refusals_by_closing_ : refusals_by_hanging_;
    if ((closed || silent) && seen >= shown) answer.settled = true;
    if ((closed || silent) && !answer.settled && control_) {
      tls::HelloSpec good = *control_;
      const Answer control = co_await endpoint::ask(lane_, target_.port, good);
      if (control.reply == Reply::not_asked) break;
      if (control.accepted()) {
        answer.settled = ++refused == 2;
        if (answer.settled) ++seen;
        if (!answer.settled) continue;
      } else {
        refused = 0;
      }
    }
    if (answer.settled) break;
    lane_.slow_down();
    co_await net::pause(worker_.wire, std::min<net::Clock::duration>(50ms * (1 << tries), 1s));
  }
  if (const auto hello = answer.flight.server_hello(); hello && answer.reply == Reply::violation)
    if (std::ranges::find(spec.suites, hello->suite) == spec.suites.end()) unasked_.insert(hello->suite);
  collect(answer, spec, served_to);
  co_return answer;
}

ProtocolSupport& Assessment::protocol(tls::Version version) {
  return listener.protocols[static_cast<std::size_t>(version)];
}

bool Assessment::accepts(tls::Version version) const {
  return listener.protocols[static_cast<std::size_t>(version)].accepted.is(true);
}

bool Assessment::is_tls() const { return listener.tls.is(true); }

// SSLv2 has hellos of its own and does not count.
std::optional<tls::Version> Assessment::best_legacy() const {
  for (const tls::Version version : legacy_versions)
    if (accepts(version)) return version;
  return std::nullopt;
}

// DAX speaks a protocol of its own: no HTTP is sent to it.
bool Assessment::is_dax(std::uint16_t port) const {
  if (port == target_.port && (target_.scheme == "dax" || target_.scheme == "daxs")) return true;
  return listener.destination == Destination::aws_dax && std::ranges::find(dax_ports, port) != dax_ports.end();
}

std::string Assessment::authority(std::uint16_t port) const {
  const bool overridden = !request_.sni.empty() && request_.sni != "-";
  const std::string& host = overridden ? request_.sni : target_.host;
  const std::string name = host.find(':') == std::string::npos ? host : fmt::format("[{}]", host);
  return port == 80 || port == 443 ? name : fmt::format("{}:{}", name, port);
}

void Assessment::gap(std::string place, std::string message) {
  const std::string where = place.empty() ? listener.endpoint() : fmt::format("{} {}", listener.endpoint(), place);
  gaps.push_back({.target = listener.target, .place = where, .message = std::move(message)});
}

net::Clock::duration Assessment::patience() const {
  return std::clamp<net::Clock::duration>(6 * lane_.round_trip(), 500ms, 1500ms);
}

void Assessment::say(std::string inconsistency) {
  if (std::ranges::find(listener.inconsistencies, inconsistency) == listener.inconsistencies.end())
    listener.inconsistencies.push_back(std::move(inconsistency));
}

// A server that answers with what was not offered proves nothing by answering with it when it was.
void Assessment::drop_unasked() {
  for (const std::uint16_t code : unasked_) {
    const tls::Suite* suite = tls::find_suite(code);
    const std::string name = suite ? std::string(suite->name) : fmt::format("the suite 0x{:04x}", code);
    gap("", fmt::format("the answers violate the protocol of TLS: {} was chosen and had not been offered", name));
  }
  for (ProtocolSupport& support : listener.protocols) {
    if (support.version == ProtocolVersion::ssl2) continue;
    const auto dropped = std::erase_if(support.suites, [this](const CipherSuite& suite) {
      return unasked_.contains(static_cast<std::uint16_t>(suite.code));
    });
    if (dropped > 0 && support.suites.empty())
      support.accepted = unresolved<bool>("answered only with suites that had not been offered");
  }
}

void Assessment::finish() {
  if (lane_.refusal() == Refusal::out_of_connections)
    gap("", fmt::format("the assessment was cut off after {} connections", lane_.connections()));
  if (lane_.refusal() == Refusal::out_of_time) gap("", "the assessment was cut off because it took too long");
  if (failed) {
    if (lane_.refusal() == Refusal::none) gap("", failure);
    sort_all();
    return;
  }
  if (listener.tls.is(false) && listener.cleartext.kind != CleartextKind::dynamodb &&
      listener.cleartext.kind != CleartextKind::redirect && !listener.dax_cleartext.is(true))
    gap("", listener.cleartext.kind == CleartextKind::http
                ? "answers plain HTTP, not like DynamoDB, and no TLS: nothing here could be assessed"
                : "answers neither TLS nor HTTP: nothing here could be assessed");
  if (is_tls()) {
    drop_unasked();
    judge_renegotiation();
    const bool full = depth_ != Depth::fast;
    bool accepted = false;
    bool certified = false;
    for (const ProtocolSupport& support : listener.protocols) {
      accepted = accepted || support.accepted.is(true);
      if (!support.accepted.known() && unasked_.empty()) gap(to_text(support.version), "neither accepted nor refused");
      if (!support.accepted.is(true)) continue;
      if (full && !support.suites_complete)
        gap(to_text(support.version), "some cipher suites were neither accepted nor refused");
      certified =
          certified || support.suites.empty() || std::ranges::any_of(support.suites, [](const CipherSuite& suite) {
            return suite.authentication != "anon" && suite.authentication != "PSK";
          });
    }
    if (!accepted && unasked_.empty()) gap("", "TLS is spoken, but every hello was refused");
    if (accepted && certified && listener.chains.empty()) gap("certificate", "no certificate was shown");
    if (full && sentinels_seen_ + sentinels_missing_ > 0 && accepts(tls::Version::tls13))
      listener.downgrade_sentinel = observed(sentinels_missing_ == 0);
    if (!listener.client_certificate.known() && !listener.chains.empty()) listener.client_certificate = observed(false);
    listener.randomness = randomness_.test();
  }
  sort_all();
  tell();
}

void Assessment::judge_renegotiation() {
  if (renegotiation_info_seen_ + renegotiation_info_missing_ > 0)
    listener.secure_renegotiation = observed(renegotiation_info_missing_ == 0);
  const bool only_tls13 = accepts(tls::Version::tls13) && !best_legacy();
  if (only_tls13) {
    listener.secure_renegotiation = observed(true, "TLS 1.3 has no renegotiation");
    listener.client_renegotiation = observed(false, "TLS 1.3 has no renegotiation");
  }
  if (listener.secure_renegotiation.is(true))
    listener.insecure_renegotiation = observed(false);
  else if (listener.secure_renegotiation.is(false) && listener.client_renegotiation.known())
    listener.insecure_renegotiation = observed(listener.client_renegotiation.is(true));
}

// Nothing may depend on the order in which answers came.
void Assessment::sort_all() {
  const auto place = [](const CipherSuite& suite) {
    const tls::Suite* known = tls::find_suite(static_cast<std::uint16_t>(suite.code));
    const int rank = known && known->rank > 0 ? known->rank : 255;
    return std::pair(rank, suite.code);
  };
  for (ProtocolSupport& support : listener.protocols) {
    // What the server chose out of all stands first, the rest in the order of the tables.
    const bool chosen = support.server_preference.is(true) && !support.suites.empty();
    std::sort(support.suites.begin() + (chosen ? 1 : 0), support.suites.end(),
              [&](const CipherSuite& left, const CipherSuite& right) { return place(left) < place(right); });
  }
  std::ranges::sort(listener.groups, {}, &NamedGroup::code);
  std::ranges::sort(listener.signatures, {},
                    [](const SignatureScheme& scheme) { return std::pair(scheme.version, scheme.code); });
  std::ranges::sort(listener.chains, {}, [](const Chain& chain) {
    return std::pair(!chain.for_right_name, chain.certificates.empty() ? "" : chain.certificates[0].sha256);
  });
  for (Chain& chain : listener.chains) std::ranges::sort(chain.served_to);
  std::ranges::sort(listener.alpn);
  std::ranges::sort(listener.dh, {},
                    [](const DhParameters& dh) { return std::tuple(dh.bits, dh.prime_sha256, dh.export_grade); });
  std::ranges::sort(listener.vulnerabilities, {}, &VulnerabilityTest::name);
  std::ranges::sort(listener.inconsistencies);
  std::ranges::sort(siblings, {}, &Listener::port);
  std::ranges::sort(gaps, {}, [](const Gap& each) { return std::pair(each.place, each.message); });
}

void Assessment::tell() {
  if (!is_tls()) return;
  std::vector<std::string> accepted;
  for (const ProtocolSupport& support : listener.protocols)
    if (support.accepted.is(true)) accepted.emplace_back(to_text(support.version));
  looked_at.push_back(fmt::format("SSLv2 to TLSv1.3: {} accepted", accepted.empty() ? "none" : join(accepted, ", ")));
  if (depth_ == Depth::fast) {
    looked_at.emplace_back("an AWS-managed name: cipher suites, sessions and vulnerabilities were not asked for");
    return;
  }
  for (const ProtocolSupport& support : listener.protocols) {
    if (!support.accepted.is(true) || support.version == ProtocolVersion::ssl2) continue;
    const std::size_t offered =
        support.version == ProtocolVersion::tls13 ? tls::tls13_codes().size() : tls::legacy_codes().size();
    looked_at.push_back(fmt::format("{}: {} cipher suites offered, {} accepted", to_text(support.version), offered,
                                    support.suites.size()));
  }
  looked_at.push_back(fmt::format("groups: {} offered, {} accepted", tls::groups().size(), listener.groups.size()));
  looked_at.push_back(fmt::format("certificate chains: {}", listener.chains.size()));
}

}  // namespace wiretight::endpoint
