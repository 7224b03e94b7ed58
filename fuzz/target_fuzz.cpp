#include <arpa/inet.h>
#include <cstdint>
#include <fmt/format.h>
#include <string>
#include <string_view>

#include "core/host.h"
#include "core/text.h"
#include "require.h"
#include "sources/endpoint/endpoint.h"

// An endpoint as it stands in a list of targets or in a program's settings. Beyond "no crash": a target that was read
// is one whatever spelling it is given again, and every address that the system's own parser takes is taken alike.
namespace {

using namespace wiretight;

void check_target(std::string_view text) {
  const auto target = endpoint::parse_target(text);
  if (!target) {
    require(!target.error().what.empty() && sanitise(target.error().where) == target.error().where);
    return;
  }
  require(!target->host.empty() && target->port != 0 && lower(target->host) == target->host);
  const std::string scheme = target->scheme.empty() ? "" : target->scheme + "://";
  const std::string host = target->host.contains(':') ? "[" + target->host + "]" : target->host;
  const std::string again = fmt::format("{}{}:{}", scheme, host, target->port);
  const auto same = endpoint::parse_target(again);
  require(same && same->host == target->host && same->port == target->port && same->scheme == target->scheme);
}

void check_address(const std::string& text) {
  const auto address = parse_address(text);
  in_addr v4 = {};
  if (inet_pton(AF_INET, text.c_str(), &v4) == 1) require(address && !address->v6);
  in6_addr v6 = {};
  if (inet_pton(AF_INET6, text.c_str(), &v6) == 1) require(address && address->v6 != (IN6_IS_ADDR_V4MAPPED(&v6) != 0));
  if (address) require(destination_of(text) != Destination::aws_dynamodb);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  check_target(text);
  if (!text.contains('\0')) check_address(text);
  if (const auto name = aws_name(text)) require(!name->service.empty());
  destination_of(text);
  return 0;
}
