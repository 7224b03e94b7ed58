#include "core/text.h"
#include "embedded/test_certificates.h"
#include "sources/certificate/certificate.h"

namespace wiretight::certificate {

std::string_view known_test(std::string_view sha256) {
  if (sha256.size() != 64) return {};
  for (std::string_view line : split(embedded::test_certificates(), '\n')) {
    if (!line.starts_with(sha256) || line.size() <= sha256.size() || line[sha256.size()] != ',') continue;
    line.remove_prefix(sha256.size() + 1);
    return line.substr(0, line.find(','));
  }
  return {};
}

}  // namespace wiretight::certificate
