#include "policy/arn.h"

#include <array>
#include <fmt/format.h>

namespace wiretight::policy {

std::optional<Arn> parse_arn(std::string_view text) {
  if (!text.starts_with("arn:") || text.find_first_of("*?") != std::string_view::npos) return {};
  std::array<std::string_view, 4> parts;
  std::string_view rest = text.substr(4);
  for (std::string_view& part : parts) {
    const std::size_t colon = rest.find(':');
    if (colon == std::string_view::npos) return {};
    part = rest.substr(0, colon);
    rest.remove_prefix(colon + 1);
  }
  if (parts[0].empty() || parts[1].empty() || rest.empty()) return {};
  return Arn{.partition = std::string(parts[0]),
             .service = std::string(parts[1]),
             .region = std::string(parts[2]),
             .account = std::string(parts[3]),
             .resource = std::string(rest)};
}

std::string_view to_text(ResourceKind kind) {
  switch (kind) {
    case ResourceKind::table:
      return "table";
    case ResourceKind::index:
      return "index";
    case ResourceKind::stream:
      return "stream";
    case ResourceKind::backup:
      return "backup";
    case ResourceKind::export_job:
      return "export";
    case ResourceKind::import_job:
      return "import";
    case ResourceKind::global_table:
      return "global table";
    case ResourceKind::account:
      return "account";
  }
  return "";
}

ResourceKind kind_of(std::string_view resource, std::string_view table) {
  if (resource == table) return ResourceKind::table;
  if (resource == global_table_of(table)) return ResourceKind::global_table;
  if (!resource.starts_with(table)) return ResourceKind::account;
  const std::string_view rest = resource.substr(table.size());
  if (rest.starts_with("/index/")) return ResourceKind::index;
  if (rest.starts_with("/stream/")) return ResourceKind::stream;
  if (rest.starts_with("/backup/")) return ResourceKind::backup;
  if (rest.starts_with("/export/")) return ResourceKind::export_job;
  if (rest.starts_with("/import/")) return ResourceKind::import_job;
  return ResourceKind::account;
}

std::string global_table_of(std::string_view table) {
  const auto arn = parse_arn(table);
  constexpr std::string_view prefix = "table/";
  if (!arn || !arn->resource.starts_with(prefix)) return "";
  return fmt::format("arn:{}:{}::{}:global-table/{}", arn->partition, arn->service, arn->account,
                     arn->resource.substr(prefix.size()));
}

}  // namespace wiretight::policy
