#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "app/configuration.h"

// A configuration is written by whoever may write to a folder that somebody scans.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto configuration = wiretight::parse_configuration(text, "c.yaml");
  if (!configuration) {
    if (configuration.error().what.empty() || !configuration.error().where.starts_with("c.yaml")) std::abort();
    return 0;
  }
  for (const wiretight::Allowance& allowance : configuration->allowances) {
    if (allowance.reason.empty() || allowance.rule.rule.empty()) std::abort();
  }
  return 0;
}
