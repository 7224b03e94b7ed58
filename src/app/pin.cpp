#include "app/pin.h"

#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <fmt/format.h>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "app/page.h"
#include "core/host.h"
#include "core/json.h"
#include "core/prose.h"
#include "core/text.h"
#include "embedded/pin_sdks.h"
#include "engine/catalogue.h"
#include "engine/markdown.h"
#include "net/dial.h"
#include "net/handshake.h"
#include "report/clean.h"
#include "report/ink.h"
#include "sources/certificate/judge.h"
#include "sources/endpoint/endpoint.h"

namespace wiretight {
namespace {

std::string endpoint_of(const PinTarget& target) {
  return target.host.find(':') == std::string::npos ? fmt::format("{}:{}", target.host, target.port)
                                                    : fmt::format("[{}]:{}", target.host, target.port);
}

// The certificates that one address presents, or why there are none.
net::Task<Outcome<tls::HandshakeResult>> meet(net::Wire& wire, tls::Context& context, net::Endpoint to,
                                              const tls::HandshakeRequest& request, std::chrono::milliseconds timeout) {
  std::expected<net::Socket, net::DialFailure> socket = co_await net::dial(wire, to, timeout);
  if (!socket) co_return failure(std::string(net::to_text(socket.error())));
  tls::HandshakeResult result =
      co_await tls::handshake(wire.deadlines, *socket, request, net::Clock::now() + timeout, context);
  net::hang_up(*socket);
  if (result.chain.empty()) {
    co_return failure(result.completed()
                          ? "the server presented no certificate"
                          : fmt::format("no handshake: {}", result.why.empty() ? to_text(result.end) : result.why));
  }
  co_return result;
}

struct Met {
  std::string address = {};
  tls::HandshakeResult handshake = {};
};

net::Task<Outcome<Met>> meet_any(net::Wire& wire, const PinTarget& target, const PinRequest& request) {
  const auto addresses = co_await net::resolve(wire, target.host, request.ip_version, request.timeout);
  if (!addresses) co_return failure(addresses.error().what, target.host);
  tls::Context context;
  tls::HandshakeRequest hello{.server_name = request.sni.empty() ? target.host : request.sni == "-" ? "" : request.sni};
  std::vector<std::string> reasons;
  for (const auto& address : *addresses) {
    Outcome<tls::HandshakeResult> result =
        co_await meet(wire, context, net::Endpoint(address, target.port), hello, request.timeout);
    if (result) co_return Met{.address = address.to_string(), .handshake = std::move(*result)};
    reasons.push_back(addresses->size() == 1 ? result.error().what
                                             : fmt::format("{} ({})", result.error().what, address.to_string()));
  }
  co_return failure(fmt::format("nobody presents a certificate: {}", join(reasons, "; ")), endpoint_of(target));
}

// The topmost authority that was presented.
const Certificate* top_authority(const Chain& chain) {
  for (auto one = chain.certificates.rbegin(); one != chain.certificates.rend(); ++one) {
    if (one->authority) return &*one;
  }
  return nullptr;
}

std::string replaced(std::string text, std::string_view mark, std::string_view value) {
  for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + value.size())) {
    text.replace(at, mark.size(), value);
  }
  return text;
}

// The page of the SDKs with the pins of this server put in.
std::string filled_in(std::string_view text, const Pins& pins) {
  std::string out(text);
  out = replaced(std::move(out), "{pin}", pins.recommended().empty() ? "PIN" : pins.recommended());
  out = replaced(std::move(out), "{backup}", "BACKUP-PIN");
  out = replaced(std::move(out), "{leaf}", pins.chain.certificates.front().pin);
  return replaced(std::move(out), "{host}", pins.target.host);
}

// "trusted", "not trusted: …", "not known: …"
std::string trust_of(const Chain& chain) {
  if (chain.trusted.is(true)) return "the chain ends at a root that this machine trusts";
  const std::string why = chain.trust_error.empty() ? chain.trusted.why : chain.trust_error;
  const std::string_view how =
      chain.trusted.known() ? "the chain is not trusted" : "whether the chain is trusted is not known";
  return why.empty() ? std::string(how) : fmt::format("{}: {}", how, why);
}

Json truth(const Setting<bool>& setting) { return setting.known() ? Json(setting.value) : Json(); }

}  // namespace

Outcome<PinTarget> parse_pin_target(const std::string& name) {
  const bool has_port =
      name.find("://") != std::string::npos || (name.find(':') != std::string::npos && !name.ends_with(']'));
  Outcome<endpoint::Target> target = endpoint::parse_target(has_port ? name : name + ":443");
  if (!target) return failure(target.error().what, name);
  return PinTarget{.host = target->host, .port = target->port};
}

