#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>
#include <optional>

#include "core/text.h"
#include "net/fingerprint.h"
#include "sources/endpoint/assessment.h"

// The first round: what is here? All of it goes out at once, so that a dead or silent target costs one timeout.
namespace wiretight::endpoint {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

// All that are asked for with a hello of the modern form.
constexpr std::array all_versions = {tls::Version::ssl3, tls::Version::tls10, tls::Version::tls11, tls::Version::tls12,
                                     tls::Version::tls13};

CleartextKind kind_of(http::Kind kind) {
  switch (kind) {
    case http::Kind::none:
      return CleartextKind::none;
    case http::Kind::tls_required:
      return CleartextKind::tls_required;
    case http::Kind::other:
      return CleartextKind::other;
    case http::Kind::http:
      return CleartextKind::http;
    case http::Kind::redirect:
      return CleartextKind::redirect;
    case http::Kind::dynamodb:
      return CleartextKind::dynamodb;
  }
  return CleartextKind::not_tested;
}

CleartextAnswer answer_of(const http::Fingerprint& print) {
  return {.kind = kind_of(print.kind),
          .status = print.status,
          .server = sanitise(print.server),
          .location = sanitise(print.location),
          .score = print.score,
          .signs = print.signs,
          .aws = print.aws,
          .product = print.product,
          .html = print.html};
}

bool speaks_http(CleartextKind kind) {
  return kind == CleartextKind::http || kind == CleartextKind::redirect || kind == CleartextKind::dynamodb;
}

}  // namespace

net::Task<void> Assessment::greet() {
  tls::HandshakeRequest request{.server_name = server_name(), .alpn = {"http/1.1"}, .want_staple = true};
  if (!is_dax(target_.port))
    request.requests = {http::dynamodb_probe(authority(target_.port)), http::get_root(authority(target_.port))};
  request.want_ticket = true;
  greeting_ = co_await shake(std::move(request));
  greeted_ = greeting_.completed();
  if (!greeted_) co_return;
  listener.over_tls = answer_of(http::fingerprint(greeting_.replies));
  if (greeting_.replies.empty()) listener.over_tls.kind = CleartextKind::none;
  listener.strict_transport = observed(
      std::ranges::any_of(greeting_.replies, [](const auto& reply) { return reply.has("strict-transport-security"); }));
  if (greeting_.replies.empty()) listener.strict_transport = unresolved<bool>("no HTTP answer inside TLS");
  if (depth_ != Depth::fast) co_await session_of_tls13();
}

tls::HelloSpec Assessment::first_hello(tls::Version version) const {
  if (version == tls::Version::tls13) return tls::tls13_hello(tls::tls13_codes(), server_name());
  // All suites make a hello of 800 bytes, which every server of today takes; very old ones know none of the newest.
  std::vector<std::uint16_t> codes(tls::common_codes().begin(), tls::common_codes().end());
  codes.insert(codes.end(), tls::uncommon_codes().begin(), tls::uncommon_codes().end());
  tls::HelloSpec spec = tls::legacy_hello(version, codes, server_name());
  if (version == tls::Version::tls12) spec.alpn = {"h2", "http/1.1"};
  return spec;
}

// One try: a target that says nothing to any of these is given up.
net::Task<void> Assessment::ask_version(tls::Version version) {
  tls::HelloSpec spec = first_hello(version);
  Answer answer = co_await endpoint::ask(lane_, target_.port, spec);
  if (answer.accepted()) {
    collect(answer, spec, tls::to_text(version));
    control_ = std::move(spec);
  }
  first_[static_cast<std::size_t>(version)] = std::move(answer);
}

net::Task<void> Assessment::ask_ssl2() {
  const tls::Ssl2Hello hello = tls::ssl2_hello();
  Answer answer = co_await endpoint::ask(lane_, target_.port, hello);
  ProtocolSupport& support = protocol(tls::Version::ssl2);
  if (answer.reply == Reply::ssl2) {
    const auto reply = answer.flight.ssl2_server_hello();
    support.accepted = observed(true, "answered an SSLv2 CLIENT-HELLO");
    for (std::size_t i = 0; i < reply->kind_count(); ++i)
      if (const tls::Suite* suite = tls::find_ssl2_suite(reply->kind(i))) support.suites.push_back(suite_of(*suite));
    support.suites_complete = true;
    if (!reply->certificate.empty()) {
      const std::vector<std::uint8_t> der(reply->certificate.begin(), reply->certificate.end());
      add_chain(std::span(&der, 1), {}, false, true, "SSLv2");
    }
  } else if (answer.reply == Reply::unreachable || answer.reply == Reply::not_asked) {
    support.accepted = unresolved<bool>(answer.trouble);
  } else {
    // Servers without SSLv2 close, alert or say nothing: there is no such thing as an SSLv2 refusal by a TLS stack.
    support.accepted = observed(false, "no SSLv2 SERVER-HELLO");
  }
  first_[0] = std::move(answer);
}

