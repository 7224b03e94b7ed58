#pragma once

#include <cassert>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/catalogue.h"
#include "engine/rule.h"

// For the tests of rules: facts made by hand, and what one rule says of them.
namespace wiretight::fixture {

inline constexpr std::int64_t day = 86400;
inline constexpr std::int64_t now = 1'800'000'000;  // 2027-01-15

// Speaks TLS at db.example:443, and nothing else is known of it.
inline Listener listener(Destination destination = Destination::public_host) {
  Listener made;
  made.target = "db.example:443";
  made.host = "db.example";
  made.address = "192.0.2.1";
  made.port = 443;
  made.destination = destination;
  made.observed_at = now;
  made.tls = observed(true);
  return made;
}

// DynamoDB as Amazon runs it.
inline Listener amazon() {
  Listener made = listener(Destination::aws_dynamodb);
  made.host = "dynamodb.eu-west-1.amazonaws.com";
  made.aws_managed = true;
  return made;
}

inline ProtocolSupport taking(ProtocolVersion version, std::vector<CipherSuite> suites = {}) {
  return {.version = version, .accepted = observed(true), .suites = std::move(suites)};
}
inline ProtocolSupport refusing(ProtocolVersion version) { return {.version = version, .accepted = observed(false)}; }

// A chain of one sound certificate, for those who ask for the right name.
inline Chain chain(Certificate leaf = {}) {
  if (leaf.sha256.empty()) leaf.sha256 = "11aa";
  if (leaf.subject.empty()) leaf.subject = "CN=db.example";
  if (leaf.not_before == 0) leaf.not_before = now - 10 * day;
  if (leaf.not_after == 0) leaf.not_after = now + 80 * day;
  return {.certificates = {std::move(leaf)},
          .served_to = {"SNI db.example"},
          .for_right_name = true,
          .trusted = observed(true),
          .name_matches = observed(true)};
}

inline Listener serving(Chain chain) {
  Listener made = listener();
  made.chains.push_back(std::move(chain));
  return made;
}

// Two requests with temporary credentials that crossed in the clear on their way to AWS.
inline Flow flow(Destination destination = Destination::aws_dynamodb) {
  Flow made;
  made.target = "dump.pcap";
  made.place = CapturePlace{.file = "dump.pcap", .frame = 4};
  made.service = "dynamodb";
  made.client = "10.0.0.5";
  made.server = "52.94.0.10";
  made.port = 80;
  made.host = "dynamodb.eu-west-1.amazonaws.com";
  made.destination = destination;
  made.signs = {"the target", "the signature"};
  made.key_id = "ASIA…CDEF";
  made.session_tokens = 2;
  made.operations = {{.name = "PutItem", .count = 2}};
  made.tables = {"Music"};
  made.items_written = 2;
  made.requests = made.responses = 2;
  made.connections = 1;
  return made;
}

inline std::vector<Finding> findings_of(std::string_view rule, const FactSet& facts, Profile profile = {}) {
  const Weakness* weakness = find_weakness(rule);
  assert(weakness != nullptr);
  Findings found(std::move(profile));
  found.begin(*weakness);
  weakness->rule->check(facts, found);
  return std::move(found.list());
}

inline std::vector<Finding> findings_of(std::string_view rule, Listener listener, Profile profile = {}) {
  FactSet facts;
  facts.listeners.push_back(std::move(listener));
  return findings_of(rule, facts, std::move(profile));
}

inline std::vector<Finding> findings_of(std::string_view rule, Flow flow, Profile profile = {}) {
  FactSet facts;
  facts.flows.push_back(std::move(flow));
  return findings_of(rule, facts, std::move(profile));
}

}  // namespace wiretight::fixture
