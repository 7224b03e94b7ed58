#include <cstdint>
#include <fmt/format.h>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "core/text.h"
#include "report/clean.h"
#include "report/sarif_parts.h"

namespace wiretight::report {
namespace {

// RFC 3986: what is neither unreserved nor, where paths are wanted, a slash, is percent-encoded.
std::string encoded(std::string_view text, bool path) {
  constexpr std::string_view unreserved = "-._~";
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       unreserved.find(c) != std::string_view::npos || (path && c == '/');
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

// A region that is there only because one is asked for.
Json first_character() {
  return Json::object({{"startLine", 1}, {"startColumn", 1}, {"endLine", 1}, {"endColumn", 1}});
}

Json region_of(const FilePlace& file) {
  if (file.line == 0) return first_character();
  const std::uint32_t column = file.column == 0 ? 1 : file.column;
  const std::uint32_t end_line = file.end_line < file.line ? file.line : file.end_line;
  const bool backwards = end_line == file.line && file.end_column < column;
  return Json::object({{"startLine", file.line},
                       {"startColumn", column},
                       {"endLine", end_line},
                       {"endColumn", backwards || file.end_column == 0 ? column : file.end_column}});
}

Json physical(Json artifact, Json region) {
  return Json::object(
      {{"physicalLocation", Json::object({{"artifactLocation", std::move(artifact)}, {"region", std::move(region)}})}});
}

Json made_up(std::string_view folder, std::string_view name) {
  return physical(Json::object({{"uri", fmt::format("{}/{}", folder, encoded(clean(name), false))}}),
                  first_character());
}

// "[::1]:8443" → "::1_8443".
std::string endpoint_name(std::string_view endpoint) {
  const std::size_t colon = endpoint.rfind(':');
  if (colon == std::string_view::npos) return std::string(endpoint);
  std::string_view host = endpoint.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return fmt::format("{}_{}", host, endpoint.substr(colon + 1));
}

// Of an ARN "account/<region>", because the resource has no file; else its address in the infrastructure code.
Json resource_location(std::string_view resource) {
  const std::vector<std::string_view> parts = split(resource, ':');
  if (parts.size() < 6 || parts.front() != "arn") return made_up("resources", resource);
  return made_up("account", parts[3].empty() ? "global" : parts[3]);
}

}  // namespace

Json sarif_artifact(std::string_view file) {
  if (file.starts_with('/')) return Json::object({{"uri", "file://" + encoded(clean(file), true)}});
  while (file.starts_with("./")) file.remove_prefix(2);
  return Json::object({{"uri", encoded(clean(file), true)}, {"uriBaseId", "%SRCROOT%"}});
}

Json sarif_location(const Place& place, std::string_view target) {
  return std::visit(
      [&](const auto& is) {
        using Kind = std::decay_t<decltype(is)>;
        if constexpr (std::is_same_v<Kind, FilePlace>) {
          return physical(sarif_artifact(is.file), region_of(is));
        } else if constexpr (std::is_same_v<Kind, EndpointPlace>) {
          return made_up("endpoints", endpoint_name(is.endpoint));
        } else if constexpr (std::is_same_v<Kind, ResourcePlace>) {
          return resource_location(is.resource);
        } else if constexpr (std::is_same_v<Kind, CapturePlace>) {
          Json region = first_character();
          region.set("byteOffset", is.offset);
          return physical(sarif_artifact(is.file), std::move(region));
        } else if constexpr (std::is_same_v<Kind, TrailPlace>) {
          return physical(sarif_artifact(is.file), first_character());
        } else {
          return made_up("targets", target);
        }
      },
      place);
}

}  // namespace wiretight::report
