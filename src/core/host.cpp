#include "core/host.h"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <vector>

#include "core/text.h"

namespace wiretight {
namespace {

bool is_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_letters(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= 'a' && c <= 'z'; });
}

// "us-east-1", "us-gov-west-1", "us-isob-east-1", "eusc-de-east-1"
bool is_region(std::string_view label) {
  const auto parts = split(label, '-');
  return parts.size() >= 3 && is_digits(parts.back()) &&
         std::all_of(parts.begin(), parts.end() - 1, [](std::string_view part) { return is_letters(part); });
}

// DNS suffixes of the partitions (SDK partitions.js): for single-stack and for dual-stack names.
struct Suffix {
  std::string_view text = {};
  std::string_view partition = {};
  bool dual_stack = false;
};
constexpr Suffix suffixes[] = {
    {".amazonaws.com", "aws", false},        {".api.aws", "aws", true},
    {".amazonaws.com.cn", "aws-cn", false},  {".api.amazonwebservices.com.cn", "aws-cn", true},
    {".c2s.ic.gov", "aws-iso", false},       {".api.aws.ic.gov", "aws-iso", true},
    {".sc2s.sgov.gov", "aws-iso-b", false},  {".api.aws.scloud", "aws-iso-b", true},
    {".cloud.adc-e.uk", "aws-iso-e", false}, {".api.cloud-aws.adc-e.uk", "aws-iso-e", true},
    {".csp.hci.ic.gov", "aws-iso-f", false}, {".api.aws.hci.ic.gov", "aws-iso-f", true},
    {".amazonaws.eu", "aws-eusc", false},    {".api.amazonwebservices.eu", "aws-eusc", true},
};

const Suffix* suffix_of(std::string_view host) {
  for (const Suffix& suffix : suffixes)
    if (host.ends_with(suffix.text)) return &suffix;
  return nullptr;
}

std::string_view without_final_dot(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  return host;
}

// The first labels of a DynamoDB or Streams name, region and suffix cut off: sets service, fips and account.
bool read_service(const std::vector<std::string_view>& labels, AwsName& name) {
  auto is = [&](std::string_view label, std::string_view plain) {
    if (label == plain) return true;
    if (!label.ends_with("-fips") || label.substr(0, label.size() - 5) != plain) return false;
    return name.fips = true;
  };
  if (labels.size() == 1) {
    if (is(labels[0], "dynamodb")) return name.service = "dynamodb", true;
    if (is(labels[0], "streams-dynamodb")) return name.service = "streams", true;
    if (is(labels[0], "search-dynamodb")) return name.service = "search", true;
    return false;
  }
  if (labels.size() != 2) return false;
  if (labels[0] == "streams" && is(labels[1], "dynamodb")) return name.service = "streams", true;
  if (labels[0].size() == 12 && is_digits(labels[0])) {
    name.account = labels[0];
    if (labels[1] == "ddb") return name.service = "dynamodb", true;
    if (labels[1] == "search-ddb") return name.service = "search", true;
  }
  return false;
}

std::optional<Destination> special_name(std::string_view host) {
  auto is_or_below = [&](std::string_view name) {
    return host == name ||
           (host.ends_with(name) && host.size() > name.size() && host[host.size() - name.size() - 1] == '.');
  };
  // RFC 6761 6.3; the other two stand in the hosts files of distributions.
  for (std::string_view name : {"localhost", "localhost.localdomain", "ip6-localhost", "ip6-loopback"})
    if (name == "localhost" ? is_or_below(name) : host == name) return Destination::loopback;
  // ICANN's .internal, RFC 6762, Kubernetes, RFC 8375 and RFC 6762 appendix G.
  for (std::string_view name :
       {"internal", "local", "svc", "home.arpa", "localdomain", "lan", "intranet", "private", "corp", "home"})
    if (is_or_below(name)) return Destination::private_network;
  return {};
}

Destination destination_of_v4(std::uint8_t a, std::uint8_t b) {
  if (a == 127 || a == 0) return Destination::loopback;  // 0.0.0.0 connects to this machine
  if (a == 10 || (a == 172 && (b & 0xf0) == 16) || (a == 192 && b == 168) || (a == 169 && b == 254) ||
      (a == 100 && (b & 0xc0) == 64))
    return Destination::private_network;
  return Destination::public_host;
}

// What inet_aton takes: one to four numbers, decimal, octal or hexadecimal; the last fills the bytes that are left.
std::optional<std::uint32_t> parse_v4(std::string_view text) {
  const auto parts = split(text, '.');
  if (parts.size() > 4) return {};
  std::uint64_t address = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    std::string_view digits = parts[i];
    int base = 10;
    if (digits.starts_with("0x") || digits.starts_with("0X")) {
      digits.remove_prefix(2);
      base = 16;
    } else if (digits.size() > 1 && digits[0] == '0') {
      base = 8;
    }
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
    if (error != std::errc() || end != digits.data() + digits.size()) return {};
    const bool last = i + 1 == parts.size();
    const std::size_t bits = last ? 8 * (4 - i) : 8;
    if (value >> bits != 0) return {};
    address = last ? (address << bits) | value : (address << 8) | value;
  }
  return static_cast<std::uint32_t>(address);
}

}  // namespace

