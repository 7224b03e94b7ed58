#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/outputs.h"
#include "core/problem.h"
#include "engine/ask.h"
#include "engine/finding.h"
#include "engine/results.h"
#include "sources/endpoint/endpoint.h"
#include "sources/trail/sql.h"
#include "sources/trail/worker.h"

// What the values of options and of the configuration mean. Each problem quotes the value and says what would be one.
namespace wiretight {

// "TLS" stands for every category, which is the empty list.
Outcome<std::vector<Category>> categories_from(std::span<const std::string> words);
Outcome<std::vector<RuleName>> rules_from(std::span<const std::string> words);
Outcome<Severity> least_severity_from(std::string_view word);
// "none" is nothing.
Outcome<std::optional<Severity>> fail_on_from(std::string_view word);
Outcome<TargetKind> kind_from(std::string_view word);
Outcome<endpoint::Depth> depth_from(std::string_view word);
// A decimal fraction of seconds, more than none and at most an hour.
Outcome<std::chrono::milliseconds> duration_from(std::string_view word);
Outcome<double> rate_from(std::string_view word);
inline constexpr int most_jobs = 256;
Outcome<int> count_from(std::string_view word, int least, int most);
// Seconds since 1970: a time of RFC 3339, or a day, which is its first second in UTC.
Outcome<std::int64_t> time_from(std::string_view word);
// "2/8".
Outcome<trail::Shard> shard_from(std::string_view word);
Outcome<trail::Dialect> sql_dialect_from(std::string_view word);
// A name that SQL takes as it stands, with dots in it.
Outcome<std::string> table_from(std::string_view word);
// A place of files that needs no escape in SQL.
Outcome<std::string> location_from(std::string_view word);
// Numbers of accounts, twelve digits each.
Outcome<std::vector<std::string>> accounts_from(const std::vector<std::string>& words);
// "json" or "json=FILE"; FILE may be "-".
Outcome<Output> output_from(std::string_view word);

}  // namespace wiretight