net::Task<http::Exchange> Assessment::exchange(std::uint16_t port, bool* connected,
                                               net::Clock::duration connect_allowance) {
  std::vector<std::string> requests;
  requests.push_back(http::dynamodb_probe(authority(port)));
  requests.push_back(http::get_root(authority(port), true));
  http::Exchange none;
  *connected = false;
  auto seat = co_await lane_.enter();
  if (!seat) co_return none;
  auto socket = co_await net::dial(lane_.wire(), net::Endpoint(lane_.address(), port),
                                   std::chrono::duration_cast<std::chrono::milliseconds>(connect_allowance));
  if (!socket) {
    if (port == target_.port && unreachable_.empty()) unreachable_ = net::to_text(socket.error());
    co_return none;
  }
  *connected = true;
  // On a sibling port nobody promised an answer: silence there must not hold up the rest.
  const auto patience_here = port == target_.port
                                 ? net::Clock::duration(lane_.timeout())
                                 : std::clamp<net::Clock::duration>(8 * lane_.round_trip(), 1500ms, lane_.timeout());
  std::optional<Lane::Hold> hold;
  if (port == target_.port) hold.emplace(lane_);
  http::Exchange result =
      co_await http::exchange(lane_.wire().deadlines, *socket, requests, lane_.deadline(patience_here));
  lane_.bytes += result.received;
  net::hang_up(*socket);
  co_return result;
}

net::Task<void> Assessment::ask_in_the_clear() {
  bool connected = false;
  if (is_dax(target_.port)) {
    co_await ask_dax(target_.port, listener);
    co_return;
  }
  const http::Exchange result =
      co_await exchange(target_.port, &connected, std::min<net::Clock::duration>(lane_.timeout(), 3s));
  if (!connected) co_return;
  listener.cleartext = answer_of(http::fingerprint(result));
  if (speaks_http(listener.cleartext.kind)) co_await opossum(target_.port, listener);
}

net::Task<void> Assessment::ask_sibling(std::uint16_t port) {
  Listener sibling{.target = listener.target,
                   .host = listener.host,
                   .address = listener.address,
                   .port = port,
                   .sni = listener.sni,
                   .sibling = true,
                   .destination = listener.destination,
                   .aws_managed = listener.aws_managed,
                   .observed_at = listener.observed_at,
                   .detector = "http-probe"};
  if (is_dax(port)) {
    co_await ask_dax(port, sibling);
    if (!sibling.dax_cleartext.is(true)) co_return;
  } else {
    bool connected = false;
    // A filtered port drops the SYN: it is given a few round trips, not a whole timeout.
    const auto allowance = lane_.round_trip() == net::Clock::duration::zero()
                               ? net::Clock::duration(1s)
                               : std::clamp<net::Clock::duration>(4 * lane_.round_trip(), 250ms, 2s);
    const http::Exchange result =
        co_await exchange(port, &connected, std::min<net::Clock::duration>(lane_.timeout(), allowance));
    if (!connected) co_return;
    sibling.cleartext = answer_of(http::fingerprint(result));
    if (speaks_http(sibling.cleartext.kind)) co_await opossum(port, sibling);
    if (sibling.cleartext.kind == CleartextKind::tls_required) sibling.tls = observed(true, "wants TLS");
  }
  siblings.push_back(std::move(sibling));
}

// The preface of the cleartext DAX protocol as the SDKs send it (runtime.md 4.4), up to the client mode and without any
// authorisation. An encrypted cluster closes on it; a cleartext one waits for the authorisation that never comes.
net::Task<void> Assessment::ask_dax(std::uint16_t port, Listener& into) {
  using namespace std::string_view_literals;
  static constexpr auto preface = "\x67J7yne5G\x00\x50wiretight-probe!\xA1\x69UserAgent\x69wiretight\x00"sv;
  static_assert(preface.size() == 48);
  auto seat = co_await lane_.enter();
  if (!seat) co_return;
  auto socket = co_await net::dial(lane_.wire(), net::Endpoint(lane_.address(), port), lane_.timeout());
  if (!socket) {
    into.dax_cleartext = socket.error() == net::DialFailure::refused
                             ? observed(false, "the connection was refused")
                             : unresolved<bool>(std::string(net::to_text(socket.error())));
    co_return;
  }
  const net::Deadlines::Watch watch(lane_.wire().deadlines, *socket,
                                    lane_.deadline(std::max<net::Clock::duration>(4 * lane_.round_trip(), 700ms)));
  constexpr auto quietly = asio::as_tuple(asio::use_awaitable);
  co_await asio::async_write(*socket, asio::buffer(preface.data(), preface.size()), quietly);
  std::array<char, 64> buffer;
  auto [error, size] = co_await socket->async_read_some(asio::buffer(buffer), quietly);
  if (!error) {
    const bool alert = size > 0 && buffer[0] == 0x15;
    into.dax_cleartext = alert ? observed(false, "answered the DAX preface with a TLS alert")
                               : unresolved<bool>("answered the DAX preface with bytes that prove nothing");
  } else if (watch.expired()) {
    into.dax_cleartext = observed(true, "took the preface of the cleartext DAX protocol and waits for more");
  } else {
    into.dax_cleartext = observed(false, "closed on the preface of the cleartext DAX protocol");
  }
  net::hang_up(*socket);
}

