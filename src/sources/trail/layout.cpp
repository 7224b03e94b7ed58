#include "sources/trail/layout.h"

#include <algorithm>
#include <vector>

#include "core/text.h"

namespace wiretight::trail {
namespace {

bool is_digits(std::string_view text, std::size_t count) {
  return text.size() == count && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::optional<Delivered> delivered(std::string_view path) {
  const std::vector<std::string_view> parts = split(path, '/');
  const auto logs = std::ranges::find(parts, "AWSLogs");
  for (auto at = logs; at != parts.end(); ++at) {
    Delivered out;
    if (*at == "CloudTrail-Digest") {
      out.what = Delivery::digests;
    } else if (*at == "CloudTrail-Insight") {
      out.what = Delivery::insights;
    } else if (*at != "CloudTrail" && *at != "CloudTrail-NetworkActivity") {
      continue;
    }
    if (at == parts.begin() || !is_digits(*(at - 1), 12)) continue;
    out.account = *(at - 1);
    if (parts.end() - at < 6) return out;
    out.region = at[1];
    if (is_digits(at[2], 4) && is_digits(at[3], 2) && is_digits(at[4], 2)) {
      std::string day(at[2]);
      day.append("-").append(at[3]).append("-").append(at[4]);
      out.day = parse_rfc3339(day).value_or(0);
    }
    return out;
  }
  return std::nullopt;
}

bool may_hold(const Delivered& object, const Scope& scope) {
  constexpr std::int64_t day = 86400;
  const auto among = [](std::string_view one, const std::vector<std::string>& all) {
    return one.empty() || all.empty() || std::ranges::find(all, one) != all.end();
  };
  // An organisation's trail names the account whose events they are.
  if (!among(object.account, scope.accounts) || !among(object.region, scope.regions)) return false;
  if (object.day == 0) return true;
  if (scope.from && object.day + day <= *scope.from) return false;
  return !scope.to || object.day < *scope.to + day;
}

std::string_view folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

std::string_view name_of(std::string_view path) { return path.substr(path.rfind('/') + 1); }

}  // namespace wiretight::trail
