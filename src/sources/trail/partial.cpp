#include "sources/trail/partial.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <set>
#include <simdjson.h>
#include <tuple>
#include <utility>

#include "core/digest.h"
#include "core/json.h"
#include "core/text.h"

namespace wiretight::trail {
namespace {

constexpr std::string_view form = "wiretight-trail/1";
constexpr std::size_t most_gaps = 10'000;

// --- writing ---

std::string in_quotes(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

std::string number(std::uint64_t value) { return fmt::format("\"{:016x}\"", value); }

std::string text_of(const Totals& totals) { return fmt::format("[{},{},{}]", totals.count, totals.first, totals.last); }

std::string text_of(const Example& example) {
  return fmt::format("[{},{},{},{},{},{}]", number(example.rank), number(example.id.high), number(example.id.low),
                     example.id.guid, in_quotes(example.file), example.record);
}

template <class Items, class Write>
std::string list(const Items& items, Write write) {
  std::string out;
  for (const auto& item : items) {
    if (!out.empty()) out += ',';
    out += write(item);
  }
  return out;
}

std::string text_of(const std::string& key, const GroupTotals& group) {
  std::vector<std::string> addresses;
  std::ranges::copy_if(group.addresses, std::back_inserter(addresses), [](const auto& one) { return !one.empty(); });
  std::ranges::sort(addresses);
  return fmt::format(
      "{{\"key\":{},\"totals\":{},\"operations\":{{{}}},\"otherOperations\":{},\"addresses\":[{}],\"examples\":[{}]}}",
      in_quotes(key), text_of(group.totals),
      list(group.operations, [](const auto& one) { return fmt::format("{}:{}", in_quotes(one.first), one.second); }),
      group.other_operations, list(addresses, [](const auto& one) { return in_quotes(one); }),
      list(group.examples, [](const Example& one) { return text_of(one); }));
}

std::string text_of(const std::string& key, const CoverageTotals& row) {
  return fmt::format("{{\"key\":{},\"events\":{},\"management\":{},\"data\":{},\"file\":{},\"record\":{}}}",
                     in_quotes(key), text_of(row.events), row.management, row.data, in_quotes(row.file), row.record);
}

std::string text_of(const Sketch& sketch) {
  const auto& registers = sketch.registers();
  return in_quotes(hex({reinterpret_cast<const char*>(registers.data()), registers.size()}));
}

std::string text_of(const TransportDeny& deny) {
  return fmt::format("[{},{},{},{},{}]", in_quotes(deny.policy_type), in_quotes(deny.resource),
                     in_quotes(deny.place.file), deny.place.record, deny.since);
}

template <class Value>
std::string sorted(const Tally::Table<Value>& table) {
  std::vector<const typename Tally::Table<Value>::value_type*> entries;
  for (const auto& entry : table) entries.push_back(&entry);
  std::ranges::sort(entries, {}, [](const auto* entry) { return std::string_view(entry->first); });
  return list(entries, [](const auto* entry) { return text_of(entry->first, entry->second); });
}

// --- reading: whatever is missing or of another type counts as nothing, and the whole is held against its own text ---

using simdjson::dom::element;

std::uint64_t count_in(const element& value) {
  std::uint64_t out = 0;
  return value.get(out) == simdjson::SUCCESS ? out : 0;
}
std::int64_t time_in(const element& value) {
  std::int64_t out = 0;
  return value.get(out) == simdjson::SUCCESS ? out : 0;
}
std::string text_in(const element& value) {
  std::string_view out;
  return value.get(out) == simdjson::SUCCESS ? std::string(out) : std::string();
}
std::uint64_t number_in(const element& value) {
  const std::string digits = text_in(value);
  constexpr int hexadecimal = 16;
  std::uint64_t out = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), out, hexadecimal);
  return out;
}

std::vector<element> items_in(const element& value) {
  std::vector<element> out;
  simdjson::dom::array items;
  if (value.get(items) != simdjson::SUCCESS) return out;
  for (const element item : items) out.push_back(item);
  return out;
}

template <class Take>
void members_of(const element& value, Take take) {
  simdjson::dom::object members;
  if (value.get(members) != simdjson::SUCCESS) return;
  for (const auto [key, member] : members) take(key, member);
}

Totals totals_in(const element& value) {
  const std::vector<element> items = items_in(value);
  if (items.size() != 3) return {};
  return {.count = count_in(items[0]), .first = time_in(items[1]), .last = time_in(items[2])};
}

Example example_in(const element& value) {
  const std::vector<element> items = items_in(value);
  if (items.size() != 6) return {};
  bool guid = false;
  if (items[3].get(guid) != simdjson::SUCCESS) guid = false;
  return {.rank = number_in(items[0]),
          .id = {.high = number_in(items[1]), .low = number_in(items[2]), .guid = guid},
          .file = text_in(items[4]),
          .record = count_in(items[5])};
}

void read_group(const element& value, Tally& tally) {
  std::string key;
  GroupTotals group;
  members_of(value, [&](std::string_view name, const element& member) {
    if (name == "key") key = text_in(member);
    if (name == "totals") group.totals = totals_in(member);
    if (name == "operations") {
      members_of(member, [&](std::string_view operation, const element& its) {
        group.operations[std::string(operation)] = count_in(its);
      });
    }
    if (name == "otherOperations") group.other_operations = count_in(member);
    if (name == "addresses") {
      for (const element& address : items_in(member)) keep_lowest(group.addresses, text_in(address));
    }
    if (name == "examples") {
      for (const element& example : items_in(member)) group.examples.push_back(example_in(example));
    }
  });
  tally.groups[key] = std::move(group);
}

void read_row(const element& value, Tally& tally) {
  std::string key;
  CoverageTotals row;
  members_of(value, [&](std::string_view name, const element& member) {
    if (name == "key") key = text_in(member);
    if (name == "events") row.events = totals_in(member);
    if (name == "management") row.management = count_in(member);
    if (name == "data") row.data = count_in(member);
    if (name == "file") row.file = text_in(member);
    if (name == "record") row.record = count_in(member);
  });
  tally.coverage[key] = std::move(row);
}

void read_sketch(const element& value, Sketch& sketch) {
  const std::string digits = text_in(value);
  if (digits.size() != 2 * Sketch::size) return;
  for (std::size_t at = 0; at < Sketch::size; ++at)
    std::from_chars(digits.data() + 2 * at, digits.data() + 2 * at + 2, sketch.registers()[at], 16);
}

void read_deny(const element& value, Tally& tally) {
  const std::vector<element> items = items_in(value);
  if (items.size() != 5) return;
  tally.denies.push_back({.policy_type = text_in(items[0]),
                          .resource = text_in(items[1]),
                          .place = {.file = text_in(items[2]), .record = count_in(items[3])},
                          .since = time_in(items[4])});
}

void read_member(std::string_view name, const element& value, Partial& partial) {
  Tally& tally = partial.tally;
  if (name == "version") partial.version = text_in(value);
  if (name == "scope") partial.scope = text_in(value);
  if (name == "events") tally.events = count_in(value);
  if (name == "dynamodbEvents") tally.dynamodb_events = count_in(value);
  if (name == "duplicates") tally.duplicates = count_in(value);
  if (name == "addresses") read_sketch(value, tally.addresses);
  if (name == "accessKeys") read_sketch(value, tally.access_keys);
  if (name == "folders") {
    members_of(value, [&](std::string_view folder, const element& its) {
      const std::vector<element> items = items_in(its);
      if (items.size() != 3) return;
      partial.folders[std::string(folder)] = {
          .files = count_in(items[0]), .bytes = count_in(items[1]), .sha256 = text_in(items[2])};
    });
  }
  if (name == "gaps") {
    for (const element& gap : items_in(value)) {
      const std::vector<element> items = items_in(gap);
      if (items.size() == 2) partial.gaps.push_back({.place = text_in(items[0]), .message = text_in(items[1])});
    }
  }
  if (name == "denies") {
    for (const element& deny : items_in(value)) read_deny(deny, tally);
  }
  if (name == "coverage") {
    for (const element& row : items_in(value)) read_row(row, tally);
  }
  if (name == "groups") {
    for (const element& group : items_in(value)) read_group(group, tally);
  }
}

}  // namespace

