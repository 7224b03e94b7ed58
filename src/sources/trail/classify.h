#pragma once

#include <string>
#include <string_view>

#include "facts/call_group.h"
#include "sources/trail/call.h"

// What a record says, field by field: the judgement of runtime.md 1.3 and nothing else. sql.cpp writes the same in SQL;
// classify_test.cpp holds the two together.
namespace wiretight::trail {

// The host that a client asked for.
struct Host {
  std::string name = {};  // lower case, without port, brackets or final dot
  bool aws = false;       // one of Amazon's names for DynamoDB, Streams or DAX
};
Host host_of(std::string_view header);

// Of a call of DynamoDB, Streams or DAX.
TlsClass classify(const Call& call, const Host& host);

// "dynamodb" "streams" "dax"; empty for any other service. Streams have no event source of their own: the operation
// and the host tell them.
std::string_view service_of(const Call& call, std::string_view host);

// Items or records of a stream were read or written. Records before event version 1.07 do not say so: the operation
// does.
bool is_data_event(const Call& call);

// SSLv3, TLS 1.0 or 1.1, in the spellings of CloudTrail and OpenSSL.
bool is_weak_version(std::string_view version);
// TLS 1.2 or 1.3.
bool is_current_version(std::string_view version);
// A suite by OpenSSL's or IANA's name that is not AEAD or lacks forward secrecy. What is no suite's name is not legacy.
bool is_legacy_suite(std::string_view name);
// A key exchange that is named and has no ML-KEM in it.
bool lacks_ml_kem(std::string_view key_exchange);

// The ARN of the principal, of a role without the session.
std::string principal_of(const Call& call);
// "AKIA…MPLE"; of temporary keys "ASIA…".
std::string access_key_of(const Call& call);

// Who denied, as an error message names the policy: "resource-based policy". Empty unless the deny was explicit.
std::string_view denied_by(const Call& call);
// The ARN in "… on resource: ARN with an explicit deny …".
std::string_view denied_resource(const Call& call);

}  // namespace wiretight::trail