Outcome<Pins> fetch_pins(const PinTarget& target, const PinRequest& request, std::int64_t now) {
  net::Pace pace(std::nullopt);
  net::Wire wire(pace);
  std::optional<Outcome<Met>> met;
  boost::asio::co_spawn(wire.io, meet_any(wire, target, request),
                        [&](const std::exception_ptr& thrown, Outcome<Met> outcome) {
                          if (thrown) std::rethrow_exception(thrown);
                          met = std::move(outcome);
                        });
  wire.io.run();
  if (!*met) return std::unexpected(met->error());

  const certificate::TrustStore trust =
      request.trust.empty() ? certificate::TrustStore() : certificate::TrustStore(request.trust, "");
  certificate::Judge judge(trust);
  Pins pins{.target = target, .address = (*met)->address, .at = now};
  pins.chain = judge.judge({.chain = (*met)->handshake.chain, .host = target.host, .at = now});
  if (pins.chain.certificates.empty())
    return failure("what the server presents are no X.509 certificates", endpoint_of(target));
  return pins;
}

std::string Pins::recommended() const {
  if (!warnings().empty()) return {};
  const Certificate* authority = top_authority(chain);
  return authority != nullptr ? authority->pin : chain.certificates.front().pin;
}

std::vector<std::string> Pins::warnings() const {
  std::vector<std::string> out;
  if (!chain.trusted.is(true)) out.push_back(trust_of(chain));
  if (!chain.name_matches.is(true)) out.push_back(fmt::format("the certificate is not for {}", target.host));
  const Certificate& leaf = chain.certificates.front();
  if (at > leaf.not_after) out.push_back(fmt::format("the certificate expired on {}", utc_date(leaf.not_after)));
  if (at < leaf.not_before)
    out.push_back(fmt::format("the certificate is not valid before {}", utc_date(leaf.not_before)));
  return out;
}

std::string pins_text(const Pins& pins, const report::ConsoleStyle& style) {
  using report::Ink;
  std::string out =
      fmt::format("{}  {}\n", report::paint(Ink::strong, endpoint_of(pins.target), style.color), pins.address);
  const std::vector<std::string> warnings = pins.warnings();
  if (warnings.empty()) out += fmt::format("  {}, and the name matches\n", trust_of(pins.chain));
  for (const std::string& warning : warnings) {
    out += report::paint(Ink::bad, fmt::format("  Warning: {}.", report::clean(warning)), style.color) + "\n";
  }
  if (!warnings.empty()) out += report::paint(Ink::bad, "  Do not pin what you have not verified.", style.color) + "\n";

  const std::string recommended = pins.recommended();
  for (const Certificate& one : pins.chain.certificates) {
    out += fmt::format("\n  {}\n", report::paint(Ink::strong, report::clean(one.subject), style.color));
    out += fmt::format("    {}, valid from {} to {}, {}\n", one.authority ? "authority" : "server",
                       utc_date(one.not_before), utc_date(one.not_after),
                       one.self_signed ? "signed by itself" : "issued by " + report::clean(one.issuer));
    out += fmt::format("    sha256/{}{}\n", one.pin,
                       !recommended.empty() && one.pin == recommended ? "   <- pin this one, with a backup" : "");
  }
  const Outcome<Page> page = split_page(embedded::pin_sdks());
  if (!page) return out;
  for (const PageSection& section : page->sections) {
    out += heading_line(section.title, style) + body_lines(filled_in(section.body, pins), style);
  }
  return out;
}

std::string pins_json(const Pins& pins) {
  Json certificates = Json::array();
  for (const Certificate& one : pins.chain.certificates) {
    certificates.push(Json::object({{"subject", report::clean(one.subject)},
                                    {"issuer", report::clean(one.issuer)},
                                    {"notBefore", rfc3339(one.not_before)},
                                    {"notAfter", rfc3339(one.not_after)},
                                    {"authority", one.authority},
                                    {"sha256", one.sha256},
                                    {"pin", "sha256/" + one.pin}}));
  }
  Json warnings = Json::array();
  for (const std::string& warning : pins.warnings()) warnings.push(report::clean(warning));
  const std::string recommended = pins.recommended();
  return Json::object({{"schema", "wiretight/1"},
                       {"tool", Json::object({{"name", "wiretight"}, {"version", version()}})},
                       {"endpoint", endpoint_of(pins.target)},
                       {"address", pins.address},
                       {"trusted", truth(pins.chain.trusted)},
                       {"nameMatches", truth(pins.chain.name_matches)},
                       {"warnings", std::move(warnings)},
                       {"recommended", recommended.empty() ? Json() : Json("sha256/" + recommended)},
                       {"certificates", std::move(certificates)}})
             .dump(2) +
         "\n";
}

}  // namespace wiretight
