#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace wiretight::trail {

// One record, whatever form it came in: the fields that are looked at, as views of the document. Empty where the record
// lacks a field or has it null.
struct Call {
  std::string_view event_version = {};
  std::string_view event_id = {};
  std::string_view event_time = {};
  std::string_view event_source = {};
  std::string_view event_name = {};
  std::string_view event_type = {};
  std::string_view event_category = {};
  std::optional<bool> management_event = {};
  std::string_view region = {};
  std::string_view source_address = {};
  std::string_view user_agent = {};
  std::string_view error_code = {};
  std::string_view error_message = {};
  std::string_view recipient_account = {};
  std::string_view vpc_endpoint = {};
  bool from_console = false;
  // userIdentity
  std::string_view identity_type = {};
  std::string_view identity_arn = {};
  std::string_view identity_account = {};
  std::string_view access_key = {};
  std::string_view invoked_by = {};
  std::string_view issuer_arn = {};
  // tlsDetails
  std::string_view tls_version = {};
  std::string_view cipher_suite = {};
  std::string_view key_exchange = {};
  std::string_view host = {};
  // requestParameters of PutResourcePolicy
  std::string_view policy = {};
  std::string_view policy_resource = {};

  bool has_tls_details() const {
    return !tls_version.empty() || !cipher_suite.empty() || !key_exchange.empty() || !host.empty();
  }
};

}  // namespace wiretight::trail