std::uint64_t Partial::files() const {
  std::uint64_t out = 0;
  for (const auto& [name, folder] : folders) out += folder.files;
  return out;
}

std::uint64_t Partial::bytes() const {
  std::uint64_t out = 0;
  for (const auto& [name, folder] : folders) out += folder.bytes;
  return out;
}

Outcome<void> Partial::merge(const Partial& other) {
  if (version != other.version) return failure("comes from another version of wiretight: " + other.version);
  if (scope != other.scope) return failure("was asked for another scope: " + other.scope);
  std::string common;
  std::string alone;
  for (const auto& [name, folder] : other.folders) {
    const auto mine = folders.find(name);
    if (mine == folders.end()) {
      alone = name;
    } else if (mine->second != folder) {
      return failure("other files were read of the folder " + name + ": it was split, or changed between the runs");
    } else {
      common = name;
    }
  }
  if (alone.empty()) return {};
  if (!common.empty())
    return failure("the folder " + common + " was counted already, and " + alone + " beside it was not");
  folders.insert(other.folders.begin(), other.folders.end());
  gaps.insert(gaps.end(), other.gaps.begin(), other.gaps.end());
  const auto order = [](const Gap& gap) { return std::tie(gap.place, gap.message); };
  std::ranges::sort(gaps, {}, order);
  if (gaps.size() > most_gaps) gaps.resize(most_gaps);
  tally.merge(other.tally);
  return {};
}

