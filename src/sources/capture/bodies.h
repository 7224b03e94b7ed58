#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// What the beginning of a message's JSON tells of tables and items, however it is cut off. No value of an item is kept.
namespace wiretight::capture {

struct RequestBody {
  // TableName, the keys of RequestItems, and the names in ARNs of tables and streams: only names that DynamoDB allows.
  std::vector<std::string> tables = {};
  std::uint64_t written = 0;  // items of a batch or a transaction that are put, changed or deleted
};
RequestBody read_request_body(std::string_view json);

// How many items a response returns: as it counts them itself, else as many as begin here.
std::uint64_t items_returned(std::string_view json);

bool is_table_name(std::string_view name);

}  // namespace wiretight::capture
