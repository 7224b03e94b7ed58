#include "sources/trail/group_key.h"

#include <algorithm>
#include <array>

#include "core/text.h"
#include "sources/suite.h"

namespace wiretight::trail {
namespace {

// Apart by a byte that no field can hold. The class comes first: it decides what is kept when room runs out.
constexpr char between = '\x1f';
constexpr std::string_view others = "(more than could be told apart)";

constexpr std::array fields = {
    &CallGroup::account,        &CallGroup::caller_account, &CallGroup::region,     &CallGroup::service,
    &CallGroup::principal_type, &CallGroup::principal,      &CallGroup::access_key, &CallGroup::sdk,
    &CallGroup::sdk_version,    &CallGroup::vpc_endpoint,   &CallGroup::host,       &CallGroup::tls_version,
    &CallGroup::cipher_suite,   &CallGroup::key_exchange,   &CallGroup::denied_by,  &CallGroup::denied_resource};

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

void append(std::string& key, std::string_view field) {
  constexpr std::size_t longest = 512;
  if (field.size() > longest) {
    std::size_t end = longest;
    while (end > 0 && (static_cast<unsigned char>(field[end]) & 0xc0) == 0x80) --end;  // whole characters
    field = field.substr(0, end);
  }
  const std::size_t at = key.size();
  key += field;
  std::replace_if(key.begin() + static_cast<std::ptrdiff_t>(at), key.end(), is_control, ' ');
  key += between;
}

// What was worked out for `text`, which is remembered. A table that somebody fills with ever new texts starts again.
template <class Value, class Work>
const Value& remembered(std::unordered_map<std::string, Value>& known, std::string_view text, Work work) {
  constexpr std::size_t most = 4096;
  std::string key(text);
  if (const auto found = known.find(key); found != known.end()) return found->second;
  if (known.size() >= most) known.clear();
  Value value = work(text);
  return known.emplace(std::move(key), std::move(value)).first->second;
}

}  // namespace

const Host& GroupKeys::host(std::string_view header) { return remembered(hosts_, header, host_of); }
const Agent& GroupKeys::agent(std::string_view user_agent) { return remembered(agents_, user_agent, agent_of); }

std::string_view GroupKeys::of(const Call& call) {
  if (call.event_source != "dynamodb.amazonaws.com" && call.event_source != "dax.amazonaws.com") return {};
  const Host& asked = host(call.host);
  const Agent& client = agent(call.user_agent);
  class_ = classify(call, asked);
  key_.clear();
  key_ += static_cast<char>('a' + static_cast<int>(class_));
  key_ += is_data_event(call) ? 'd' : 'm';
  append(key_, call.recipient_account.empty() ? call.identity_account : call.recipient_account);
  append(key_, call.identity_account);
  append(key_, call.region);
  append(key_, service_of(call, asked.name));
  append(key_, call.identity_type);
  append(key_, principal_of(call));
  append(key_, access_key_of(call));
  append(key_, client.name);
  append(key_, client.version);
  append(key_, call.vpc_endpoint);
  append(key_, asked.name);
  append(key_, call.tls_version);
  append(key_, call.cipher_suite);
  append(key_, call.key_exchange);
  const std::string_view policy = denied_by(call);
  append(key_, policy);
  append(key_, policy.empty() ? std::string_view() : denied_resource(call));
  return key_;
}

TlsClass class_of(std::string_view key) {
  const int number = key.empty() ? 0 : key.front() - 'a';
  return number >= 0 && number <= static_cast<int>(TlsClass::u5) ? static_cast<TlsClass>(number) : TlsClass::u5;
}

CallGroup group_of(std::string_view key) {
  CallGroup group{.tls_class = class_of(key)};
  if (key.size() < 2) return group;
  group.data_event = key[1] == 'd';
  const std::vector<std::string_view> parts = split(key.substr(2), between);
  for (std::size_t i = 0; i < std::min(parts.size(), fields.size()); ++i) group.*fields.at(i) = parts[i];
  if (const tls::Suite* suite = find_suite(group.cipher_suite)) group.suite = suite_of(*suite);
  return group;
}

std::string overflow_key(TlsClass tls_class) {
  std::string key;
  key += static_cast<char>('a' + static_cast<int>(tls_class));
  key += 'd';
  for (const auto& field : fields) append(key, field == &CallGroup::principal ? others : std::string_view());
  return key;
}

}  // namespace wiretight::trail
