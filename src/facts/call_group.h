#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.h"
#include "core/place.h"
#include "facts/cipher_suite.h"
#include "facts/flow.h"

namespace wiretight {

// What CloudTrail's record of a call says about its TLS (runtime.md 1.3). The letters stand in every report and in the
// SQL that `wiretight trail sql` writes. A call has the first that holds, in this order.
enum class TlsClass : std::uint8_t {
  w1,     // SSLv3, TLS 1.0 or TLS 1.1
  w2,     // TLS 1.2 with a suite that is not AEAD or has no forward secrecy
  w3,     // the host that the client asked for is no AWS name: a proxy, an address, a CNAME
  q1,     // TLS 1.3 with a key exchange that has no ML-KEM in it
  sound,  // none of these
  u1,     // no TLS details: an AWS service made the call, not the customer's client
  u2,     // no TLS details: the console's proxies made the call
  u3,     // TLS details without a version, or a record that says too little about its caller
  u4,     // no TLS details though a client called directly: a candidate for cleartext, and no proof of it
  u5,     // the record is older than TLS details are (event version 1.08), or does not say how old it is
};

// "W1" … "U5", "OK".
std::string_view to_text(TlsClass tls_class);
std::optional<TlsClass> tls_class_from(std::string_view text);

// A call that stands for its group: enough to find it again.
struct SampleCall {
  std::string event_id = {};  // empty where the record has none
  TrailPlace place = {};
};

// Calls of DynamoDB, Streams or DAX that CloudTrail tells apart by nothing but their time, operation and item.
struct CallGroup {
  std::string target = {};  // as the user named it
  std::string detector = "cloudtrail";
  // Who, where, by what.
  std::string account = {};         // whose table it is
  std::string caller_account = {};  // of the principal
  std::string region = {};
  std::string service = {};         // "dynamodb" "streams" "dax"
  bool data_event = false;          // reads and writes of items or streams; else management
  std::string principal_type = {};  // "AssumedRole" "IAMUser" …
  std::string principal = {};       // ARN, of a role without the session
  std::string access_key = {};      // masked; of temporary ones no more than "ASIA…", because each session has its own
  std::string sdk = {};             // "boto3"; by the user agent
  std::string sdk_version = {};
  std::string vpc_endpoint = {};
  // Over what.
  std::string host = {};  // that the client asked for, lower case, without port
  std::string tls_version = {};
  std::string cipher_suite = {};  // as CloudTrail spells it
  std::string key_exchange = {};
  std::optional<CipherSuite> suite = {};  // what it is made of, where the name is known
  TlsClass tls_class = TlsClass::sound;
  // An explicit deny ended the calls.
  std::string denied_by = {};        // the type of the policy, "resource-based policy"
  std::string denied_resource = {};  // ARN

  std::uint64_t count = 0;
  std::int64_t first_seen = 0;  // seconds since 1970, UTC; 0 where no record has a time
  std::int64_t last_seen = 0;
  std::vector<NamedCount> operations = {};  // by name
  std::vector<std::string> addresses = {};  // a sample of the sources, where the calls are worth following up
  std::vector<SampleCall> samples = {};

  // Where the group is shown to stand: its first sample.
  Place place() const;
};

// What CloudTrail recorded at all for one account and region: how much the silence of the groups is worth.
struct TrailCoverage {
  std::string target = {};
  std::string detector = "cloudtrail";
  std::string account = {};
  std::string region = {};
  std::uint64_t events = 0;             // of all services
  std::uint64_t management_events = 0;  // of DynamoDB, Streams and DAX
  std::uint64_t data_events = 0;
  std::int64_t first_seen = 0;
  std::int64_t last_seen = 0;
  TrailPlace sample = {};  // a record of the account and region
};

// A policy that denies DynamoDB requests without TLS, seen as it was attached.
struct TransportDeny {
  std::string policy_type = {};  // "resource-based policy"
  std::string resource = {};     // ARN that it is attached to
  TrailPlace place = {};
  std::int64_t since = 0;
};

// Groups that one caller made: same account, region, service, principal, access key and SDK.
struct Caller {
  std::vector<const CallGroup*> groups = {};
  std::uint64_t count = 0;
  std::int64_t first_seen = 0;
  std::int64_t last_seen = 0;

  void add(const CallGroup& group);
  const CallGroup& first() const { return *groups.front(); }
  // "arn:aws:iam::111122223333:role/orders with boto3 1.26.1 in eu-west-1"
  std::string said() const;
  // "… made 3 calls with cipher suites", and which, for what is wrong with them.
  std::string said_with_suites() const;
  std::string suites() const;
  // What its owner is to do about weak TLS.
  std::string mend() const;
  // The distinct values of a member over the groups, in order, without the empty one.
  std::vector<std::string> distinct(std::string CallGroup::* member) const;
  // For a fingerprint: what stays the same from one delivery of logs to the next.
  std::string identity() const;
  // For evidence: who, how often, from when to when, over what, samples.
  Json shown() const;
};

// The callers among the groups that `wanted` picks, in the order of their first groups.
std::vector<Caller> callers_where(const std::vector<CallGroup>& calls, bool (*wanted)(const CallGroup& group));
// Those whose calls crossed with a suite that `wanted` picks.
std::vector<Caller> callers_with(const std::vector<CallGroup>& calls,
                                 bool (*wanted)(const CipherSuite& suite, ProtocolVersion version));

}  // namespace wiretight
