#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>

#include "sources/endpoint/assessment.h"

// Payloads of published vulnerabilities. Each is sent only where its precondition was seen, reads nothing that it need
// not, and is sent twice before it is believed.
namespace wiretight::endpoint {

using namespace std::chrono_literals;

namespace {

using Bytes = std::vector<std::uint8_t>;

}  // namespace

net::Task<bool> Assessment::begin(std::optional<Conversation>* talk, tls::HelloSpec spec) {
  constexpr int most_tries = 3;
  const Bytes session_id = spec.session_id;
  tls::randomise(spec);
  spec.session_id = session_id;
  const Bytes hello = tls::client_hello(spec);
  for (int tries = 0; tries < most_tries; ++tries) {
    talk->emplace(lane_, target_.port);
    const Reply reply = co_await (*talk)->open(hello, tls::Until::server_hello_done);
    if ((*talk)->flight().server_hello()) co_return true;
    if (!is_inconclusive(reply) || reply == Reply::not_asked) break;
    lane_.slow_down();
    co_await net::pause(worker_.wire, 50ms * (1 << tries));
  }
  co_return false;
}

net::Task<void> Assessment::early_change_cipher_spec() {
  const auto version = best_legacy();
  if (!version) co_return;
  // A vulnerable OpenSSL swallows a ChangeCipherSpec that comes too early without a word and dies on the second; a
  // sound one alerts or closes on the first. Node drops the alert, so the judge is "the first was tolerated".
  enum class Seen { sound, tolerated, unclear };
  const auto once = [this, version](std::string* how, net::Clock::duration allowance) -> net::Task<Seen> {
    std::optional<Conversation> talk;
    const bool begun = co_await begin(&talk, tls::legacy_hello(*version, answered_suites(*version), server_name()));
    if (!begun || !talk->flight().saw_server_hello_done()) co_return Seen::unclear;
    Bytes payload;
    tls::append_change_cipher_spec(payload, tls::wire_code(*version));
    if (!co_await talk->send(payload)) co_return Seen::sound;
    // A busy server that is sound looks like a vulnerable one until its alert comes: the second try waits for long.
    Reply reply = co_await talk->read(tls::Until::alert, allowance);
    *how = outcome_of(reply, talk->flight());
    if (reply != Reply::silent) co_return Seen::sound;
    if (!co_await talk->send(payload)) co_return Seen::tolerated;
    reply = co_await talk->read(tls::Until::alert, patience());
    *how = fmt::format("silence to the first ChangeCipherSpec, {} to the second", outcome_of(reply, talk->flight()));
    co_return reply == Reply::silent ? Seen::unclear : Seen::tolerated;
  };
  VulnerabilityTest test{.name = "ccs-injection", .cve = "CVE-2014-0224"};
  std::string how;
  Seen seen = co_await once(&how, patience());
  if (seen != Seen::sound) seen = co_await once(&how, 4 * patience());
  test.observation = how;
  if (seen == Seen::unclear)
    test.vulnerable = unresolved<bool>(how.empty() ? "no handshake to try it in" : how);
  else
    test.vulnerable = observed(seen == Seen::tolerated, how);
  listener.vulnerabilities.push_back(std::move(test));
}

net::Task<void> Assessment::heartbleed() {
  const auto version = best_legacy();
  if (!version || !saw_heartbeat_ || heartbleed_tried_) co_return;
  heartbleed_tried_ = true;
  VulnerabilityTest test{.name = "heartbleed", .cve = "CVE-2014-0160"};
  int answered = 0;
  bool asked = false;
  for (int round = 0; round < 2; ++round) {
    std::optional<Conversation> talk;
    const bool begun = co_await begin(&talk, tls::legacy_hello(*version, answered_suites(*version), server_name()));
    if (!begun || !talk->flight().saw_server_hello_done()) break;
    asked = true;
    Bytes payload;
    tls::append_heartbleed(payload, tls::wire_code(*version));
    co_await talk->send(payload);
    co_await talk->read(tls::Until::heartbeat, patience());
    const auto heartbeat = talk->flight().heartbeat();
    // Any answer to a request that claims more than it carries comes from memory that is not ours.
    if (!heartbeat || heartbeat->type != 2) break;
    ++answered;
    test.observation =
        fmt::format("a heartbeat request without payload was answered with {} bytes", heartbeat->record_payload);
  }
  if (!asked) {
    test.vulnerable = unresolved<bool>("no handshake to try it in");
  } else {
    test.vulnerable = observed(answered == 2);
    if (answered < 2) test.observation = "the malformed heartbeat request was not answered";
  }
  listener.vulnerabilities.push_back(std::move(test));
}

// Needs a ticket and a suite; whichever is known last calls it.
net::Task<void> Assessment::ticketbleed() {
  constexpr std::size_t kept_of_a_ticket = 256;
  std::vector<std::uint16_t> suites = answered_suites(tls::Version::tls12);
  const bool tested = std::ranges::find(listener.vulnerabilities, "ticketbleed", &VulnerabilityTest::name) !=
                      listener.vulnerabilities.end();
  if (ticket_.empty() || suites.empty() || tested) co_return;
  // Without the suite of its session the ticket would not be taken.
  if (std::ranges::find(suites, ticket_suite_) == suites.end()) suites.push_back(ticket_suite_);
  listener.vulnerabilities.push_back({.name = "ticketbleed", .cve = "CVE-2016-9244"});
  VulnerabilityTest test = listener.vulnerabilities.back();
  if (ticket_.size() < kept_of_a_ticket) {
    tls::HelloSpec spec = tls::legacy_hello(tls::Version::tls12, suites, server_name());
    spec.session_ticket = ticket_;
    spec.session_id.assign(16, 0x5a);
    std::optional<Conversation> talk;
    if (co_await begin(&talk, spec)) {
      const auto reply = talk->flight().server_hello();
      const std::size_t leaked = tls::ticketbleed_leak(*reply, spec);
      test.vulnerable = observed(leaked > 0);
      test.observation = leaked > 0 ? fmt::format("a 16-byte session id came back with {} bytes more", leaked)
                                    : "a 16-byte session id came back as it was, or not at all";
    } else {
      test.vulnerable = unresolved<bool>("no answer to a hello with the ticket");
    }
  } else {
    test.vulnerable = unresolved<bool>("the ticket is too long to be sent again");
  }
  *std::ranges::find(listener.vulnerabilities, "ticketbleed", &VulnerabilityTest::name) = std::move(test);
}

// `Upgrade: TLS/1.0` on a port that also speaks plain HTTP lets a man in the middle desynchronise the two (Opossum).
net::Task<void> Assessment::opossum(std::uint16_t port, Listener& into) {
  auto seat = co_await lane_.enter();
  if (!seat) co_return;
  auto socket = co_await net::dial(lane_.wire(), net::Endpoint(lane_.address(), port), lane_.timeout());
  if (!socket) co_return;
  std::vector<std::string> requests;
  requests.push_back(http::upgrade_to_tls(authority(port)));
  const http::Exchange result = co_await http::exchange(lane_.wire().deadlines, *socket, requests, lane_.deadline());
  net::hang_up(*socket);
  constexpr int switching_protocols = 101;
  const http::Response* response = result.response(0);
  if (response)
    into.tls_upgrade = observed(response->status == switching_protocols && response->has("upgrade"),
                                fmt::format("answered with status {}", response->status));
  else
    into.tls_upgrade = unresolved<bool>("no HTTP answer to Upgrade: TLS/1.0");
}

}  // namespace wiretight::endpoint
