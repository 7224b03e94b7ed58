#include "sources/trail/classify.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>

#include "core/host.h"
#include "core/text.h"

namespace wiretight::trail {
namespace {

bool same(std::string_view text, std::string_view lower_case) {
  return std::ranges::equal(text, lower_case, [](char one, char other) {
    return (one >= 'A' && one <= 'Z' ? static_cast<char>(one - 'A' + 'a') : one) == other;
  });
}

bool contains_any(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::ranges::any_of(words, [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

bool starts_with_any(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::ranges::any_of(words, [&](std::string_view word) { return text.starts_with(word); });
}

// tlsDetails exists "since 1.08" (CloudTrail's page on record contents).
bool has_details_in_its_version(std::string_view version) {
  int major = 0;
  int minor = 0;
  const std::span<const char> text(version);
  const char* const end = text.data() + text.size();
  const auto [dot, error] = std::from_chars(text.data(), end, major);
  if (error != std::errc() || dot == end || *dot != '.') return false;
  if (std::from_chars(dot + 1, end, minor).ec != std::errc()) return false;
  return major > 1 || (major == 1 && minor >= 8);
}

bool is_aws_internal(const Call& call) {
  return !call.invoked_by.empty() || call.event_type == "AwsServiceEvent" || call.identity_type == "AWSService" ||
         call.source_address.starts_with("AWS Internal") || call.source_address.ends_with(".amazonaws.com") ||
         call.source_address.ends_with(".amazonaws.com.cn");
}

// Principals that sign requests themselves.
bool is_direct(const Call& call) {
  constexpr std::array<std::string_view, 9> types = {"AssumedRole", "IAMUser",    "Root",      "FederatedUser",  "Role",
                                                     "SAMLUser",    "AWSAccount", "Directory", "WebIdentityUser"};
  return std::ranges::find(types, call.identity_type) != types.end() && parse_address(call.source_address) &&
         call.event_category != "NetworkActivity";
}

std::string name_of(std::string_view header) {
  std::string host = lower(trim(header));
  if (host.starts_with('[')) return host.substr(1, host.find(']') - 1);
  if (std::ranges::count(host, ':') == 1) host.erase(host.find(':'));
  if (host.ends_with('.')) host.pop_back();
  return host;
}

bool is_aws_host(std::string_view host) {
  if (host == "dynamodb.amazonaws.com" || aws_name(host)) return true;
  // The control plane of DAX, "dax.eu-west-1.amazonaws.com".
  return host.starts_with("dax.") && destination_of(host) == Destination::aws_other;
}

constexpr std::array<std::string_view, 16> item_operations = {"BatchExecuteStatement",
                                                              "BatchGetItem",
                                                              "BatchWriteItem",
                                                              "DeleteItem",
                                                              "ExecuteStatement",
                                                              "ExecuteTransaction",
                                                              "GetItem",
                                                              "GetRecords",
                                                              "GetShardIterator",
                                                              "PutItem",
                                                              "Query",
                                                              "Scan",
                                                              "TransactGetItems",
                                                              "TransactWriteItems",
                                                              "UpdateItem",
                                                              "ConditionCheckItem"};
constexpr std::array<std::string_view, 4> stream_operations = {"DescribeStream", "GetRecords", "GetShardIterator",
                                                               "ListStreams"};

}  // namespace

Host host_of(std::string_view header) {
  Host host{.name = name_of(header)};
  host.aws = is_aws_host(host.name);
  return host;
}

TlsClass classify(const Call& call, const Host& host) {
  if (is_weak_version(call.tls_version)) return TlsClass::w1;
  if (is_current_version(call.tls_version)) {
    if (is_legacy_suite(call.cipher_suite)) return TlsClass::w2;
    if (!host.name.empty() && !host.aws) return TlsClass::w3;
    if (same(call.tls_version, "tlsv1.3") && lacks_ml_kem(call.key_exchange)) return TlsClass::q1;
    return TlsClass::sound;
  }
  if (call.has_tls_details()) return TlsClass::u3;
  if (is_aws_internal(call)) return TlsClass::u1;
  if (call.from_console) return TlsClass::u2;
  if (!has_details_in_its_version(call.event_version)) return TlsClass::u5;
  return is_direct(call) ? TlsClass::u4 : TlsClass::u3;
}

std::string_view service_of(const Call& call, std::string_view host) {
  if (call.event_source == "dax.amazonaws.com") return "dax";
  if (call.event_source != "dynamodb.amazonaws.com") return {};
  if (std::ranges::find(stream_operations, call.event_name) != stream_operations.end()) return "streams";
  return host.starts_with("streams.") || host.starts_with("streams-") ? "streams" : "dynamodb";
}

bool is_data_event(const Call& call) {
  if (!call.event_category.empty()) return call.event_category == "Data";
  if (call.management_event) return !*call.management_event;
  return std::ranges::find(item_operations, call.event_name) != item_operations.end();
}

bool is_weak_version(std::string_view version) {
  return same(version, "tlsv1") || same(version, "tlsv1.0") || same(version, "tlsv1.1") || same(version, "sslv3") ||
         same(version, "sslv2");
}

bool is_current_version(std::string_view version) { return same(version, "tlsv1.2") || same(version, "tlsv1.3"); }

bool is_legacy_suite(std::string_view name) {
  // Integrity without encryption, in TLS 1.3.
  if (name == "TLS_SHA256_SHA256" || name == "TLS_SHA384_SHA384") return true;
  const bool suite = contains_any(name, {"AES", "CHACHA20", "CAMELLIA", "ARIA", "SEED", "DES", "RC4", "RC2", "IDEA",
                                         "NULL", "GOST", "KUZNYECHIK", "MAGMA", "FORTEZZA", "SM4", "AEGIS"});
  if (!suite) return false;
  const bool aead = contains_any(name, {"GCM", "CCM", "POLY1305", "OMAC", "MGM", "AEGIS"});
  const bool forward_secret = starts_with_any(name, {"ECDHE", "DHE", "TLS_ECDHE", "TLS_DHE", "TLS_AES_",
                                                     "TLS_CHACHA20_", "TLS_SM4_", "TLS_AEGIS_", "TLS_ECCPWD"});
  return !aead || !forward_secret;
}

bool lacks_ml_kem(std::string_view key_exchange) {
  return !key_exchange.empty() && lower(key_exchange).find("mlkem") == std::string::npos;
}

std::string principal_of(const Call& call) {
  if (!call.issuer_arn.empty()) return std::string(call.issuer_arn);
  std::string_view arn = call.identity_arn;
  constexpr std::string_view assumed = ":assumed-role/";
  if (const std::size_t at = arn.find(assumed); at != std::string_view::npos) {
    arn = arn.substr(0, arn.find('/', at + assumed.size()));
  }
  if (!arn.empty()) return std::string(arn);
  if (!call.invoked_by.empty()) return std::string(call.invoked_by);
  return std::string(call.identity_account);
}

std::string access_key_of(const Call& call) {
  if (call.access_key.empty()) return {};
  return call.access_key.starts_with("ASIA") ? "ASIA…" : mask_key_id(call.access_key);
}

std::string_view denied_by(const Call& call) {
  if (!call.error_code.starts_with("AccessDenied") && call.error_code != "Client.UnauthorizedOperation") return {};
  constexpr std::string_view phrase = "with an explicit deny in ";
  const std::size_t at = call.error_message.find(phrase);
  if (at == std::string_view::npos) return {};
  std::string_view rest = call.error_message.substr(at + phrase.size());
  for (const std::string_view article : {"a ", "an "}) {
    if (rest.starts_with(article)) rest.remove_prefix(article.size());
  }
  // The words are AWS's own; what else stands there is not carried on.
  constexpr std::array<std::string_view, 7> types = {
      "resource-based policy", "identity-based policy", "service control policy", "resource control policy",
      "VPC endpoint policy",   "permissions boundary",  "session policy"};
  for (const std::string_view type : types) {
    if (rest.starts_with(type)) return type;
  }
  return "policy";
}

std::string_view denied_resource(const Call& call) {
  constexpr std::string_view phrase = "on resource: ";
  const std::size_t at = call.error_message.find(phrase);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = call.error_message.substr(at + phrase.size());
  const std::string_view arn = rest.substr(0, rest.find(' '));
  return arn.starts_with("arn:") ? arn : std::string_view();
}

}  // namespace wiretight::trail
