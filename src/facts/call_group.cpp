#include "facts/call_group.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>

#include "core/prose.h"
#include "core/text.h"

namespace wiretight {
namespace {

// In the order of the enumerators.
constexpr std::array<std::string_view, 10> words = {"W1", "W2", "W3", "Q1", "OK", "U1", "U2", "U3", "U4", "U5"};

Json strings(const std::vector<std::string>& texts) {
  Json out = Json::array();
  for (const std::string& text : texts) out.push(text);
  return out;
}

Json time_or_null(std::int64_t seconds) { return seconds == 0 ? Json() : Json(rfc3339(seconds)); }

}  // namespace

std::string_view to_text(TlsClass tls_class) { return words.at(static_cast<std::size_t>(tls_class)); }

std::optional<TlsClass> tls_class_from(std::string_view text) {
  const auto found = std::ranges::find(words, text);
  if (found == words.end()) return std::nullopt;
  return static_cast<TlsClass>(found - words.begin());
}

Place CallGroup::place() const { return samples.empty() ? Place() : Place(samples.front().place); }

std::string Caller::said() const {
  const CallGroup& group = first();
  std::string out = group.principal.empty() ? "an unnamed principal" : group.principal;
  if (!group.sdk.empty()) {
    out += " with " + group.sdk;
    if (!group.sdk_version.empty()) out += " " + group.sdk_version;
  }
  if (!group.region.empty()) out += " in " + group.region;
  return out;
}

std::string Caller::said_with_suites() const {
  return fmt::format("{} made {} with cipher suites", said(), count_of(count, "call"));
}

std::string Caller::suites() const { return list_of(distinct(&CallGroup::cipher_suite), 3); }

std::string Caller::mend() const {
  const CallGroup& group = first();
  return fmt::format(
      "Find what runs as {}{} (the evidence has addresses and event ids) and update its SDK, runtime or TLS library.",
      group.principal.empty() ? "this principal" : group.principal,
      group.sdk.empty() ? "" : fmt::format(" with {} {}", group.sdk, group.sdk_version));
}

std::vector<std::string> Caller::distinct(std::string CallGroup::* member) const {
  std::vector<std::string> out;
  for (const CallGroup* group : groups)
    if (!(group->*member).empty()) out.push_back(group->*member);
  std::ranges::sort(out);
  out.erase(std::ranges::unique(out).begin(), out.end());
  return out;
}

std::string Caller::identity() const {
  const CallGroup& group = first();
  return fmt::format("{} {} {} {} {} {} {}", group.account, group.region, group.service, group.principal,
                     group.access_key, group.sdk, group.sdk_version);
}

Json Caller::shown() const {
  constexpr std::size_t most_samples = 3;
  const CallGroup& group = first();
  std::map<std::string, std::uint64_t> operations;
  Json samples = Json::array();
  std::vector<std::string> addresses;
  for (const CallGroup* its : groups) {
    for (const NamedCount& one : its->operations) operations[one.name] += one.count;
    for (const SampleCall& sample : its->samples) {
      if (sample.event_id.empty() || samples.items().size() == most_samples) continue;
      samples.push(sample.event_id);
    }
    addresses.insert(addresses.end(), its->addresses.begin(), its->addresses.end());
  }
  std::ranges::sort(addresses);
  addresses.erase(std::ranges::unique(addresses).begin(), addresses.end());
  Json counted = Json::object();
  for (const auto& [name, number] : operations) counted.set(name, number);
  return Json::object({{"account", group.account},
                       {"region", group.region},
                       {"service", group.service},
                       {"principal", group.principal},
                       {"accessKey", group.access_key},
                       {"sdk", group.sdk},
                       {"sdkVersion", group.sdk_version},
                       {"calls", count},
                       {"firstSeen", time_or_null(first_seen)},
                       {"lastSeen", time_or_null(last_seen)},
                       {"hosts", strings(distinct(&CallGroup::host))},
                       {"vpcEndpoints", strings(distinct(&CallGroup::vpc_endpoint))},
                       {"operations", std::move(counted)},
                       {"addresses", strings(addresses)},
                       {"eventIds", std::move(samples)}});
}

namespace {

template <class Wanted>
std::vector<Caller> callers(const std::vector<CallGroup>& calls, Wanted wanted) {
  std::vector<Caller> out;
  std::map<std::vector<std::string_view>, std::size_t> known;
  for (const CallGroup& group : calls) {
    if (!wanted(group)) continue;
    std::vector<std::string_view> who = {group.target,     group.account, group.caller_account,
                                         group.region,     group.service, group.principal,
                                         group.access_key, group.sdk,     group.sdk_version};
    const auto [at, added] = known.emplace(std::move(who), out.size());
    if (added) out.emplace_back();
    out[at->second].add(group);
  }
  return out;
}

ProtocolVersion version_of(std::string_view text) {
  for (const ProtocolVersion version : {ProtocolVersion::ssl2, ProtocolVersion::ssl3, ProtocolVersion::tls10,
                                        ProtocolVersion::tls11, ProtocolVersion::tls13}) {
    if (text == to_text(version)) return version;
  }
  return text == "TLSv1" ? ProtocolVersion::tls10 : ProtocolVersion::tls12;
}

}  // namespace

void Caller::add(const CallGroup& group) {
  groups.push_back(&group);
  count += group.count;
  if (group.first_seen != 0 && (first_seen == 0 || group.first_seen < first_seen)) first_seen = group.first_seen;
  last_seen = std::max(last_seen, group.last_seen);
}

std::vector<Caller> callers_where(const std::vector<CallGroup>& calls, bool (*wanted)(const CallGroup& group)) {
  return callers(calls, wanted);
}

std::vector<Caller> callers_with(const std::vector<CallGroup>& calls,
                                 bool (*wanted)(const CipherSuite& suite, ProtocolVersion version)) {
  return callers(calls, [&](const CallGroup& group) {
    return group.suite && !group.tls_version.empty() && wanted(*group.suite, version_of(group.tls_version));
  });
}

}  // namespace wiretight
