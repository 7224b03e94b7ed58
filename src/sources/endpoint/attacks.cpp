#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <openssl/x509.h>

#include "net/hello/robot.h"
#include "sources/endpoint/assessment.h"

// Payloads of published vulnerabilities. Each is sent only where its precondition was seen, reads nothing that it need
// not, and is sent twice before it is believed.
namespace wiretight::endpoint {

using namespace std::chrono_literals;

namespace {

using Bytes = std::vector<std::uint8_t>;

std::string outcome_of(Reply reply, const tls::Flight& flight) {
  if (reply == Reply::alert && flight.alert()) return fmt::format("alert {}", flight.alert()->description);
  switch (reply) {
    case Reply::alert:
      return "encrypted alert";
    case Reply::closed:
      return "closed";
    case Reply::silent:
      return "silence";
    case Reply::hello:
      return "handshake went on";
    default:
      return "other";
  }
}

}  // namespace

net::Task<void> Assessment::early_change_cipher_spec() {
  const auto version = best_legacy();
  if (!version) co_return;
  // A vulnerable OpenSSL swallows a ChangeCipherSpec that comes too early without a word and dies on the second; a
  // sound one alerts or closes on the first. Node drops the alert, so the judge is "the first was tolerated".
  enum class Seen { sound, tolerated, unclear };
  const auto once = [this, version](std::string* how, net::Clock::duration allowance) -> net::Task<Seen> {
    tls::HelloSpec spec = tls::legacy_hello(*version, accepted_suites(*version), server_name());
    tls::randomise(spec);
    Conversation talk(lane_, target_.port);
    const Bytes hello = tls::client_hello(spec);
    co_await talk.open(hello, tls::Until::server_hello_done);
    if (!talk.flight().saw_server_hello_done()) co_return Seen::unclear;
    Bytes payload;
    tls::append_change_cipher_spec(payload, tls::wire_code(*version));
    if (!co_await talk.send(payload)) co_return Seen::sound;
    // A busy server that is sound looks like a vulnerable one until its alert comes: the second try waits for long.
    Reply reply = co_await talk.read(tls::Until::alert, allowance);
    *how = outcome_of(reply, talk.flight());
    if (reply != Reply::silent) co_return Seen::sound;
    if (!co_await talk.send(payload)) co_return Seen::tolerated;
    reply = co_await talk.read(tls::Until::alert, patience());
    *how = fmt::format("silence to the first ChangeCipherSpec, {} to the second", outcome_of(reply, talk.flight()));
    co_return reply == Reply::silent ? Seen::unclear : Seen::tolerated;
  };
  VulnerabilityTest test{.name = "ccs-injection", .cve = "CVE-2014-0224"};
  std::string how;
  Seen seen = co_await once(&how, patience());
  if (seen == Seen::tolerated) seen = co_await once(&how, 4 * patience());
  test.observation = how;
  if (seen == Seen::unclear)
    test.vulnerable = unresolved<bool>(how.empty() ? "no handshake to try it in" : how);
  else
    test.vulnerable = observed(seen == Seen::tolerated, how);
  listener.vulnerabilities.push_back(std::move(test));
}

net::Task<void> Assessment::heartbleed() {
  const auto version = best_legacy();
  if (!version || !saw_heartbeat_) co_return;
  VulnerabilityTest test{.name = "heartbleed", .cve = "CVE-2014-0160"};
  int answered = 0;
  bool asked = false;
  for (int round = 0; round < 2; ++round) {
    tls::HelloSpec spec = tls::legacy_hello(*version, accepted_suites(*version), server_name());
    tls::randomise(spec);
    Conversation talk(lane_, target_.port);
    const Bytes hello = tls::client_hello(spec);
    co_await talk.open(hello, tls::Until::server_hello_done);
    if (!talk.flight().saw_server_hello_done()) break;
    asked = true;
    Bytes payload;
    tls::append_heartbleed(payload, tls::wire_code(*version));
    co_await talk.send(payload);
    co_await talk.read(tls::Until::heartbeat, patience());
    const auto heartbeat = talk.flight().heartbeat();
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

net::Task<void> Assessment::robot() {
  if (static_rsa_.empty() || rsa_modulus_.empty()) co_return;
  const auto version = best_legacy();
  if (!version) co_return;
  const std::vector<std::uint16_t> suites(static_rsa_.begin(), static_rsa_.end());
  VulnerabilityTest test{.name = "robot", .cve = "CVE-2017-13099"};

  const auto try_vector = [this, version, &suites](tls::RobotVector vector, bool with_finished,
                                                   std::string* outcome) -> net::Task<void> {
    const Bytes plain = tls::robot_plaintext(vector, rsa_modulus_.size(), tls::wire_code(*version));
    const auto encrypted = tls::rsa_public(plain, rsa_modulus_, rsa_exponent_);
    if (!encrypted) co_return;
    tls::HelloSpec spec = tls::legacy_hello(*version, suites, server_name());
    tls::randomise(spec);
    Conversation talk(lane_, target_.port);
    const Bytes hello = tls::client_hello(spec);
    co_await talk.open(hello, tls::Until::server_hello_done);
    if (!talk.flight().saw_server_hello_done()) co_return;
    Bytes payload;
    if (talk.flight().certificate_request()) tls::append_no_certificate(payload, tls::wire_code(*version));
    tls::append_robot(payload, tls::wire_code(*version), *encrypted, with_finished);
    if (!co_await talk.send(payload)) {
      *outcome = "closed";
      co_return;
    }
    const Reply reply = co_await talk.read(tls::Until::alert, patience());
    *outcome = outcome_of(reply, talk.flight());
  };
  using Outcomes = std::array<std::string, tls::robot_vectors.size()>;
  const auto all_vectors = [this, &try_vector](bool with_finished, Outcomes* outcomes) -> net::Task<void> {
    Tasks tasks(worker_.wire);
    for (std::size_t i = 0; i < outcomes->size(); ++i)
      if ((*outcomes)[i].empty()) tasks.start(try_vector(tls::robot_vectors[i], with_finished, &(*outcomes)[i]));
    co_await tasks.done();
  };
  const auto differ = [](const Outcomes& outcomes) {
    return std::ranges::any_of(outcomes, [&](const std::string& each) { return each != outcomes[0]; });
  };
  const auto missing = [](const Outcomes& outcomes) { return std::ranges::any_of(outcomes, &std::string::empty); };

  for (const bool with_finished : {true, false}) {
    Outcomes outcomes;
    co_await all_vectors(with_finished, &outcomes);
    if (missing(outcomes)) co_await all_vectors(with_finished, &outcomes);  // those that were not answered, once more
    if (missing(outcomes)) {
      test.vulnerable = unresolved<bool>("not every padding was answered");
      break;
    }
    if (!differ(outcomes)) {
      test.vulnerable = observed(false);
      test.observation = fmt::format("five paddings, one answer: {}", outcomes[0]);
      continue;
    }
    // A difference must come again, in the same places: timeouts and load balancers differ by chance.
    Outcomes again;
    co_await all_vectors(with_finished, &again);
    if (again == outcomes) {
      test.vulnerable = observed(true);
      test.observation =
          fmt::format("answers follow the padding: {} to a correct one, {} to others", outcomes[0],
                      *std::ranges::find_if(outcomes, [&](const auto& each) { return each != outcomes[0]; }));
      break;
    }
    test.vulnerable = unresolved<bool>("the answers to the five paddings differ, but not in the same way twice");
  }
  listener.vulnerabilities.push_back(std::move(test));
}

// Needs a ticket and a suite; whichever is known last calls it.
net::Task<void> Assessment::ticketbleed() {
  constexpr std::size_t kept_of_a_ticket = 256;
  const std::vector<std::uint16_t> suites = accepted_suites(tls::Version::tls12);
  const bool tested = std::ranges::find(listener.vulnerabilities, "ticketbleed", &VulnerabilityTest::name) !=
                      listener.vulnerabilities.end();
  if (ticket_.empty() || suites.empty() || tested) co_return;
  listener.vulnerabilities.push_back({.name = "ticketbleed", .cve = "CVE-2016-9244"});
  VulnerabilityTest test = listener.vulnerabilities.back();
  if (ticket_.size() < kept_of_a_ticket) {
    tls::HelloSpec spec = tls::legacy_hello(tls::Version::tls12, suites, server_name());
    spec.session_ticket = ticket_;
    spec.session_id.assign(16, 0);
    tls::randomise(spec);
    Conversation talk(lane_, target_.port);
    const Bytes hello = tls::client_hello(spec);
    co_await talk.open(hello, tls::Until::server_hello);
    if (const auto reply = talk.flight().server_hello()) {
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