void Assessment::judge_contact() {
  bool any_tls = greeted_ || protocol(tls::Version::ssl2).accepted.is(true);
  bool any_bytes =
      listener.cleartext.kind != CleartextKind::none && listener.cleartext.kind != CleartextKind::not_tested;
  for (const tls::Version version : all_versions) {
    const Answer& answer = first_[static_cast<std::size_t>(version)];
    ProtocolSupport& support = protocol(version);
    if (answer.accepted()) {
      any_tls = true;
      support.accepted = observed(true);
    } else if (answer.reply == Reply::alert) {
      any_tls = true;
      support.accepted = observed(false, "refused with an alert");
    } else if (answer.reply == Reply::older) {
      any_tls = true;
      support.accepted = observed(false, answer.trouble);
    }
    any_bytes = any_bytes || answer.flight.received() > 0;
    if (unreachable_.empty() && answer.reply == Reply::unreachable) unreachable_ = answer.trouble;
  }
  // Alerts alone prove that TLS is spoken, even when nothing we offered was taken.
  listener.tls = any_tls ? observed(true) : unresolved<bool>("no TLS answer");
  for (const tls::Version version : all_versions) {
    const Answer& answer = first_[static_cast<std::size_t>(version)];
    ProtocolSupport& support = protocol(version);
    if (support.accepted.known()) continue;
    const bool negotiated = greeted_ && greeting_.version == version;
    if (negotiated) {
      support.accepted = observed(true);
    } else if (answer.reply == Reply::violation && any_tls) {
      support.accepted = observed(false, answer.trouble);
    } else {
      // Closing and silence may be a no or an accident: confirm_version asks again.
      support.accepted = unresolved<bool>(answer.trouble.empty() ? "no answer" : answer.trouble);
    }
  }
  if (any_tls) return;

  // No TLS here. Plain HTTP or another protocol is an answer; silence and a closed port are none.
  const bool foreign = std::ranges::any_of(first_, [](const Answer& answer) { return answer.reply == Reply::not_tls; });
  if (speaks_http(listener.cleartext.kind) || (foreign && listener.cleartext.kind != CleartextKind::tls_required) ||
      listener.dax_cleartext.is(true)) {
    listener.tls = observed(false, "answers, but not in TLS");
    for (ProtocolSupport& support : listener.protocols) support.accepted = observed(false, "no TLS on this port");
    return;
  }
  judge_silence(any_bytes);
}

// Nothing here could be assessed: says why.
void Assessment::judge_silence(bool any_bytes) {
  failed = true;
  const auto any = [this](Reply reply) { return std::ranges::find(first_, reply, &Answer::reply) != first_.end(); };
  const auto violation = std::ranges::find(first_, Reply::violation, &Answer::reply);
  if (violation != first_.end())
    failure = fmt::format("the answers violate the protocol of TLS: {}", violation->trouble);
  else if (!unreachable_.empty() && !any_bytes) {
    failure = unreachable_;
    nobody_there_ = failure == net::to_text(net::DialFailure::refused) ||
                    (lane_.address().is_v6() && failure == net::to_text(net::DialFailure::unreachable));
  } else if (listener.cleartext.kind == CleartextKind::tls_required)
    failure = "TLS is wanted here, but no TLS hello is answered";
  else if (any(Reply::silent) && any_bytes)
    failure = "bytes come too slowly: there was no whole answer in time, neither to TLS nor to HTTP";
  else if (any(Reply::silent))
    failure = "connections are accepted and nothing is answered, neither to TLS nor to HTTP";
  else
    failure = "connections are accepted and closed without an answer, neither to TLS nor to HTTP";
}

bool Assessment::all_versions_answered() const {
  return std::ranges::all_of(all_versions, [this](tls::Version version) {
    const Answer& answer = first_[static_cast<std::size_t>(version)];
    return answer.accepted() || answer.reply == Reply::alert || answer.reply == Reply::older;
  });
}

}  // namespace wiretight::endpoint
