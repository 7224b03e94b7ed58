#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <charconv>
#include <fmt/format.h>

#include "core/host.h"
#include "core/text.h"
#include "sources/endpoint/endpoint.h"

namespace wiretight::endpoint {

namespace {

struct Scheme {
  std::string_view name;
  std::uint16_t port;
};
// DAX: 8111 in the clear, 9111 inside TLS.
constexpr Scheme schemes[] = {{"https", 443}, {"http", 80}, {"dax", 8111}, {"daxs", 9111}};

bool is_ipv6(std::string_view host) {
  boost::system::error_code error;
  boost::asio::ip::make_address_v6(std::string(host), error);
  return !error;
}

}  // namespace

Outcome<Target> parse_target(std::string_view text) {
  const std::string shown = sanitise(text, 200);
  const auto wrong = [&](std::string what) -> Outcome<Target> { return failure(std::move(what), shown); };
  Target target{.text = std::string(text)};
  std::string_view rest = text;
  if (const auto mark = rest.find("://"); mark != std::string_view::npos) {
    target.scheme = lower(rest.substr(0, mark));
    const auto* known = std::ranges::find(schemes, target.scheme, &Scheme::name);
    if (known == std::end(schemes))
      return wrong(
          fmt::format("{} is no scheme of an endpoint: https, http, daxs or dax", sanitise(target.scheme, 40)));
    target.port = known->port;
    rest.remove_prefix(mark + 3);
    rest = rest.substr(0, rest.find_first_of("/?#"));
  }
  if (rest.contains('@')) return wrong("an endpoint has no user name in front of its host");

  std::string_view port;
  if (rest.starts_with('[')) {
    const auto end = rest.find(']');
    if (end == std::string_view::npos) return wrong("the bracket of the IPv6 address is not closed");
    target.host = lower(rest.substr(1, end - 1));
    if (!is_ipv6(target.host)) return wrong(fmt::format("{} is no IPv6 address", sanitise(target.host, 60)));
    port = rest.substr(end + 1);
    if (!port.empty() && !port.starts_with(':')) return wrong("only a port may follow the IPv6 address");
  } else {
    const auto colon = rest.find(':');
    if (colon != std::string_view::npos && rest.find(':', colon + 1) != std::string_view::npos)
      return wrong(fmt::format("an IPv6 address stands in brackets: [{}]:443", sanitise(rest, 60)));
    target.host = lower(rest.substr(0, colon));
    if (target.host.ends_with('.')) target.host.pop_back();
    if (target.host.empty()) return wrong("there is no host");
    if (!is_host_name(target.host))
      return wrong(fmt::format("{} is no host name (names beyond ASCII are written in their xn-- form)",
                               sanitise(target.host, 80)));
    if (colon != std::string_view::npos) port = rest.substr(colon);
  }

  if (port.empty()) {
    if (target.scheme.empty())
      return wrong(fmt::format("there is no port: write {0}:443 or https://{0}", sanitise(rest, 80)));
    return target;
  }
  port.remove_prefix(1);
  unsigned number = 0;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (error != std::errc() || end != port.data() + port.size() || number == 0 || number > 65535)
    return wrong(fmt::format("\"{}\" is no port: 1 to 65535", sanitise(port, 20)));
  target.port = static_cast<std::uint16_t>(number);
  target.port_given = true;
  return target;
}

}  // namespace wiretight::endpoint
