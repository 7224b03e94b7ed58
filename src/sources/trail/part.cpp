#include "sources/trail/part.h"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <utility>

#include "core/hash.h"
#include "core/json.h"
#include "core/text.h"

namespace wiretight::trail {
namespace {

constexpr std::size_t large_part = 32768;

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_guid_form(std::string_view text) {
  constexpr std::size_t length = 36;
  if (text.size() != length) return false;
  for (std::size_t at = 0; at < length; ++at) {
    const bool hyphen = at == 8 || at == 13 || at == 18 || at == 23;
    if (hyphen ? text[at] != '-' : digit(text[at]) < 0) return false;
  }
  return true;
}

// "2024-05-06T07:08:09Z", the form of nearly all records; 0 for any other.
std::int64_t usual_time(std::string_view text) {
  constexpr std::string_view form = "dddd-dd-ddTdd:dd:ddZ";
  if (text.size() != form.size()) return 0;
  std::array<int, 20> digits = {};
  for (std::size_t at = 0; at < form.size(); ++at) {
    if (form[at] == 'd' ? text[at] < '0' || text[at] > '9' : text[at] != form[at]) return 0;
    digits.at(at) = text[at] - '0';
  }
  const auto two = [&](std::size_t at) { return digits.at(at) * 10 + digits.at(at + 1); };
  const std::chrono::year_month_day date(std::chrono::year(two(0) * 100 + two(2)),
                                         std::chrono::month(static_cast<unsigned>(two(5))),
                                         std::chrono::day(static_cast<unsigned>(two(8))));
  if (!date.ok() || two(11) > 23 || two(14) > 59 || two(17) > 60) return 0;
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  return ((days * 24 + two(11)) * 60 + two(14)) * 60 + two(17);
}

// Whether a statement denies what comes without TLS. A list of statements, one alone, values as words or truth.
bool denies_cleartext(const Json& policy) {
  const auto is_false = [](const Json& value) {
    const Json& one = value.is_array() && value.items().size() == 1 ? value.items().front() : value;
    return (one.boolean() != nullptr && !*one.boolean()) ||
           (one.string() != nullptr && lower(*one.string()) == "false");
  };
  const auto denies = [&](const Json& statement) {
    if (statement.text("Effect") != "Deny") return false;
    const Json* condition = statement.find("Condition");
    if (condition == nullptr) return false;
    return std::ranges::any_of(condition->members(), [&](const Json::Member& test) {
      return lower(test.first).starts_with("bool") &&
             std::ranges::any_of(test.second.members(), [&](const Json::Member& key) {
               return lower(key.first) == "aws:securetransport" && is_false(key.second);
             });
    });
  };
  const Json* statements = policy.find("Statement");
  if (statements == nullptr) return false;
  return statements->is_array() ? std::ranges::any_of(statements->items(), denies) : denies(*statements);
}

// The calls that somebody may want to follow up to the machine that made them.
bool is_worth_following(TlsClass tls_class) {
  return tls_class != TlsClass::sound && tls_class != TlsClass::u1 && tls_class != TlsClass::u2;
}

}  // namespace

EventId event_id_from(std::string_view text) {
  if (text.empty()) return {};
  if (!is_guid_form(text)) return {.high = hash64(text, 1), .low = hash64(text, 2) | 1, .guid = false};
  EventId id{.guid = true};
  int count = 0;
  for (const char c : text) {
    if (c == '-') continue;
    std::uint64_t& half = count++ < 16 ? id.high : id.low;
    half = half << 4 | static_cast<std::uint64_t>(digit(c));
  }
  return id;
}

std::string to_text(const EventId& id) {
  if (!id.guid) return {};
  return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", id.high >> 32, id.high >> 16 & 0xffff, id.high & 0xffff,
                     id.low >> 48, id.low & 0xffffffffffff);
}

std::int64_t event_time_from(std::string_view text) {
  if (const std::int64_t time = usual_time(text); time != 0) return time;
  if (const auto time = parse_rfc3339(text)) return *time;
  // "…+0000" of older exports; "2024-05-06 07:08:09.000" of Lake.
  if (text.ends_with("+0000")) text.remove_suffix(5);
  return parse_rfc3339(std::string(text) + "Z").value_or(0);
}

