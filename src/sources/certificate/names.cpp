#include <algorithm>

#include "core/host.h"
#include "core/text.h"
#include "sources/certificate/certificate.h"

namespace wiretight::certificate {
namespace {

bool dns_name_covers(std::string_view name, std::string_view host) {
  if (!name.starts_with("*.")) return is_host_name(name) && name == host;
  const std::string_view rest = name.substr(1);
  // RFC 9525 leaves "*.com" open; OpenSSL, Node and Java take a star only before two labels and more.
  if (std::ranges::count(rest, '.') < 2 || !is_host_name(rest.substr(1))) return false;
  const std::size_t dot = host.find('.');
  return dot != std::string_view::npos && is_host_name(host.substr(0, dot)) && host.substr(dot) == rest;
}

}  // namespace

bool covers(std::span<const std::string> names, std::string_view host) {
  if (const auto address = parse_address(host))
    return std::ranges::any_of(names, [&](const std::string& name) {
      const auto named = parse_address(name);
      return named && named->v6 == address->v6 && named->bytes == address->bytes;
    });
  std::string asked = lower(host);
  if (asked.ends_with('.')) asked.pop_back();
  return std::ranges::any_of(names, [&](const std::string& name) { return dns_name_covers(lower(name), asked); });
}

}  // namespace wiretight::certificate
