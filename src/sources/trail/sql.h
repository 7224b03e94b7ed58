#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace wiretight::trail {

enum class Dialect : unsigned char { athena, trino, duckdb, spark };
std::optional<Dialect> dialect_from(std::string_view word);

// The table over CloudTrail's files and the query that counts what classify() says, in SQL. `location` is where the
// files are, `table` the name.
std::string sql(Dialect dialect, std::string_view table, std::string_view location);

// The expression of the class alone, for the test that holds it against classify().
std::string class_expression(Dialect dialect);

}  // namespace wiretight::trail
