#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sources/trail/part.h"

namespace wiretight::trail {

enum class Delivery : std::uint8_t { events, digests, insights };

// What the path of a delivered object says of it:
// [prefix/]AWSLogs/[o-id/]ACCOUNT/CloudTrail/REGION/YYYY/MM/DD/ACCOUNT_CloudTrail_REGION_YYYYMMDDTHHMMZ_….json.gz
struct Delivered {
  Delivery what = Delivery::events;
  std::string_view account = {};
  std::string_view region = {};
  std::int64_t day = 0;  // its first second in UTC; 0 where the path has none
};

// By whole components of the path, never by parts of them. Nothing for a path of another layout.
std::optional<Delivered> delivered(std::string_view path);

// Whether an object may hold records of the scope. Events are delivered after they happened, most within minutes: the
// days before the first are left out, and those that begin more than a day after the end.
bool may_hold(const Delivered& object, const Scope& scope);

// All of the path but the name of the file: what copies of an event are looked for in.
std::string_view folder_of(std::string_view path);
std::string_view name_of(std::string_view path);

}  // namespace wiretight::trail
