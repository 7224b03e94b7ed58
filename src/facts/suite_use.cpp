#include "facts/suite_use.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <string_view>

#include "core/prose.h"

namespace wiretight {

std::vector<SuiteUse> suites_where(const Listener& listener,
                                   bool (*wanted)(const CipherSuite& suite, ProtocolVersion version)) {
  std::vector<const ProtocolSupport*> newest_first;
  for (const ProtocolSupport& support : listener.protocols)
    if (support.accepted.is(true)) newest_first.push_back(&support);
  std::ranges::sort(newest_first, std::ranges::greater{}, &ProtocolSupport::version);

  std::vector<SuiteUse> found;
  for (const ProtocolSupport* support : newest_first) {
    for (const CipherSuite& suite : support->suites) {
      if (!wanted(suite, support->version)) continue;
      auto known = std::ranges::find(found, suite.code, [](const SuiteUse& use) { return use.suite.code; });
      if (known == found.end()) known = found.insert(found.end(), {.suite = suite, .versions = {}});
      known->versions.insert(known->versions.begin(), support->version);
    }
  }
  return found;
}

std::vector<std::string> names_of(const std::vector<SuiteUse>& uses) {
  std::vector<std::string> names;
  for (const SuiteUse& use : uses) names.push_back(use.suite.name);
  return names;
}

std::vector<std::string> versions_of(const std::vector<SuiteUse>& uses) {
  std::vector<ProtocolVersion> versions;
  for (const SuiteUse& use : uses) versions.insert(versions.end(), use.versions.begin(), use.versions.end());
  std::ranges::sort(versions);
  versions.erase(std::ranges::unique(versions).begin(), versions.end());
  std::vector<std::string> names;
  for (ProtocolVersion version : versions) names.emplace_back(to_text(version));
  return names;
}

std::string said(const std::vector<SuiteUse>& uses) {
  return fmt::format("{} in {}", list_of(names_of(uses), 3), list_of(versions_of(uses)));
}

Json shown(const std::vector<SuiteUse>& uses) {
  Json list = Json::array();
  for (const SuiteUse& use : uses) {
    Json versions = Json::array();
    for (ProtocolVersion version : use.versions) versions.push(to_text(version));
    std::string code = use.suite.code > 0xffff ? fmt::format("0x{:06X}", use.suite.code)  // SSLv2 kinds
                                               : fmt::format("0x{:04X}", use.suite.code);
    list.push(Json::object({{"code", std::move(code)},
                            {"name", use.suite.name},
                            {"bits", use.suite.bits},
                            {"versions", std::move(versions)}}));
  }
  return list;
}

bool has_short_blocks(const CipherSuite& suite) {
  constexpr std::array<std::string_view, 7> ciphers = {"3DES", "DES", "IDEA", "RC2", "FORTEZZA", "GOST28147", "MAGMA"};
  return std::ranges::find(ciphers, suite.cipher) != ciphers.end();
}

bool is_cbc(const CipherSuite& suite) { return suite.mode == "CBC"; }

}  // namespace wiretight