void keep_lowest(Addresses& kept, std::string_view address) {
  constexpr std::size_t longest = 64;
  address = address.substr(0, longest);
  if (address.empty() || std::ranges::find(kept, address) != kept.end()) return;
  const auto rank = [](std::string_view text) { return std::pair(text.empty() ? 1 : 0, hash64(text)); };
  const auto worst = std::ranges::max_element(kept, {}, rank);
  if (rank(address) >= rank(*worst)) return;
  *worst = address;
  // The same addresses stand in the same places, in whatever order they came.
  std::ranges::sort(kept, {}, rank);
}

void Collector::begin(std::string file, Flush flush) {
  file_ = std::move(file);
  flush_ = std::move(flush);
  part_ = {};
  row_ = 0;
}

Part Collector::end() { return std::exchange(part_, {}); }

bool Collector::in_scope(std::string_view account, std::string_view region, std::int64_t time) const {
  if (scope_.from && time < *scope_.from) return false;
  if (scope_.to && time >= *scope_.to) return false;
  if (!scope_.accounts.empty() && std::ranges::find(scope_.accounts, account) == scope_.accounts.end()) return false;
  return scope_.regions.empty() || std::ranges::find(scope_.regions, region) != scope_.regions.end();
}

void Collector::count(std::string_view account, std::string_view region, std::int64_t time, std::uint64_t record) {
  const auto is_it = [&](const Row& row) { return row.account == account && row.region == region; };
  if (row_ >= part_.rows.size() || !is_it(part_.rows[row_])) {
    const auto found = std::ranges::find_if(part_.rows, is_it);
    row_ = static_cast<std::size_t>(found - part_.rows.begin());
    if (found == part_.rows.end()) {
      part_.rows.push_back({.account = std::string(account), .region = std::string(region), .record = record});
    }
  }
  Row& row = part_.rows[row_];
  ++row.events;
  if (time == 0) return;
  if (row.first == 0 || time < row.first) row.first = time;
  row.last = std::max(row.last, time);
}

void Collector::note_deny(const Call& call, std::int64_t time, std::uint64_t record) {
  if (call.event_name != "PutResourcePolicy" || !call.error_code.empty() || !call.policy_resource.starts_with("arn:"))
    return;
  const Outcome<Json> policy = parse_json(call.policy, 32);
  if (!policy || !denies_cleartext(*policy)) return;
  part_.denies.push_back({.policy_type = "resource-based policy",
                          .resource = std::string(call.policy_resource),
                          .place = {.file = file_, .record = record},
                          .since = time});
}

void Collector::take(const Call& call, std::uint64_t record) {
  constexpr std::size_t many_rows = 1024;
  const std::string_view account = call.recipient_account.empty() ? call.identity_account : call.recipient_account;
  const std::string_view key = keys_.of(call);
  const std::int64_t time = event_time_from(call.event_time);
  if (!in_scope(account, call.region, time)) return;
  ++part_.events;
  count(account, call.region, time, record);
  if (!key.empty()) {
    Seen seen{.id = event_id_from(call.event_id), .time = time, .record = record};
    seen.group = part_.groups.add(key);
    seen.operation = part_.operations.add(call.event_name);
    if (part_.addresses.size() < part_.groups.size()) part_.addresses.emplace_back();
    if (is_worth_following(keys_.tls_class())) keep_lowest(part_.addresses[seen.group], call.source_address);
    if (!call.source_address.empty()) seen.source_hash = hash64(call.source_address);
    if (!call.access_key.empty()) seen.key_hash = hash64(call.access_key);
    note_deny(call, time, record);
    part_.seen.push_back(seen);
  }
  if (part_.seen.size() >= large_part || part_.rows.size() >= many_rows) {
    flush_(std::exchange(part_, {}));
    row_ = 0;
  }
}

}  // namespace wiretight::trail
