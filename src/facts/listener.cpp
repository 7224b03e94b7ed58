#include "facts/listener.h"

#include <fmt/format.h>
#include <variant>

namespace wiretight {

std::string Listener::endpoint() const {
  return host.find(':') == std::string::npos ? fmt::format("{}:{}", host, port) : fmt::format("[{}]:{}", host, port);
}

Place Listener::place() const {
  if (!std::holds_alternative<std::monostate>(seen_at)) return seen_at;
  return EndpointPlace{.endpoint = endpoint(), .address = several_addresses ? address : ""};
}

const ProtocolSupport* Listener::protocol(ProtocolVersion version) const {
  for (const ProtocolSupport& support : protocols)
    if (support.version == version) return &support;
  return nullptr;
}

bool Listener::accepts(ProtocolVersion version) const {
  const ProtocolSupport* support = protocol(version);
  return support != nullptr && support->accepted.is(true);
}

}  // namespace wiretight
