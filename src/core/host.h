#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wiretight {

// Lower-case labels between dots, of letters, digits, hyphens and underscores, each of 63 bytes at most, all of 253
// (RFC 1123; underscores stand in names of Compose services). Any name of that form: an IPv4 address too, and a single
// label.
bool is_host_name(std::string_view name);

// What kind of place a host name or address is, judged after parsing the authority: never by prefix.
enum class Destination {
  unknown,       // cannot be told: empty, not a host name, a placeholder
  aws_dynamodb,  // Amazon's DynamoDB or DynamoDB Streams (also account-based, FIPS, dual-stack, search)
  aws_dax,       // a DAX cluster
  aws_other,     // another service of Amazon's; customers' machines and load balancers are judged as hosts
  vpc_endpoint,  // an interface endpoint name, vpce-….dynamodb.….vpce.amazonaws.com
  public_host,
  private_network,  // RFC 1918, RFC 6598, ULA, link-local, .internal, .local, .svc, a name without dots
  loopback,
  emulator,  // resolves to an emulator in the project's own files
};

std::string_view to_text(Destination destination);

// The parts of an AWS DynamoDB, Streams or DAX name. Patterns: endpoints.md 6.1 (SDK endpoint rules, partitions).
struct AwsName {
  std::string service = {};  // "dynamodb" "streams" "dax" "search"
  std::string region = {};
  std::string partition = {};  // "aws" "aws-cn" "aws-us-gov" …
  std::string account = {};    // of an account-based name
  bool fips = false;
  bool dual_stack = false;
  bool vpc_endpoint = false;
};

// Reads a lower-case host name without port; a trailing dot is allowed. Nothing for any other name.
std::optional<AwsName> aws_name(std::string_view host);

// A numeric address in any spelling that inet_aton or inet_pton takes: octal, hexadecimal, fewer than four numbers,
// with a zone id, which is dropped. An IPv4-mapped IPv6 address becomes the IPv4 one. No brackets.
struct Address {
  std::array<std::uint8_t, 16> bytes = {};  // network order; IPv4 in the first four
  bool v6 = false;
};
std::optional<Address> parse_address(std::string_view text);

// Of a host name or numeric address without port, in brackets or not, in any case. A bare name such as "dynamo" is of a
// private network, because no public resolver knows it. `emulator` is never the answer: that takes the project's files.
Destination destination_of(std::string_view host);
// The same of a numeric address.
Destination destination_of(const Address& address);

}  // namespace wiretight
