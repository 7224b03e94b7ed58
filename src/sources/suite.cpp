#include "sources/suite.h"

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

namespace wiretight {
namespace {

using NamedSuite = std::pair<std::string_view, const tls::Suite*>;

std::vector<NamedSuite> by_name() {
  std::vector<NamedSuite> out;
  for (const std::span<const tls::Suite> table : {tls::tls13_suites(), tls::legacy_suites(), tls::ssl2_suites()}) {
    for (const tls::Suite& suite : table) {
      for (const std::string_view name : {suite.name, suite.openssl})
        if (!name.empty()) out.emplace_back(name, &suite);
    }
  }
  // Of two with one name, as SSLv2 and SSL 3.0 have them, the newer protocol's.
  std::ranges::sort(out, {},
                    [](const NamedSuite& named) { return std::pair(named.first, named.second->code > 0xffff); });
  return out;
}

}  // namespace

const tls::Suite* find_suite(std::string_view name) {
  static const std::vector<NamedSuite> names = by_name();
  const auto found = std::ranges::lower_bound(names, name, {}, &NamedSuite::first);
  return found == names.end() || found->first != name ? nullptr : found->second;
}

CipherSuite suite_of(const tls::Suite& suite) {
  return {.code = suite.code,
          .name = std::string(suite.name),
          .key_exchange = std::string(tls::to_text(suite.key_exchange)),
          .authentication = std::string(tls::to_text(suite.authentication)),
          .cipher = std::string(tls::to_text(suite.cipher)),
          .mode = std::string(tls::to_text(suite.mode)),
          .mac = std::string(tls::to_text(suite.mac)),
          .bits = suite.bits,
          .export_grade = suite.is_export(),
          .anonymous = suite.is_anonymous(),
          .forward_secret = suite.is_forward_secret()};
}

}  // namespace wiretight
