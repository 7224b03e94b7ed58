#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace wiretight::policy {

struct Arn {
  std::string partition = {};
  std::string service = {};
  std::string region = {};
  std::string account = {};
  std::string resource = {};  // what follows the fifth colon
};

// Nothing for what is no ARN, and for one with wildcards.
std::optional<Arn> parse_arn(std::string_view text);

// What an ARN of DynamoDB names, and what an action can be authorised on.
enum class ResourceKind { table, index, stream, backup, export_job, import_job, global_table, account };

std::string_view to_text(ResourceKind kind);

// The kind of a resource of that table; `account` for anything else.
ResourceKind kind_of(std::string_view resource, std::string_view table);

// "arn:aws:dynamodb::111122223333:global-table/orders" of the table "…:table/orders".
std::string global_table_of(std::string_view table);

}  // namespace wiretight::policy
