#include "sources/flowlog/ranges.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <optional>

#include "core/file.h"
#include "core/json.h"

// The format: VPC user guide, "AWS IP address ranges".

namespace wiretight::flowlog {
namespace {

constexpr std::uint64_t most_bytes = 64 << 20;
constexpr int most_depth = 16;

struct Prefix {
  Address first = {};
  Address last = {};
};

// "52.94.0.0/22"; bits behind the prefix do not count.
std::optional<Prefix> parse_prefix(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return {};
  const std::optional<Address> address = parse_address(text.substr(0, slash));
  const std::string_view length = text.substr(slash + 1);
  unsigned bits = 0;
  const auto [end, error] = std::from_chars(length.data(), length.data() + length.size(), bits);
  if (!address || error != std::errc() || end != length.data() + length.size()) return {};
  const unsigned most = address->v6 ? 128 : 32;
  if (bits > most) return {};
  Prefix prefix{.first = *address, .last = *address};
  for (unsigned bit = bits; bit < most; ++bit) {
    const auto mask = static_cast<std::uint8_t>(0x80u >> bit % 8);
    prefix.first.bytes[bit / 8] = static_cast<std::uint8_t>(prefix.first.bytes[bit / 8] & ~mask);
    prefix.last.bytes[bit / 8] = static_cast<std::uint8_t>(prefix.last.bytes[bit / 8] | mask);
  }
  return prefix;
}

std::uint32_t number_of(const Address& address) {
  std::uint32_t number = 0;
  for (int i = 0; i < 4; ++i) number = number << 8 | address.bytes[static_cast<std::size_t>(i)];
  return number;
}

// The range that begins last of those that begin at or before the address. Nested prefixes are joined beforehand.
template <class Bound>
bool holds(const std::vector<std::pair<Bound, Bound>>& ranges, const Bound& address) {
  const auto after = std::ranges::upper_bound(ranges, address, {}, &std::pair<Bound, Bound>::first);
  return after != ranges.begin() && address <= std::prev(after)->second;
}

// Sorts, and joins what overlaps.
template <class Bound>
void tidy(std::vector<std::pair<Bound, Bound>>& ranges) {
  std::ranges::sort(ranges);
  std::vector<std::pair<Bound, Bound>> joined;
  for (const auto& range : ranges) {
    if (!joined.empty() && range.first <= joined.back().second) {
      joined.back().second = std::max(joined.back().second, range.second);
    } else {
      joined.push_back(range);
    }
  }
  ranges = std::move(joined);
}

}  // namespace

Outcome<Ranges> Ranges::load(const std::string& path) {
  const Outcome<std::string> text = read_file(path, most_bytes);
  if (!text) return std::unexpected(text.error());
  Outcome<Ranges> ranges = parse(*text);
  if (!ranges) ranges.error().where = path;
  return ranges;
}

Outcome<Ranges> Ranges::parse(std::string_view json) {
  const Outcome<Json> document = parse_json(json, most_depth);
  if (!document) return failure(fmt::format("is no JSON: {} at {}", document.error().what, document.error().where));
  const Json* const lists[] = {document->find("prefixes"), document->find("ipv6_prefixes")};
  if (lists[0] == nullptr || !lists[0]->is_array())
    return failure("is not AWS's ip-ranges.json: it has no list \"prefixes\"");
  Ranges ranges;
  ranges.created_ = document->text("createDate");
  for (const Json* list : lists) {
    if (list == nullptr) continue;
    for (const Json& entry : list->items()) {
      if (entry.text("service") != "DYNAMODB") continue;
      const std::string_view text = entry.text(list == lists[0] ? "ip_prefix" : "ipv6_prefix");
      const std::optional<Prefix> prefix = parse_prefix(text);
      if (!prefix) return failure(fmt::format("\"{}\" is no prefix", text));
      if (prefix->first.v6) {
        ranges.v6_.emplace_back(prefix->first.bytes, prefix->last.bytes);
      } else {
        ranges.v4_.emplace_back(number_of(prefix->first), number_of(prefix->last));
      }
    }
  }
  if (ranges.v4_.empty()) return failure("has no prefix of the service DYNAMODB");
  tidy(ranges.v4_);
  tidy(ranges.v6_);
  return ranges;
}

bool Ranges::holds_v4(std::uint32_t address) const { return flowlog::holds(v4_, address); }
bool Ranges::holds_v6(const Address& address) const { return flowlog::holds(v6_, address.bytes); }

}  // namespace wiretight::flowlog
