#include "sources/capture/tally.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <tuple>
#include <utility>

#include "core/text.h"
#include "sources/capture/dynamodb.h"
#include "sources/certificate/judge.h"
#include "sources/key_exchange.h"
#include "sources/suite.h"

namespace wiretight::capture {
namespace {

constexpr std::size_t most_sightings = 4096;
constexpr std::size_t most_servers = 1024;
constexpr std::size_t most_chains = 8;  // of one server
constexpr std::size_t most_tables = 16;
constexpr std::size_t most_operations = 64;

std::string key_of(const Sighting& sighting) {
  const Flow& flow = sighting.flow;
  return fmt::format("{}|{}|{}|{}|{}|{}|{}|{}", static_cast<int>(flow.protocol), flow.service, flow.client, flow.server,
                     flow.port, flow.host, flow.through_proxy, sighting.key_id);
}

// An AWS name on the internet, or one that only AWS gives out inside a VPC. Behind the private address of another name
// a proxy may answer as well.
bool is_amazons(std::string_view name, std::string_view address) {
  const auto aws = aws_name(name);
  if (!aws) return false;
  const Destination there = destination_of(address);
  return there == Destination::public_host ||
         (there == Destination::private_network && (aws->vpc_endpoint || aws->service == "dax"));
}

// What the wire says counts beside what the client meant to reach: nothing on this machine left it, whatever its name,
// and a private name that was reached over the internet is no private network.
Destination reached_by(const Flow& flow) {
  const Destination there = destination_of(flow.server);
  if (there == Destination::loopback || flow.host.empty()) return there;
  const Destination named = destination_of(flow.host);
  if (aws_name(flow.host) || (flow.through_proxy && named != Destination::unknown)) return named;
  return there;
}

// As they were first seen; by what tells them apart where one segment began several.
auto order_of(const Sighting& sighting) {
  const Flow& flow = sighting.flow;
  return std::tie(flow.first_frame, flow.service, flow.host, flow.client, sighting.key_id);
}

void add_outcome(std::vector<HandshakeOutcome>& outcomes, const HandshakeOutcome& added) {
  for (HandshakeOutcome& outcome : outcomes) {
    if (outcome.version != added.version || outcome.suite != added.suite || outcome.group != added.group ||
        outcome.offered != added.offered || outcome.post_quantum_offered != added.post_quantum_offered)
      continue;
    outcome.count += added.count;
    return;
  }
  outcomes.push_back(added);
}

void add_alert(std::vector<AlertSeen>& alerts, const AlertSeen& added) {
  for (AlertSeen& alert : alerts) {
    if (alert.description != added.description || alert.from_client != added.from_client) continue;
    alert.count += added.count;
    return;
  }
  alerts.push_back(added);
}

void merge(Sighting& into, const Sighting& from) {
  Flow& flow = into.flow;
  const Flow& other = from.flow;
  into.signs |= from.signs;
  if (flow.region.empty()) flow.region = other.region;
  if (flow.user_agent.empty()) flow.user_agent = other.user_agent;
  flow.session_tokens += other.session_tokens;
  flow.basic_credentials += other.basic_credentials;
  for (const NamedCount& operation : other.operations) add_count(flow.operations, operation.name, operation.count);
  add_tables(flow.tables, other.tables);
  flow.items_written += other.items_written;
  flow.items_returned += other.items_returned;
  flow.requests += other.requests;
  flow.responses += other.responses;
  flow.request_bytes += other.request_bytes;
  flow.response_bytes += other.response_bytes;
  for (const HandshakeOutcome& outcome : other.handshakes) add_outcome(flow.handshakes, outcome);
  for (const AlertSeen& alert : other.alerts) add_alert(flow.alerts, alert);
  flow.connections += other.connections;
  if (other.first_frame < flow.first_frame) {
    flow.first_frame = other.first_frame;
    flow.place = other.place;
  }
  flow.last_frame = std::max(flow.last_frame, other.last_frame);
  flow.first_seen = std::min(flow.first_seen, other.first_seen);
  flow.last_seen = std::max(flow.last_seen, other.last_seen);
}

template <class Item, class Same>
void add_once(std::vector<Item>& items, Item item, Same same) {
  if (std::ranges::none_of(items, [&](const Item& other) { return same(other, item); }))
    items.push_back(std::move(item));
}

void set_once(Setting<bool>& setting, bool value) {
  if (!setting.known()) setting = observed(value);
}

// What the readable part of a handshake says of the server that led it. Only what was chosen is known: the rest of the
// server's lists stays unresolved.
void learn(Listener& listener, const tls::ServerHello& hello, const tls::Flight& flight) {
  const auto wire_version = tls::version_of(hello.version);
  if (!wire_version) return;
  const auto version = static_cast<ProtocolVersion>(*wire_version);
  auto support = std::ranges::find(listener.protocols, version, &ProtocolSupport::version);
  if (support == listener.protocols.end())
    support = listener.protocols.insert(support, {.version = version, .accepted = observed(true)});
  const tls::Suite* suite = tls::find_suite(hello.suite);
  if (suite != nullptr)
    add_once(support->suites, suite_of(*suite),
             [](const CipherSuite& one, const CipherSuite& other) { return one.code == other.code; });
  const auto same_group = [](const NamedGroup& one, const NamedGroup& other) { return one.code == other.code; };
  if (hello.is_tls13()) {
    if (hello.group) add_once(listener.groups, group_of(*hello.group), same_group);
  } else {
    if (hello.compression != 0) listener.compression = observed(true);
    if (const auto exchange = flight.server_key_exchange()) {
      if (exchange->group != 0) add_once(listener.groups, group_of(exchange->group), same_group);
      if (auto dh = dh_of(*exchange, suite, version))
        add_once(listener.dh, std::move(*dh), [](const DhParameters& one, const DhParameters& other) {
          return one.prime_sha256 == other.prime_sha256 && one.export_grade == other.export_grade;
        });
    }
    if (flight.certificate_request()) set_once(listener.client_certificate, true);
  }
  if (std::ranges::any_of(listener.groups, &NamedGroup::post_quantum)) set_once(listener.post_quantum, true);
}

}  // namespace

void add_count(std::vector<NamedCount>& counts, std::string_view name, std::uint64_t count) {
  const auto known = std::ranges::find(counts, name, &NamedCount::name);
  if (known != counts.end()) {
    known->count += count;
  } else if (counts.size() < most_operations) {
    counts.push_back({.name = std::string(name), .count = count});
  }
}

void add_tables(std::vector<std::string>& tables, const std::vector<std::string>& more) {
  for (const std::string& table : more)
    if (tables.size() < most_tables && std::ranges::find(tables, table) == tables.end()) tables.push_back(table);
}

void Tally::add(Sighting sighting) {
  auto [entry, is_new] = by_key_.try_emplace(key_of(sighting), sightings_.size());
  if (!is_new) return merge(sightings_[entry->second], sighting);
  if (sightings_.size() == most_sightings) {
    by_key_.erase(entry);
    ++overflowed_;
    return;
  }
  sightings_.push_back(std::move(sighting));
}

void Tally::add_server(const ServerSeen& seen, const tls::Flight& flight) {
  const auto hello = flight.server_hello();
  const auto ssl2 = flight.ssl2_server_hello();
  if (!hello && !ssl2) return;
  auto served = std::ranges::find_if(servers_, [&](const Served& other) {
    return other.listener.host == seen.name && other.listener.port == seen.port;
  });
  if (served == servers_.end()) {
    if (servers_.size() == most_servers) {
      ++overflowed_;
      return;
    }
    served = servers_.insert(served, Served{});
    Listener& listener = served->listener;
    listener.host = listener.sni = seen.name;
    listener.address = seen.address;
    listener.port = seen.port;
    listener.destination = destination_of(seen.name);
    listener.aws_managed = is_amazons(seen.name, seen.address);
    listener.detector = "pcap";
    listener.seen_at = seen.place;
    listener.tls = observed(true);
  }
  served->listener.observed_at = std::max(served->listener.observed_at, seen.at / 1000);
  if (hello) learn(served->listener, *hello, flight);
  if (ssl2)
    add_once(served->listener.protocols, {.version = ProtocolVersion::ssl2, .accepted = observed(true)},
             [](const ProtocolSupport& one, const ProtocolSupport& other) { return one.version == other.version; });
  add_chain(*served, flight, seen.at / 1000);
}

void Tally::add_chain(Served& served, const tls::Flight& flight, std::int64_t at) {
  const auto certificates = flight.certificates();
  if (!certificates || certificates->empty() || served.chains.size() == most_chains) return;
  Shown shown{.at = at};
  for (const tls::Bytes der : *certificates) shown.chain.emplace_back(der.begin(), der.end());
  if (const auto staple = flight.certificate_status()) shown.staple.assign(staple->begin(), staple->end());
  for (Shown& known : served.chains) {
    if (known.chain != shown.chain) continue;
    known.at = std::max(known.at, at);
    return;
  }
  served.chains.push_back(std::move(shown));
}

// Certificates are judged at the time of the capture, against the roots that this machine trusts today.
void Tally::judge_chains(Served& served) {
  if (served.chains.empty()) return;
  const certificate::TrustStore trust;
  certificate::Judge judge(trust);
  for (const Shown& shown : served.chains) {
    served.listener.chains.push_back(
        judge.judge({.chain = shown.chain, .staple = shown.staple, .host = served.listener.host, .at = shown.at}));
    served.listener.chains.back().for_right_name = true;
    served.listener.chains.back().served_to.push_back("SNI " + served.listener.host);
  }
}

Tally::Result Tally::result(const std::string& target) {
  Result result{.overflowed = overflowed_};
  // HTTP/2 is only told by what else goes on with the server: whether it is DynamoDB's, and whether an emulator's.
  std::map<std::string, std::string> emulators;  // by server; empty for a real one
  for (Sighting& sighting : sightings_) {
    Flow& flow = sighting.flow;
    if (flow.protocol == FlowProtocol::http2) continue;
    if (flow.protocol != FlowProtocol::tls)
      flow.emulator = emulator_sign(flow.host, flow.server, flow.port, flow.region, sighting.key_id);
    emulators.try_emplace(flow.server, flow.emulator);
  }

  std::ranges::sort(sightings_,
                    [](const Sighting& one, const Sighting& other) { return order_of(one) < order_of(other); });
  for (Sighting& sighting : sightings_) {
    Flow& flow = sighting.flow;
    if (flow.protocol == FlowProtocol::http2) {
      const auto server = emulators.find(flow.server);
      if (server == emulators.end()) {
        result.http2_elsewhere += flow.connections;
        continue;
      }
      flow.emulator = server->second;
    }
    flow.target = target;
    if (flow.protocol == FlowProtocol::http) flow.signs = words_of(sighting.signs);
    if (!sighting.key_id.empty()) flow.key_id = mask_key_id(sighting.key_id);
    flow.documentation_key = is_documentation_key(sighting.key_id);
    flow.destination = reached_by(flow);
    std::ranges::sort(flow.operations, [](const NamedCount& one, const NamedCount& other) {
      return one.count != other.count ? one.count > other.count : one.name < other.name;
    });
    std::ranges::sort(flow.tables);
    result.flows.push_back(std::move(flow));
  }
  for (Served& served : servers_) {
    judge_chains(served);
    served.listener.target = target;
    std::ranges::sort(served.listener.protocols, {}, &ProtocolSupport::version);
    result.listeners.push_back(std::move(served.listener));
  }
  return result;
}

}  // namespace wiretight::capture
