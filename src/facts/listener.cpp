#include "facts/listener.h"

#include <fmt/format.h>

namespace wiretight {

std::string Listener::endpoint() const {
  return host.find(':') == std::string::npos ? fmt::format("{}:{}", host, port) : fmt::format("[{}]:{}", host, port);
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