std::string to_text(const Partial& partial) {
  const Tally& tally = partial.tally;
  std::string out = fmt::format("{{\"partial\":\"{}\",\"version\":{},\"scope\":{}", form, in_quotes(partial.version),
                                in_quotes(partial.scope));
  out += fmt::format(",\"events\":{},\"dynamodbEvents\":{},\"duplicates\":{}", tally.events, tally.dynamodb_events,
                     tally.duplicates);
  out += fmt::format(",\"folders\":{{{}}}", list(partial.folders, [](const auto& folder) {
                       return fmt::format("{}:[{},{},{}]", in_quotes(folder.first), folder.second.files,
                                          folder.second.bytes, in_quotes(folder.second.sha256));
                     }));
  out += fmt::format(",\"gaps\":[{}]", list(partial.gaps, [](const Gap& gap) {
                       return fmt::format("[{},{}]", in_quotes(gap.place), in_quotes(gap.message));
                     }));
  out += fmt::format(",\"addresses\":{},\"accessKeys\":{}", text_of(tally.addresses), text_of(tally.access_keys));
  out += fmt::format(",\"denies\":[{}]", list(tally.denies, [](const auto& deny) { return text_of(deny); }));
  out += fmt::format(",\"coverage\":[{}],\"groups\":[{}]", sorted(tally.coverage), sorted(tally.groups));
  // Of all before it, so that a change or a lost piece shows.
  const std::string digest = sha256_hex(out);
  return out + fmt::format(",\"sha256\":\"{}\"}}\n", digest);
}

Outcome<Partial> partial_from(std::string_view text) {
  simdjson::dom::parser parser;
  element root;
  if (parser.parse(text.data(), text.size()).get(root) != simdjson::SUCCESS)
    return failure("is no JSON, or was cut off");
  Partial partial;
  std::string its_form;
  members_of(root, [&](std::string_view name, const element& value) {
    if (name == "partial") its_form = text_in(value);
    read_member(name, value, partial);
  });
  if (its_form != form) return failure("is no partial result of wiretight trail worker");
  // Whatever this reader did not take would be lost silently.
  if (to_text(partial) != std::string(trim(text)) + "\n") return failure("was changed since wiretight wrote it");
  return partial;
}

bool looks_like_partial(std::string_view beginning) {
  return beginning.starts_with(fmt::format("{{\"partial\":\"{}\"", form));
}

std::string to_text(const Scope& scope) {
  std::vector<std::string> accounts = scope.accounts;
  std::vector<std::string> regions = scope.regions;
  std::ranges::sort(accounts);
  std::ranges::sort(regions);
  const auto time = [](const std::optional<std::int64_t>& seconds) { return seconds ? rfc3339(*seconds) : "always"; };
  return fmt::format("from={} to={} accounts={} regions={}", time(scope.from), time(scope.to),
                     accounts.empty() ? "all" : join(accounts, ","), regions.empty() ? "all" : join(regions, ","));
}

}  // namespace wiretight::trail
