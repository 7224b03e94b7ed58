#include "sources/endpoint/merge.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>

namespace wiretight::endpoint {

namespace {

template <class T>
bool same(const Setting<T>& left, const Setting<T>& right) {
  return left.known() == right.known() && (!left.known() || left.value == right.value);
}

bool same(const CleartextAnswer& left, const CleartextAnswer& right) {
  return left.kind == right.kind && left.status == right.status && left.server == right.server &&
         left.location == right.location && left.score == right.score && left.aws == right.aws &&
         left.product == right.product;
}

bool same(const ProtocolSupport& left, const ProtocolSupport& right) {
  return left.version == right.version && same(left.accepted, right.accepted) && left.suites == right.suites &&
         left.suites_complete == right.suites_complete && same(left.server_preference, right.server_preference);
}

bool same(const DhParameters& left, const DhParameters& right) {
  return left.prime_sha256 == right.prime_sha256 && left.export_grade == right.export_grade;
}

bool same(const OcspStaple& left, const OcspStaple& right) { return left.status == right.status; }

bool same(const Chain& left, const Chain& right) {
  const auto by_digest = [](const Certificate& one, const Certificate& other) { return one.sha256 == other.sha256; };
  return left.served_to == right.served_to && left.staple.known() == right.staple.known() &&
         same(left.staple.value, right.staple.value) &&
         std::ranges::equal(left.certificates, right.certificates, by_digest);
}

bool same(const VulnerabilityTest& left, const VulnerabilityTest& right) {
  return left.name == right.name && same(left.vulnerable, right.vulnerable);
}

// A test that had too few samples at one address says nothing about the other.
bool same(const RandomnessTest& left, const RandomnessTest& right) {
  return left.kind == right.kind && left.predictable.is(true) == right.predictable.is(true);
}

template <class T>
bool same(const std::vector<T>& left, const std::vector<T>& right) {
  return std::ranges::equal(left, right, [](const T& one, const T& other) { return same(one, other); });
}

constexpr Setting<bool> Listener::* switches[] = {&Listener::tls_upgrade,
                                                  &Listener::dax_cleartext,
                                                  &Listener::tls,
                                                  &Listener::post_quantum,
                                                  &Listener::fallback_scsv,
                                                  &Listener::downgrade_sentinel,
                                                  &Listener::secure_renegotiation,
                                                  &Listener::client_renegotiation,
                                                  &Listener::insecure_renegotiation,
                                                  &Listener::compression,
                                                  &Listener::extended_master_secret,
                                                  &Listener::encrypt_then_mac,
                                                  &Listener::heartbeat,
                                                  &Listener::session_id_resumption,
                                                  &Listener::ticket_resumption,
                                                  &Listener::early_data,
                                                  &Listener::client_certificate,
                                                  &Listener::large_hello,
                                                  &Listener::strict_transport};

}  // namespace

bool alike(const Listener& left, const Listener& right) {
  return left.port == right.port && left.sni == right.sni && same(left.cleartext, right.cleartext) &&
         same(left.over_tls, right.over_tls) && same(left.protocols, right.protocols) && left.groups == right.groups &&
         same(left.preferred_group, right.preferred_group) && left.signatures == right.signatures &&
         same(left.dh, right.dh) && same(left.chains, right.chains) && left.alpn == right.alpn &&
         same(left.ticket_lifetime, right.ticket_lifetime) && same(left.max_early_data, right.max_early_data) &&
         left.inconsistencies == right.inconsistencies && same(left.vulnerabilities, right.vulnerabilities) &&
         same(left.randomness, right.randomness) &&
         std::ranges::all_of(switches, [&](auto member) { return same(left.*member, right.*member); });
}

std::vector<Listener> merge_addresses(std::vector<Listener> listeners) {
  std::map<std::pair<bool, std::uint16_t>, std::vector<Listener>> ports;
  for (Listener& each : listeners) ports[{each.sibling, each.port}].push_back(std::move(each));

  std::vector<Listener> merged;
  for (auto& [port, seen] : ports) {
    const bool all_alike =
        std::ranges::all_of(seen, [&first = seen.front()](const Listener& each) { return alike(first, each); });
    if (all_alike) seen.resize(1);
    for (Listener& each : seen) {
      each.several_addresses = !all_alike;
      merged.push_back(std::move(each));
    }
  }
  return merged;
}

}  // namespace wiretight::endpoint
