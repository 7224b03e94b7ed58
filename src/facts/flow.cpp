#include "facts/flow.h"

#include <fmt/format.h>

namespace wiretight {

std::string Flow::destination_text() const {
  const std::string& name = host.empty() ? server : host;
  if (through_proxy) return name;  // the port is the proxy's
  return name.find(':') == std::string::npos ? fmt::format("{}:{}", name, port) : fmt::format("[{}]:{}", name, port);
}

}  // namespace wiretight
