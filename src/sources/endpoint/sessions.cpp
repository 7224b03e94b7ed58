#include <algorithm>
#include <optional>

#include "sources/endpoint/assessment.h"

// What takes a whole handshake: resumption, tickets, renegotiation; and the certificates that others are shown.
namespace wiretight::endpoint {

namespace {

// TLS 1.2 and 1.3 have tickets of their own: one yes is a yes.
void yes_wins(Setting<bool>& setting, bool value, std::string why = "") {
  if (!setting.known() || (value && setting.is(false))) setting = observed(value, std::move(why));
}

void longest_wins(Setting<std::uint32_t>& setting, std::optional<std::uint32_t> value) {
  if (value && (!setting.known() || setting.value < *value)) setting = observed(*value);
}

}  // namespace

net::Task<tls::HandshakeResult> Assessment::shake(tls::HandshakeRequest request, std::string served_to) {
  const bool staple_asked = request.want_staple;
  tls::HandshakeResult result = co_await shake_once(request, served_to, staple_asked);
  // wolfSSL 5.5 builds the OCSP request itself when it is asked for a staple, and hangs up when it cannot.
  const bool hung_up = result.end == tls::HandshakeEnd::closed || result.end == tls::HandshakeEnd::reset;
  if (!request.want_staple || result.version || !hung_up) co_return result;
  request.want_staple = false;
  co_return co_await shake_once(std::move(request), std::move(served_to), staple_asked);
}

net::Task<tls::HandshakeResult> Assessment::shake_once(tls::HandshakeRequest request, std::string served_to,
                                                       bool staple_asked) {
  tls::HandshakeResult result;
  result.end = tls::HandshakeEnd::timed_out;
  auto seat = co_await lane_.enter();
  if (!seat) co_return result;
  const auto begun = net::Clock::now();
  auto socket = co_await net::dial(lane_.wire(), net::Endpoint(lane_.address(), target_.port),
                                   std::min<std::chrono::milliseconds>(lane_.timeout(), std::chrono::seconds(3)));
  if (!socket) {
    lane_.note_trouble();
    result.why = net::to_text(socket.error());
    if (unreachable_.empty()) unreachable_ = result.why;
    co_return result;
  }
  const auto connected = net::Clock::now();
  std::optional<Lane::Hold> hold;
  if (!request.requests.empty() || request.want_ticket || request.renegotiate) hold.emplace(lane_);
  request.patience = std::chrono::duration_cast<std::chrono::milliseconds>(patience());
  result = co_await tls::handshake(worker_.wire.deadlines, *socket, request, lane_.deadline(), worker_.context);
  net::hang_up(*socket);
  hold.reset();
  lane_.bytes += result.received;
  if (result.version) lane_.note_answer(connected - begun, result.to_hello);
  if (served_to.empty() && result.version) served_to = tls::to_text(*result.version);
  collect(result, served_to, staple_asked);
  co_return result;
}

net::Task<void> Assessment::sessions_of_tls12() {
  tls::HandshakeRequest request{.server_name = server_name(), .max = tls::Version::tls12, .want_staple = true};
  request.want_ticket = true;
  request.renegotiate = true;
  tls::HandshakeResult first = co_await shake(std::move(request));
  if (!first.completed()) {
    const std::string why = first.why.empty() ? "no whole handshake up to TLS 1.2 could be made" : first.why;
    listener.client_renegotiation = unresolved<bool>(why);
    co_return;
  }
  switch (first.renegotiation) {
    case tls::Renegotiation::completed:
      listener.client_renegotiation = observed(true);
      break;
    case tls::Renegotiation::refused:
      listener.client_renegotiation = observed(false, "refused");
      break;
    case tls::Renegotiation::closed:
      listener.client_renegotiation = observed(false, "the connection was closed");
      break;
    case tls::Renegotiation::timed_out:
      listener.client_renegotiation = observed(false, "not answered");
      break;
    case tls::Renegotiation::not_tried:
      break;
  }
  if (!first.ticket_received) {
    yes_wins(listener.ticket_resumption, false, "no ticket came");
    co_return;
  }
  longest_wins(listener.ticket_lifetime, first.ticket_lifetime);
  ticket_ = first.ticket;
  ticket_suite_ = first.suite;
  Tasks tasks(worker_.wire);
  tasks.start(ticketbleed());
  if (first.session) {
    tls::HandshakeRequest again{.server_name = server_name(), .max = tls::Version::tls12};
    again.resume = first.session.get();
    const tls::HandshakeResult second = co_await shake(std::move(again));
    if (second.completed()) yes_wins(listener.ticket_resumption, second.resumed);
  }
  co_await tasks.done();
}

// Without tickets a session is resumed by its id, from the memory of the server. A cache of few places that many
// handshakes share forgets at once (NSS selfserv): a no is asked for twice. Where connections are cheap run() has the
// second try begin a round after the first.
net::Task<void> Assessment::sessions_by_id() {
  const bool tried = co_await session_by_id();
  if (tried && few_connections() && !listener.session_id_resumption.is(true)) co_await session_by_id();
}

net::Task<void> Assessment::session_by_id_again() { co_await session_by_id(); }

// Makes a session and offers it again. False where there was none to offer.
net::Task<bool> Assessment::session_by_id() {
  tls::HandshakeRequest request{.server_name = server_name(), .max = tls::Version::tls12};
  request.want_ticket = true;
  request.offer_tickets = false;
  const tls::HandshakeResult first = co_await shake(std::move(request));
  if (!first.completed()) co_return false;
  if (!first.session || first.session_id.empty()) {
    yes_wins(listener.session_id_resumption, false, "no session id came");
    co_return false;
  }
  if (listener.session_id_resumption.is(true)) co_return false;
  // The ServerHello of a resumed session repeats the id, and no certificate follows: no need to shake hands again.
  tls::HelloSpec spec = tls::legacy_hello(*first.version, std::span(&first.suite, 1), server_name());
  spec.session_ticket.reset();
  spec.session_id = first.session_id;
  std::optional<Conversation> talk;
  if (!co_await begin(&talk, std::move(spec))) co_return false;
  const bool same_id = std::ranges::equal(talk->flight().server_hello()->session_id, first.session_id);
  yes_wins(listener.session_id_resumption, same_id && !talk->flight().certificates());
  co_return true;
}

net::Task<void> Assessment::session_of_tls13() {
  if (!greeted_ || greeting_.version != tls::Version::tls13) co_return;
  if (!greeting_.ticket_received) {
    yes_wins(listener.ticket_resumption, false, "no ticket came");
    listener.early_data = observed(false, "no ticket came");
    co_return;
  }
  longest_wins(listener.ticket_lifetime, greeting_.ticket_lifetime);
  if (greeting_.max_early_data) {
    listener.max_early_data = observed(*greeting_.max_early_data);
    listener.early_data = observed(*greeting_.max_early_data > 0, "as the ticket says");
  }
  if (!greeting_.session) co_return;
  tls::HandshakeRequest request{.server_name = server_name()};
  request.resume = greeting_.session.get();
  if (request_.intrusive && greeting_.max_early_data.value_or(0) > 0)
    request.early_data = http::dynamodb_probe(authority(target_.port), true);
  const tls::HandshakeResult second = co_await shake(std::move(request));
  if (!second.completed()) co_return;
  yes_wins(listener.ticket_resumption, second.resumed);
  if (second.early_data_accepted) listener.early_data = observed(*second.early_data_accepted, "early data was sent");
}

// Hand-built hellos ask for no staple (net/hello/spec.h says why). Chains that only they were shown are asked for one
// by a whole handshake of a client that gets them.
net::Task<void> Assessment::missing_staples() {
  Tasks tasks(worker_.wire);
  const auto whole = [this](std::string suites, std::string served_to) -> net::Task<void> {
    tls::HandshakeRequest request{.server_name = server_name(), .max = tls::Version::tls12};
    request.suites = std::move(suites);
    request.want_staple = true;
    co_await shake(std::move(request), std::move(served_to));
  };
  const auto missing = [this](std::string_view algorithm) {
    return std::ranges::any_of(listener.chains, [&](const Chain& chain) {
      return chain.for_right_name && !chain.staple.known() && !chain.certificates.empty() &&
             chain.certificates[0].key_algorithm == algorithm;
    });
  };
  if (missing("EC")) tasks.start(whole("aECDSA", "ECDSA clients"));
  if (missing("RSA")) tasks.start(whole("aRSA", "RSA clients"));
  co_await tasks.done();
}

// The certificates that a server keeps for other clients: without SNI, with a name it does not know, and for clients
// that take only the other kind of key.
net::Task<void> Assessment::other_certificates() {
  other_certificates_asked_ = true;
  Tasks tasks(worker_.wire);
  const auto hello = [this](tls::HelloSpec spec, std::string served_to) -> net::Task<void> {
    co_await ask(std::move(spec), std::move(served_to));
  };
  const auto whole = [this](std::string name, std::string schemes, std::string served_to) -> net::Task<void> {
    tls::HandshakeRequest request{
        .server_name = std::move(name), .signature_schemes = std::move(schemes), .want_staple = true};
    co_await shake(std::move(request), std::move(served_to));
  };
  const bool in_the_clear = best_legacy().has_value();
  const tls::Version version = best_legacy().value_or(tls::Version::tls12);
  const bool has_name = !server_name().empty();
  static constexpr std::string_view strange = "wiretight-probe.invalid";
  if (in_the_clear) {
    if (version == tls::Version::tls12) {
      tasks.start(hello(tls::ecdsa_only_hello(server_name()), "ECDSA clients"));
      tasks.start(hello(tls::rsa_only_hello(server_name()), "RSA clients"));
    }
    if (has_name) tasks.start(hello(tls::legacy_hello(version, tls::common_codes(), ""), "no SNI"));
    tasks.start(hello(tls::legacy_hello(version, tls::common_codes(), strange), "wrong SNI"));
  } else if (greeted_) {
    tasks.start(whole(server_name(), "ECDSA+SHA256:ECDSA+SHA384:ECDSA+SHA512:ed25519", "ECDSA clients"));
    tasks.start(whole(server_name(), "RSA-PSS+SHA256:RSA-PSS+SHA384:RSA-PSS+SHA512", "RSA clients"));
    if (has_name) tasks.start(whole("", "", "no SNI"));
    tasks.start(whole(std::string(strange), "", "wrong SNI"));
  }
  co_await tasks.done();
}

// A client that falls back says so (RFC 7507); a server that could do better must stop it. Only the version just below
// the newest is asked for.
net::Task<void> Assessment::fallback(tls::Version version) {
  const bool tls13 = accepts(tls::Version::tls13);
  const auto newer = [this, version](tls::Version other) { return other > version && accepts(other); };
  const int between = static_cast<int>(newer(tls::Version::tls10)) + static_cast<int>(newer(tls::Version::tls11)) +
                      static_cast<int>(newer(tls::Version::tls12)) + static_cast<int>(tls13);
  if (between != 1 || accepted_suites(version).empty()) co_return;
  Setting<bool> stopped;
  for (int round = 0; round < 2; ++round) {
    tls::HelloSpec spec = tls::legacy_hello(version, accepted_suites(version), server_name());
    spec.fallback_scsv = true;
    const Answer answer = co_await ask(std::move(spec));
    constexpr std::uint8_t inappropriate_fallback = 86;
    const auto alert = answer.flight.alert();
    if (answer.reply == Reply::alert && alert && alert->description == inappropriate_fallback)
      stopped = observed(true);
    else if (answer.accepted())
      stopped = observed(false, "a hello that calls itself a fallback was answered");
    else if (answer.refused())
      stopped = observed(true, "refused, though not with inappropriate_fallback");
    else
      stopped = unresolved<bool>("no answer to a hello with the fallback mark");
    // A bad answer must come twice.
    if (!stopped.is(false)) break;
  }
  listener.fallback_scsv = stopped;
}

}  // namespace wiretight::endpoint
