#include "core/place.h"

#include <fmt/format.h>

namespace wiretight {
namespace {

template <class... Ways>
struct Match : Ways... {
  using Ways::operator()...;
};

}  // namespace

std::string to_text(const Place& place) {
  return std::visit(Match{[](std::monostate) { return std::string(); },
                          [](const FilePlace& file) {
                            if (file.line == 0) return file.file;
                            if (file.column == 0) return fmt::format("{}:{}", file.file, file.line);
                            return fmt::format("{}:{}:{}", file.file, file.line, file.column);
                          },
                          [](const EndpointPlace& endpoint) {
                            if (endpoint.address.empty()) return endpoint.endpoint;
                            return fmt::format("{} ({})", endpoint.endpoint, endpoint.address);
                          },
                          [](const ResourcePlace& resource) { return resource.resource; },
                          [](const CapturePlace& capture) {
                            if (capture.frame == 0) return capture.file;
                            return fmt::format("{} frame {}", capture.file, capture.frame);
                          },
                          [](const TrailPlace& trail) {
                            if (trail.record == 0) return trail.file;
                            return fmt::format("{} record {}", trail.file, trail.record);
                          }},
                    place);
}

std::string anchor_of(const Place& place) {
  return std::visit(
      Match{[](std::monostate) { return std::string(); }, [](const FilePlace& file) { return "file:" + file.file; },
            [](const EndpointPlace& endpoint) {
              return "endpoint:" + endpoint.endpoint + (endpoint.address.empty() ? "" : "@" + endpoint.address);
            },
            [](const ResourcePlace& resource) { return "resource:" + resource.resource; },
            [](const CapturePlace& capture) { return fmt::format("capture:{}#{}", capture.file, capture.stream); },
            [](const TrailPlace& trail) { return trail.record == 0 ? "trail:" + trail.file : "trail"; }},
      place);
}

}  // namespace wiretight
