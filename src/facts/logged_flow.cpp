#include "facts/logged_flow.h"

#include <fmt/format.h>

namespace wiretight {
namespace {

std::string_view partition_of(std::string_view region) {
  if (region.starts_with("cn-")) return "aws-cn";
  if (region.starts_with("us-gov-")) return "aws-us-gov";
  return "aws";
}

}  // namespace

Place LoggedFlow::place() const {
  if (interface.empty()) return ResourcePlace{.resource = client};
  if (region.empty() || account.empty()) return ResourcePlace{.resource = interface};
  return ResourcePlace{.resource = fmt::format("arn:{}:ec2:{}:{}:network-interface/{}", partition_of(region), region,
                                               account, interface)};
}

}  // namespace wiretight
