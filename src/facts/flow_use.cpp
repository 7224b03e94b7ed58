#include "facts/flow_use.h"

#include <cstddef>
#include <fmt/format.h>
#include <vector>

#include "core/prose.h"
#include "core/text.h"

namespace wiretight {
namespace {

constexpr std::size_t few = 4;

std::string service_of(const Flow& flow) {
  if (flow.service == "streams") return "DynamoDB Streams";
  return flow.service == "dax" ? "DAX" : "DynamoDB";
}

std::string said_items(const Flow& flow) {
  std::vector<std::string> ways;
  if (flow.items_written > 0)
    ways.push_back(count_of(flow.items_written, "item") + ", whole or in part, that " +
                   (flow.items_written == 1 ? "was" : "were") + " written");
  if (flow.items_returned > 0) ways.push_back(count_of(flow.items_returned, "item") + " returned");
  return list_of(ways);
}

Json operations_of(const Flow& flow) {
  Json out = Json::array();
  for (const NamedCount& operation : flow.operations)
    out.push(Json::object({{"name", operation.name}, {"count", operation.count}}));
  return out;
}

}  // namespace

std::string said_exchange(const Flow& flow) {
  if (flow.requests == 0)
    return fmt::format("{} of {}, whose requests were not captured,", count_of(flow.responses, "response"),
                       service_of(flow));
  std::string out = fmt::format("{} to {}", count_of(flow.requests, "request"), service_of(flow));
  std::vector<std::string> operations;
  for (const NamedCount& operation : flow.operations)
    operations.push_back(fmt::format("{} {}", operation.count, operation.name));
  return operations.empty() ? out : fmt::format("{} ({})", out, list_of(operations, few));
}

std::string said_route(const Flow& flow) {
  std::string out = fmt::format("from {} to {}", flow.client, flow.destination_text());
  if (flow.through_proxy)
    out += fmt::format(" through the proxy {}", flow.server.find(':') == std::string::npos
                                                    ? fmt::format("{}:{}", flow.server, flow.port)
                                                    : fmt::format("[{}]:{}", flow.server, flow.port));
  return out;
}

std::string said_readable(const Flow& flow) {
  std::vector<std::string> parts;
  if (!flow.key_id.empty())
    parts.push_back(
        fmt::format("the access key id {}{}", flow.key_id, flow.session_tokens > 0 ? " with its session token" : ""));
  if (!flow.tables.empty())
    parts.push_back(fmt::format("the {} {}", flow.tables.size() == 1 ? "table" : "tables", list_of(flow.tables, few)));
  if (std::string items = said_items(flow); !items.empty()) parts.push_back(std::move(items));
  if (parts.empty()) return "all that they say";
  return list_of(parts);
}

Json shown(const Flow& flow) {
  Json tables = Json::array();
  for (const std::string& table : flow.tables) tables.push(table);
  Json signs = Json::array();
  for (const std::string& sign : flow.signs) signs.push(sign);
  const auto time = [](std::int64_t at) { return at == 0 ? Json() : Json(rfc3339(at / 1000)); };
  return Json::object({{"protocol", to_text(flow.protocol)},
                       {"service", flow.service},
                       {"client", flow.client},
                       {"server", fmt::format("{}:{}", flow.server, flow.port)},
                       {"host", flow.host},
                       {"destination", to_text(flow.destination)},
                       {"keyId", flow.key_id},
                       {"documentationKey", flow.documentation_key},
                       {"sessionTokens", flow.session_tokens},
                       {"region", flow.region},
                       {"operations", operations_of(flow)},
                       {"tables", std::move(tables)},
                       {"itemsWritten", flow.items_written},
                       {"itemsReturned", flow.items_returned},
                       {"requests", flow.requests},
                       {"responses", flow.responses},
                       {"bytes", flow.request_bytes + flow.response_bytes},
                       {"userAgent", flow.user_agent},
                       {"signs", std::move(signs)},
                       {"connections", flow.connections},
                       {"firstSeen", time(flow.first_seen)},
                       {"lastSeen", time(flow.last_seen)},
                       {"lastFrame", flow.last_frame}});
}

}  // namespace wiretight