bool is_host_name(std::string_view name) {
  constexpr std::size_t longest = 253, longest_label = 63;
  const auto is_label = [](std::string_view label) {
    return !label.empty() && label.size() <= longest_label && std::ranges::all_of(label, [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
  };
  return name.size() <= longest && std::ranges::all_of(split(name, '.'), is_label);
}

std::string_view to_text(Destination destination) {
  switch (destination) {
    case Destination::unknown:
      return "unknown";
    case Destination::aws_dynamodb:
      return "aws_dynamodb";
    case Destination::aws_dax:
      return "aws_dax";
    case Destination::aws_other:
      return "aws_other";
    case Destination::vpc_endpoint:
      return "vpc_endpoint";
    case Destination::public_host:
      return "public_host";
    case Destination::private_network:
      return "private_network";
    case Destination::loopback:
      return "loopback";
    case Destination::emulator:
      return "emulator";
  }
  return "";
}

std::optional<AwsName> aws_name(std::string_view host) {
  host = without_final_dot(host);
  const Suffix* suffix = suffix_of(host);
  if (!suffix) return {};
  auto labels = split(host.substr(0, host.size() - suffix->text.size()), '.');
  if (std::ranges::any_of(labels, &std::string_view::empty)) return {};
  AwsName name{.partition = std::string(suffix->partition), .dual_stack = suffix->dual_stack};

  // vpce-<id>-<random>[-<zone>].[streams.]dynamodb.<region>.vpce.<suffix>
  if (labels.size() >= 4 && labels.back() == "vpce" && labels.front().starts_with("vpce-")) {
    name.vpc_endpoint = true;
    labels.pop_back();
    labels.erase(labels.begin());
  }
  // <cluster>.<id>.clustercfg.dax.<short region>.cache.amazonaws.com, and a node of it: the older form.
  if (!suffix->dual_stack && labels.size() >= 5 && labels.back() == "cache" && labels[labels.size() - 3] == "dax") {
    name.service = "dax";
    return name;
  }
  if (labels.size() < 2 || !is_region(labels.back())) return {};
  name.region = labels.back();
  labels.pop_back();
  if (name.region.starts_with("us-gov-") && name.partition == "aws") name.partition = "aws-us-gov";

  // [<node>.]<cluster>.<id>.dax-clusters.<region>.<suffix>
  if (labels.back() == "dax-clusters" && labels.size() >= 3 && !name.vpc_endpoint) {
    name.service = "dax";
    return name;
  }
  if (!read_service(labels, name)) return {};
  return name;
}

std::optional<Address> parse_address(std::string_view text) {
  if (const std::size_t zone = text.find('%'); zone != std::string_view::npos && text.find(':') < zone)
    text = text.substr(0, zone);
  Address address;
  if (text.find(':') != std::string_view::npos) {
    if (text.size() > INET6_ADDRSTRLEN || inet_pton(AF_INET6, std::string(text).c_str(), address.bytes.data()) != 1)
      return {};
    constexpr std::array<std::uint8_t, 12> mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    if (std::equal(mapped.begin(), mapped.end(), address.bytes.begin())) {
      std::copy(address.bytes.begin() + 12, address.bytes.end(), address.bytes.begin());
      std::fill(address.bytes.begin() + 4, address.bytes.end(), std::uint8_t{0});
    } else {
      address.v6 = true;
    }
    return address;
  }
  const auto number = parse_v4(text);
  if (!number) return {};
  for (std::size_t i = 0; i < 4; ++i) address.bytes[i] = static_cast<std::uint8_t>(*number >> (24 - 8 * i));
  return address;
}

Destination destination_of(const Address& address) {
  const auto& bytes = address.bytes;
  if (!address.v6) return destination_of_v4(bytes[0], bytes[1]);
  if (std::all_of(bytes.begin(), bytes.end() - 1, [](std::uint8_t byte) { return byte == 0; }) && bytes[15] <= 1)
    return Destination::loopback;
  if ((bytes[0] & 0xfe) == 0xfc || (bytes[0] == 0xfe && (bytes[1] & 0x80) == 0x80)) return Destination::private_network;
  // NAT64 (RFC 6052): the IPv4 address is what is reached.
  constexpr std::array<std::uint8_t, 12> nat64 = {0x00, 0x64, 0xff, 0x9b};
  if (std::equal(nat64.begin(), nat64.end(), bytes.begin())) return destination_of_v4(bytes[12], bytes[13]);
  return Destination::public_host;
}

Destination destination_of(std::string_view text) {
  std::string host = lower(without_final_dot(text));
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  if (const auto address = parse_address(host)) return destination_of(*address);

  const auto labels = split(host, '.');
  const bool is_name = std::ranges::all_of(labels, [](std::string_view label) {
    return !label.empty() && label.size() <= 63 && std::ranges::all_of(label, [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || (c & 0x80) != 0;
    });
  });
  // A name that ends in a number is a misspelt address, which some resolvers take and others refuse.
  if (!is_name || is_digits(labels.back())) return Destination::unknown;
  if (const auto special = special_name(host)) return *special;
  if (labels.size() == 1) return Destination::private_network;
  if (const auto name = aws_name(host)) {
    if (name->vpc_endpoint) return Destination::vpc_endpoint;
    return name->service == "dax" ? Destination::aws_dax : Destination::aws_dynamodb;
  }
  if (const Suffix* suffix = suffix_of(host)) {
    // Machines and load balancers of customers: not a service of Amazon's, whatever their name.
    const std::string_view rest = std::string_view(host).substr(0, host.size() - suffix->text.size());
    for (std::string_view label : split(rest, '.')) {
      if (label == "elb")
        return host.starts_with("internal-") ? Destination::private_network : Destination::public_host;
      if (label == "compute" || label.starts_with("compute-")) return Destination::public_host;
    }
    return Destination::aws_other;
  }
  return Destination::public_host;
}

}  // namespace wiretight
