#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "require.h"
#include "sources/trail/classify.h"
#include "sources/trail/user_agent.h"

// What clients write themselves: the user agent and the host.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const wiretight::trail::Agent agent = wiretight::trail::agent_of(text);
  const auto is_plain = [](char c) { return c > ' ' && c < 0x7f && c != '"' && c != '=' && c != '<'; };
  for (const std::string& part : {agent.name, agent.version}) {
    require(part.size() <= 64);
    require(std::ranges::all_of(part, is_plain));
  }
  require(wiretight::trail::host_of(text).name.size() <= size);
  wiretight::trail::is_legacy_suite(text);
  wiretight::trail::denied_by({.error_code = "AccessDenied", .error_message = text});
  return 0;
}
