#include "sources/trail/tally.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "core/text.h"

namespace wiretight::trail {
namespace {

constexpr std::size_t most_examples = 3;
constexpr std::size_t most_operations = 64;
constexpr std::size_t most_denies = 10'000;
constexpr char between = '\x1f';
constexpr std::string_view others = "(more than could be told apart)";

void widen(std::int64_t& first, std::int64_t& last, std::int64_t from, std::int64_t to) {
  if (from != 0 && (first == 0 || from < first)) first = from;
  last = std::max(last, to);
}

void keep(std::vector<Example>& kept, Example example) {
  const auto at = std::ranges::lower_bound(kept, example);
  // A call that is there twice by its id stands once, where it comes first.
  const auto same = std::ranges::find_if(
      kept, [&](const Example& one) { return one.id.known() && one.id == example.id && one.rank == example.rank; });
  if (same != kept.end()) {
    if (example < *same) *same = std::move(example);
    return;
  }
  if (at == kept.end() && kept.size() >= most_examples) return;
  kept.insert(at, std::move(example));
  if (kept.size() > most_examples) kept.pop_back();
}

// Of too many names the first ones by the alphabet are kept, so that no order of the calls matters.
void count(GroupTotals& group, const std::string& operation, std::uint64_t count) {
  group.operations[operation] += count;
  if (group.operations.size() <= most_operations) return;
  const auto last = std::prev(group.operations.end());
  group.other_operations += last->second;
  group.operations.erase(last);
}

void merge_into(GroupTotals& to, const GroupTotals& from) {
  to.totals.merge(from.totals);
  for (const Example& example : from.examples) keep(to.examples, example);
  for (const auto& [name, number] : from.operations) count(to, name, number);
  to.other_operations += from.other_operations;
  for (const std::string& address : from.addresses) keep_lowest(to.addresses, address);
}

void merge_into(CoverageTotals& to, const CoverageTotals& from) {
  if (to.file.empty() || (!from.file.empty() && std::tie(from.file, from.record) < std::tie(to.file, to.record))) {
    to.file = from.file;
    to.record = from.record;
  }
  to.events.merge(from.events);
  to.management += from.management;
  to.data += from.data;
}

int rank_of(TlsClass tls_class) {
  switch (tls_class) {
    case TlsClass::w1:
      return 0;
    case TlsClass::u4:
      return 1;
    case TlsClass::w2:
      return 2;
    case TlsClass::w3:
      return 3;
    case TlsClass::u3:
      return 4;
    case TlsClass::u5:
      return 5;
    case TlsClass::q1:
      return 6;
    case TlsClass::u2:
      return 7;
    case TlsClass::sound:
      return 8;
    case TlsClass::u1:
      return 9;
  }
  return 9;
}

auto order_of_group(const std::string& key) { return std::tuple(rank_of(class_of(key)), hash64(key), key); }
auto order_of_row(const std::string& key) { return std::tuple(0, hash64(key), key); }

// Leaves the `room` first by `order` and counts the rest under the key that `rest` gives for each. Keys of the rest
// always stay.
template <class Table, class Order, class Rest>
void make_room(Table& table, std::size_t room, Order order, Rest rest) {
  if (table.size() <= room) return;
  std::vector<std::string> keys;
  keys.reserve(table.size());
  for (const auto& [key, value] : table)
    if (rest(key) != key) keys.push_back(key);
  if (keys.size() <= room) return;
  const auto end = keys.begin() + static_cast<std::ptrdiff_t>(room);
  std::ranges::nth_element(keys, end, {}, order);
  for (auto at = end; at != keys.end(); ++at) {
    auto node = table.extract(*at);
    merge_into(table[rest(*at)], node.mapped());
  }
}

template <class Table>
auto& entry(Table& table, std::string_view key) {
  const auto found = table.find(key);
  return found != table.end() ? found->second
                              : table.emplace(std::string(key), typename Table::mapped_type()).first->second;
}

bool is_before(const TransportDeny& one, const TransportDeny& other) {
  return std::tie(one.resource, one.since, one.place) < std::tie(other.resource, other.since, other.place);
}

}  // namespace

void Totals::add(std::int64_t time) {
  ++count;
  widen(first, last, time, time);
}

void Totals::merge(const Totals& other) {
  count += other.count;
  widen(first, last, other.first, other.last);
}

void RepeatedIds::begin_folder(std::string_view folder) {
  if (folder == folder_) return;
  folder_ = folder;
  now_.clear();
  before_.clear();
  count_ = 0;
}

RepeatedIds::Slot& RepeatedIds::slot_of(std::vector<Slot>& table, const Slot& wanted) {
  std::size_t at = mix64(wanted.high ^ mix64(wanted.low)) & (table.size() - 1);
  while (table[at] != Slot{} && table[at] != wanted) at = (at + 1) & (table.size() - 1);
  return table[at];
}

void RepeatedIds::grow() {
  constexpr std::size_t least = 1024;
  constexpr std::size_t most = std::size_t{1} << 20;
  if (now_.size() == most) {
    before_ = std::move(now_);
    now_.assign(most, {});
    count_ = 0;
    return;
  }
  std::vector<Slot> larger(now_.empty() ? least : now_.size() * 2);
  for (const Slot& slot : now_)
    if (slot != Slot{}) slot_of(larger, slot) = slot;
  now_ = std::move(larger);
}

bool RepeatedIds::seen(const EventId& id) {
  if (!id.known()) return false;
  const Slot wanted{.high = id.high, .low = id.low};
  if (count_ * 2 >= now_.size()) grow();
  Slot& slot = slot_of(now_, wanted);
  if (slot == wanted) return true;
  if (!before_.empty() && slot_of(before_, wanted) == wanted) return true;
  slot = wanted;
  ++count_;
  return false;
}

std::string coverage_key(std::string_view account, std::string_view region) {
  std::string key(account.substr(0, 64));
  key += between;
  key += region.substr(0, 64);
  return key;
}

void Tally::add(const Part& part, const std::string& file, RepeatedIds& repeated, const Room& room) {
  std::vector<GroupTotals*> its(part.groups.size());
  std::vector<CoverageTotals*> rows(part.groups.size());
  std::vector<bool> data(part.groups.size());
  std::vector<bool> counted(part.groups.size());
  for (const Row& row : part.rows) {
    CoverageTotals totals{
        .events = {.count = row.events, .first = row.first, .last = row.last}, .file = file, .record = row.record};
    merge_into(entry(coverage, coverage_key(row.account, row.region)), totals);
  }
  for (std::uint32_t number = 0; number < part.groups.size(); ++number) {
    const std::string_view key = part.groups.at(number);
    its[number] = &entry(groups, key);
    const CallGroup fields = group_of(key);
    rows[number] = &entry(coverage, coverage_key(fields.account, fields.region));
    data[number] = fields.data_event;
  }
  std::vector<std::string> names;
  for (std::uint32_t number = 0; number < part.operations.size(); ++number)
    names.push_back(sanitise(part.operations.at(number), most_operations));
  for (const Seen& seen : part.seen) {
    ++dynamodb_events;
    if (repeated.seen(seen.id)) {
      ++duplicates;
      continue;
    }
    counted[seen.group] = true;
    GroupTotals& group = *its[seen.group];
    group.totals.add(seen.time);
    count(group, names[seen.operation], 1);
    ++(data[seen.group] ? rows[seen.group]->data : rows[seen.group]->management);
    if (seen.source_hash != 0) addresses.add(seen.source_hash);
    if (seen.key_hash != 0) access_keys.add(seen.key_hash);
    const std::uint64_t rank =
        seen.id.known() ? mix64(seen.id.low ^ mix64(seen.id.high)) : mix64(hash64(file) + seen.record);
    if (group.examples.size() < most_examples || rank <= group.examples.back().rank)
      keep(group.examples, {.rank = rank, .id = seen.id, .file = file, .record = seen.record});
  }
  // Of a group of nothing but repeated events nothing is kept, also where another file has more of it.
  for (std::uint32_t number = 0; number < part.groups.size(); ++number) {
    if (!counted[number]) continue;
    for (const std::string& address : part.addresses[number]) keep_lowest(its[number]->addresses, address);
  }
  events += part.events;
  denies.insert(denies.end(), part.denies.begin(), part.denies.end());
  if (groups.size() > room.groups + room.groups / 4 || coverage.size() > room.rows + room.rows / 4) settle(room);
}

void Tally::merge(const Tally& other, const Room& room) {
  events += other.events;
  dynamodb_events += other.dynamodb_events;
  duplicates += other.duplicates;
  for (const auto& [key, value] : other.groups) merge_into(groups[key], value);
  for (const auto& [key, value] : other.coverage) merge_into(coverage[key], value);
  addresses.merge(other.addresses);
  access_keys.merge(other.access_keys);
  denies.insert(denies.end(), other.denies.begin(), other.denies.end());
  settle(room);
}

void Tally::settle(const Room& room) {
  // A group of nothing but repeated events is none.
  std::erase_if(groups, [](const auto& group) { return group.second.totals.count == 0; });
  make_room(groups, room.groups, order_of_group, [](const std::string& key) { return overflow_key(class_of(key)); });
  make_room(coverage, room.rows, order_of_row, [](const std::string&) { return coverage_key(others, ""); });
  std::ranges::sort(denies, is_before);
  denies.erase(std::unique(denies.begin(), denies.end(),
                           [](const auto& one, const auto& other) { return !is_before(one, other); }),
               denies.end());
  if (denies.size() > most_denies) denies.resize(most_denies);
}

FactSet Tally::facts(const std::string& target) const {
  FactSet facts;
  std::vector<const Table<GroupTotals>::value_type*> sorted;
  for (const auto& group : groups) sorted.push_back(&group);
  std::ranges::sort(sorted, {}, [](const auto* group) { return std::string_view(group->first); });
  for (const auto* group : sorted) {
    CallGroup fact = group_of(group->first);
    const GroupTotals& totals = group->second;
    fact.target = target;
    fact.count = totals.totals.count;
    fact.first_seen = totals.totals.first;
    fact.last_seen = totals.totals.last;
    for (const auto& [name, number] : totals.operations) fact.operations.push_back({.name = name, .count = number});
    if (totals.other_operations > 0)
      fact.operations.push_back({.name = std::string(others), .count = totals.other_operations});
    for (const std::string& address : totals.addresses)
      if (!address.empty()) fact.addresses.push_back(address);
    std::ranges::sort(fact.addresses);
    for (const Example& example : totals.examples) {
      fact.samples.push_back(
          {.event_id = to_text(example.id), .place = {.file = example.file, .record = example.record}});
    }
    facts.calls.push_back(std::move(fact));
  }
  std::vector<const Table<CoverageTotals>::value_type*> rows;
  for (const auto& row : coverage) rows.push_back(&row);
  std::ranges::sort(rows, {}, [](const auto* row) { return std::string_view(row->first); });
  for (const auto* row : rows) {
    const std::size_t cut = row->first.find(between);
    facts.trail_coverage.push_back({.target = target,
                                    .account = row->first.substr(0, cut),
                                    .region = row->first.substr(cut + 1),
                                    .events = row->second.events.count,
                                    .management_events = row->second.management,
                                    .data_events = row->second.data,
                                    .first_seen = row->second.events.first,
                                    .last_seen = row->second.events.last,
                                    .sample = {.file = row->second.file, .record = row->second.record}});
  }
  facts.transport_denies = denies;
  return facts;
}

}  // namespace wiretight::trail
