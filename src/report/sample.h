#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/results.h"

// Small results built by hand, which the tests of all formats share.

namespace wiretight::report::sample {

inline Finding cleartext(std::string target = "http://db.example:8000") {
  Finding finding;
  finding.fingerprint = "11aa";
  finding.rule = "cleartext-accepted";
  finding.detector = "tls-probe";
  finding.severity = Severity::critical;
  finding.category = Category::cleartext;
  finding.cwe = {"CWE-319"};
  finding.title = "DynamoDB requests are answered without TLS";
  finding.message = "db.example:8000 answers DynamoDB requests over plain HTTP (dynalite).";
  finding.target = std::move(target);
  finding.location = EndpointPlace{.endpoint = "db.example:8000"};
  finding.evidence.set("status", 400).set("product", "dynalite").set("score", 7);
  finding.remediation = {.summary = "Answer on TLS only.",
                         .steps = {"Start the server with TLS and close port 8000.", "Change the clients to https."},
                         .fitting = 1,
                         .references = {"https://docs.example/tls"}};
  finding.compliance = {"PCI-DSS-4.0.1:4.2.1"};
  finding.cap = 20;
  return finding;
}

inline Finding broken_cipher(std::string target = "db.example:443") {
  Finding finding;
  finding.fingerprint = "22bb";
  finding.rule = "cipher-broken";
  finding.detector = "tls-probe";
  finding.severity = Severity::high;
  finding.confidence = Confidence::firm;
  finding.category = Category::cipher;
  finding.cwe = {"CWE-327"};
  finding.title = "A broken cipher is accepted";
  finding.message =
      "db.example:443 accepts 6 suites with RC4 or 3DES, among them TLS_RSA_WITH_RC4_128_MD5 with TLSv1.0.";
  finding.target = std::move(target);
  finding.location = EndpointPlace{.endpoint = "db.example:443", .address = "192.0.2.1"};
  finding.evidence.set(
      "suites", Json::array({"TLS_RSA_WITH_RC4_128_MD5", "TLS_RSA_WITH_RC4_128_SHA", "TLS_RSA_WITH_3DES_EDE_CBC_SHA",
                             "TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA", "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA",
                             "TLS_ECDHE_RSA_WITH_RC4_128_SHA"}));
  finding.remediation = {.summary = "Take the suites out.", .steps = {"Set ssl_ciphers to HIGH:!3DES:!RC4."}};
  return finding;
}

inline Finding no_post_quantum(std::string target = "db.example:443") {
  Finding finding;
  finding.fingerprint = "33cc";
  finding.rule = "post-quantum-absent";
  finding.detector = "tls-probe";
  finding.severity = Severity::info;
  finding.category = Category::protocol;
  finding.cwe = {"CWE-326"};
  finding.title = "No post-quantum key exchange";
  finding.message = "db.example:443 accepts no hybrid ML-KEM group.";
  finding.target = std::move(target);
  finding.location = EndpointPlace{.endpoint = "db.example:443"};
  finding.remediation = {.summary = "Use OpenSSL 3.5.", .steps = {"Move to OpenSSL 3.5 or later."}};
  return finding;
}

inline Finding in_file() {
  Finding finding = cleartext("shop");
  finding.fingerprint = "44dd";
  finding.rule = "cleartext-endpoint";
  finding.detector = "boto3";
  finding.message = "DynamoDB is reached at http://db.example:8000 without TLS.";
  finding.location = FilePlace{
      .file = "src/a b,c:%.py", .line = 3, .column = 5, .end_line = 3, .end_column = 61, .offset = 40, .length = 56};
  finding.trace = {
      {.place = FilePlace{.file = "src/settings.py", .line = 9, .column = 1, .end_line = 9, .end_column = 20},
       .message = "ENDPOINT is set here"}};
  finding.fixes = {
      {.title = "Use https", .edits = {{.file = "src/a b,c:%.py", .offset = 60, .length = 4, .text = "https"}}}};
  return finding;
}

inline TargetResult target(std::string name, TargetStatus status = TargetStatus::complete) {
  TargetResult result;
  result.target = std::move(name);
  result.status = status;
  result.statistics.set("bytes", 70123).set("milliseconds", 212).set("connections", 141).set("addresses", 1);
  return result;
}

inline Results base() {
  Results results;
  results.version = "0.1.0";
  results.rules_sha256 = std::string(64, 'a');
  results.started_at = 1795489432120;  // 2026-11-24T03:03:52.120Z
  results.duration_ms = 340;
  return results;
}

inline LoggedFlow logged_flow() {
  LoggedFlow made;
  made.target = "/logs/AWSLogs";
  made.recognised_by = {"pkt-dst-aws-service"};
  made.client = "10.0.0.5";
  made.servers = {"52.94.0.10"};
  made.destination = Destination::aws_dynamodb;
  made.interface = "eni-0123456789abcdef0";
  made.account = "111122223333";
  made.instance = "i-0123456789abcdef0";
  made.region = "eu-west-1";
  made.to_server = {.records = 2, .packets = 30, .bytes = 9000};
  made.from_server = {.records = 2, .packets = 28, .bytes = 40000};
  made.payload_at_least = 42040;
  made.tcp = made.accepted = made.payload = observed(true);
  made.first_seen = 1'800'000'000;
  made.last_seen = 1'800'000'600;
  made.first_record = TrailPlace{.file = "/logs/AWSLogs/a.log.gz", .record = 7};
  made.last_record = TrailPlace{.file = "/logs/AWSLogs/b.log.gz", .record = 1};
  return made;
}

inline Flow flow() {
  Flow made;
  made.target = "/captures/dump.pcap";
  made.place = CapturePlace{.file = "/captures/dump.pcap", .frame = 17, .stream = 2, .offset = 2048};
  made.service = "dynamodb";
  made.client = "10.0.0.5";
  made.server = "52.94.0.10";
  made.port = 80;
  made.host = "dynamodb.eu-west-1.amazonaws.com";
  made.destination = Destination::aws_dynamodb;
  made.signs = {"X-Amz-Target names DynamoDB"};
  made.key_id = "ASIA************MPLE";
  made.region = "eu-west-1";
  made.session_tokens = 3;
  made.operations = {{.name = "PutItem", .count = 3}};
  made.tables = {"Music"};
  made.items_written = 3;
  made.requests = made.responses = 3;
  made.handshakes = {{.offered = ProtocolVersion::tls12, .suite = "TLS_RSA_WITH_AES_128_CBC_SHA", .count = 1}};
  made.alerts = {{.description = 70, .name = "protocol_version", .meaning = "too old", .count = 1}};
  made.connections = 1;
  made.first_frame = 17;
  made.last_frame = 40;
  made.first_seen = made.last_seen = 1'800'000'000'000;
  return made;
}

inline Listener listener() {
  Listener out;
  out.target = "db.example:443";
  out.host = "db.example";
  out.address = "192.0.2.1";
  out.port = 443;
  out.observed_at = 1795489432;
  out.cleartext.kind = CleartextKind::tls_required;
  out.cleartext.status = 400;
  out.tls = observed(true);
  const CipherSuite rc4{.code = 4,
                        .name = "TLS_RSA_WITH_RC4_128_MD5",
                        .key_exchange = "RSA",
                        .authentication = "RSA",
                        .cipher = "RC4",
                        .mode = "stream",
                        .mac = "MD5",
                        .bits = 128};
  const CipherSuite gcm{.code = 0xc02f,
                        .name = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                        .key_exchange = "ECDHE",
                        .authentication = "RSA",
                        .cipher = "AES",
                        .mode = "GCM",
                        .mac = "AEAD",
                        .bits = 128,
                        .forward_secret = true};
  out.protocols = {
      {.version = ProtocolVersion::ssl2, .accepted = observed(false)},
      {.version = ProtocolVersion::ssl3, .accepted = unresolved<bool>("the connection was reset")},
      {.version = ProtocolVersion::tls10, .accepted = observed(true), .suites = {rc4}, .suites_complete = true},
      {.version = ProtocolVersion::tls12,
       .accepted = observed(true),
       .suites = {gcm, rc4},
       .server_preference = observed(true)},
      {.version = ProtocolVersion::tls13, .accepted = observed(false)}};
  out.groups = {{.code = 0x1d, .name = "x25519", .bits = 255}};
  Certificate leaf;
  leaf.subject = "CN=db.example";
  leaf.issuer = "CN=Example CA";
  leaf.serial = "01";
  leaf.names = {"db.example", "www.db.example"};
  leaf.not_before = 1790000000;
  leaf.not_after = 1800000000;
  leaf.key_algorithm = "RSA";
  leaf.key_bits = 2048;
  leaf.rsa_exponent = 65537;
  leaf.sha256 = std::string(64, 'b');
  Chain chain;
  chain.certificates = {leaf};
  chain.served_to = {"SNI db.example", "no SNI"};
  chain.for_right_name = true;
  chain.trusted = observed(false);
  chain.trust_error = "unable to get local issuer certificate";
  out.chains = {chain};
  out.dh = {{.version = ProtocolVersion::tls12, .bits = 2048, .prime_sha256 = std::string(64, 'c')}};
  out.vulnerabilities = {{.name = "heartbleed", .cve = "CVE-2014-0160", .vulnerable = observed(false)}};
  out.randomness = {{.kind = "server random", .samples = 40, .predictable = observed(false)}};
  out.large_hello = observed(true);
  return out;
}

inline CallGroup calls() {
  return {.target = "AWSLogs",
          .account = "111122223333",
          .caller_account = "111122223333",
          .region = "eu-west-1",
          .service = "dynamodb",
          .data_event = true,
          .principal_type = "AssumedRole",
          .principal = "arn:aws:iam::111122223333:role/orders",
          .access_key = "ASIA…",
          .sdk = "boto3",
          .sdk_version = "1.26.1",
          .vpc_endpoint = "vpce-0123456789abcdef0",
          .host = "dynamodb.eu-west-1.amazonaws.com",
          .tls_version = "TLSv1.2",
          .cipher_suite = "ECDHE-RSA-AES128-SHA",
          .key_exchange = "secp256r1",
          .tls_class = TlsClass::w2,
          .denied_by = "resource-based policy",
          .denied_resource = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders",
          .count = 3,
          .first_seen = 1790000000,
          .last_seen = 1790003600,
          .operations = {{.name = "GetItem", .count = 3}},
          .addresses = {"192.0.2.7"},
          .samples = {{.event_id = "00000000-0000-4000-8000-000000000001",
                       .place = {.file = "AWSLogs/1.json.gz", .record = 3}}}};
}

inline Results tight() {
  Results results = base();
  results.arguments = {"scan", "db.example:443"};
  results.verdict = Verdict::tight;
  results.targets = {target("db.example:443")};
  results.targets[0].looked_at = {"plain HTTP on ports 443, 80 and 8000",
                                  "SSLv2 to TLSv1.3: 361 suites offered, 3 taken"};
  results.findings = {no_post_quantum()};
  results.grade = Grade{.score = 98,
                        .letter = "A+",
                        .lines = {{.target = "db.example:443",
                                   .rule = "post-quantum-absent",
                                   .points = -2,
                                   .reason = "no hybrid ML-KEM group is accepted"}}};
  results.targets[0].grade = results.grade;
  return results;
}

inline Results leaking() {
  Results results = base();
  results.arguments = {"scan", "db.example:443"};
  results.verdict = Verdict::leaking;
  results.targets = {target("db.example:443")};
  results.targets[0].looked_at = {"SSLv2 to TLSv1.3: 361 suites offered, 2 taken"};
  results.findings = {cleartext("db.example:443"), broken_cipher(), no_post_quantum()};
  results.grade =
      Grade{.score = 15,
            .letter = "F",
            .lines = {{.target = "db.example:443",
                       .rule = "cleartext-accepted",
                       .points = -60,
                       .cap = 20,
                       .reason = "what crosses without TLS can be read and changed by anyone on the path"},
                      {.target = "db.example:443", .rule = "cipher-broken", .points = -25, .reason = "RC4 and 3DES"}}};
  results.targets[0].grade = results.grade;
  results.facts.listeners = {listener()};
  results.facts.flows = {flow()};
  results.facts.logged_flows = {logged_flow()};
  results.facts.calls = {calls()};
  results.facts.trail_coverage = {{.target = "AWSLogs",
                                   .account = "111122223333",
                                   .region = "eu-west-1",
                                   .events = 900,
                                   .management_events = 12,
                                   .data_events = 40,
                                   .first_seen = 1790000000,
                                   .last_seen = 1790003600,
                                   .sample = {.file = "AWSLogs/1.json.gz", .record = 1}}};
  results.with_facts = true;
  return results;
}

inline Results incomplete() {
  Results results = base();
  results.arguments = {"scan", "gone.example:443"};
  results.verdict = Verdict::incomplete;
  results.targets = {target("gone.example:443", TargetStatus::failed)};
  results.targets[0].problems = {
      {.target = "gone.example:443", .place = "192.0.2.9:443", .message = "the connection was refused"}};
  return results;
}

inline Results suppressed() {
  Results results = base();
  results.arguments = {"scan", "http://db.example:8000"};
  results.verdict = Verdict::tight;
  results.targets = {target("http://db.example:8000")};
  results.suppressed = {cleartext()};
  results.suppressed[0].suppressed = Suppression{.by = "configuration", .reason = "a test bench"};
  results.grade = Grade{.score = 100, .letter = "A+"};
  results.targets[0].grade = results.grade;
  return results;
}

inline Results several() {
  Results results = leaking();
  results.arguments = {"scan", "db.example:443", "sound.example:443", "gone.example:443", "shop"};
  results.verdict = Verdict::incomplete;
  results.grade = {};
  results.targets.push_back(target("sound.example:443"));
  results.targets.back().grade = Grade{.score = 100, .letter = "A+"};
  results.targets.push_back(incomplete().targets[0]);
  results.targets.push_back(target("shop"));
  results.targets.back().kind = TargetKind::tree;
  results.targets.back().grade = Grade{.score = 20, .letter = "F"};
  results.findings.insert(results.findings.begin(), in_file());
  return results;
}

// A place of each kind, each kind of target, and every key that JSON can have.
inline Results everything() {
  Results results = several();
  results.targets[0].unreported = {0, 1, 0, 0, 0};
  results.targets[0].problems = {{.target = "db.example:443", .place = "renegotiation", .message = "no answer in 5 s"}};
  results.targets[0].status = TargetStatus::partial;
  results.targets[0].grade = {};
  const auto add = [&](TargetKind kind, std::string name, Place place) {
    TargetResult one = target(std::move(name));
    one.kind = kind;
    for (const char* key : {"files", "skipped", "clients", "resources", "events", "dynamodbEvents", "duplicates",
                            "rows", "packets", "flows", "dropped", "calls"}) {
      one.statistics.set(key, 1);
    }
    Finding finding = no_post_quantum(one.target);
    finding.fingerprint = std::string(to_text(kind));
    finding.location = std::move(place);
    finding.confidence = Confidence::tentative;
    finding.related = {"11aa"};
    finding.identity = "the one";
    results.targets.push_back(std::move(one));
    results.findings.push_back(std::move(finding));
  };
  add(TargetKind::account, "aws:shop@eu-west-1",
      ResourcePlace{.resource = "arn:aws:dynamodb:eu-west-1:123456789012:table/orders"});
  add(TargetKind::tree, "infrastructure", ResourcePlace{.resource = "aws_dynamodb_table.orders"});
  add(TargetKind::capture, "dump.pcap",
      CapturePlace{.file = "/captures/dump.pcap", .frame = 17, .stream = 2, .offset = 2048});
  add(TargetKind::trail, "AWSLogs", TrailPlace{.file = "AWSLogs/1.json.gz", .record = 3});
  add(TargetKind::flowlog, "flows", std::monostate());
  add(TargetKind::endpoint, "[2001:db8::1]:443", EndpointPlace{.endpoint = "[2001:db8::1]:443"});
  results.findings[0].ai = true;
  results.suppressed = suppressed().suppressed;
  Listener& listener = results.facts.listeners[0];
  listener.signatures = {{.code = 0x0201, .name = "rsa_pkcs1_sha1", .hash = "SHA1"}};
  listener.chains[0].staple = observed(OcspStaple{.status = "good", .this_update = 1790000000});
  listener.inconsistencies = {"TLSv1.2 was accepted once and refused once"};
  listener.alpn = {"h2"};
  return results;
}

// What `prove` says: one pair that is proved, one with a witness, one that is unknown.
inline Results proofs() {
  const std::string table = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders";
  const std::string role = "arn:aws:iam::111122223333:role/app";
  const FilePlace document{.file = "orders.json", .line = 1, .column = 1, .end_line = 40, .end_column = 2};
  const PolicyStatement allow{.layer = "identity policy",
                              .effect = "Allow",
                              .name = "identity[0].Statement[0] (Items)",
                              .place = {.file = "orders.json", .line = 5, .column = 7, .end_line = 9, .end_column = 8}};
  PolicyStatement deny = allow;
  deny.layer = "resource policy";
  deny.effect = "Deny";
  deny.name = "resourcePolicies[" + table + "].Statement[0] (Tls)";
  const RequestWitness witness{.action = "dynamodb:Query",
                               .resource = table + "/index/aaa",
                               .principal = "arn:aws:sts::111122223333:assumed-role/app/any-session",
                               .context = {{"aws:SecureTransport", "false"}, {"aws:PrincipalOrgID", "(absent)"}},
                               .through_endpoint = true,
                               .allowed_by = {allow}};
  Proof proved{
      .target = "orders.json",
      .name = "orders.json[0]",
      .place = document,
      .table = table,
      .account = "111122223333",
      .principal = role,
      .verdict = ProofVerdict::proved,
      .closings = {{.by = deny, .actions = {"dynamodb:GetItem", "dynamodb:Query"}, .kinds = {"table", "index"}},
                   {.missing = "no Allow in the identity policy",
                    .actions = {"dynamodb:GetRecords"},
                    .kinds = {"stream"}}},
      .notes = {deny.name + " also denies requests that lack aws:SecureTransport, which those of AWS services may"}};
  Proof open = proved;
  open.name = "orders.json[1]";
  open.verdict = ProofVerdict::witness;
  open.openings = {{.kind = "index", .actions = {"dynamodb:Query", "dynamodb:Scan"}, .witness = witness},
                   {.kind = "stream", .actions = {"dynamodb:GetRecords"}, .witness = witness}};
  open.account_wide = {"dynamodb:ListTables"};
  open.mistakes = {{.number = 3,
                    .name = "table-arn-only",
                    .statement = deny,
                    .message = "its Resource leaves out the index: dynamodb:Query on the index gets through",
                    .mend = "Name TABLE-ARN/index/* in Resource beside the table's ARN.",
                    .witness = witness}};
  open.lock_outs = {{.statement = deny, .kind = "table", .actions = {"dynamodb:PutResourcePolicy"}, .repair = true}};
  Proof unknown = proved;
  unknown.name = "orders.json[2]";
  unknown.verdict = ProofVerdict::unknown;
  unknown.unknown = {deny.name + ": the value of var.table in Resource"};
  Results results = base();
  results.arguments = {"prove", "orders.json"};
  results.verdict = Verdict::incomplete;
  results.with_proofs = true;
  results.facts.proofs = {proved, open, unknown};
  results.targets = {target("orders.json", TargetStatus::partial)};
  results.targets[0].kind = TargetKind::tree;
  results.targets[0].problems = {
      {.target = "orders.json", .place = table, .message = "UNKNOWN: " + unknown.unknown[0]}};
  return results;
}

// What a hostile server, a hostile file and a careless user can put into a report.
inline Results hostile() {
  const std::string text =
      "\x1b[31mred\x07 \xff \xe2\x80\xae \xef\xbf\xbf ::error::x\n::error::y\r ##[error]z %0A | a|b `c|d` ``` <!-- "
      "<script>alert(1)</script> ]]> &amp; \"quoted\" 'q' [link](http://evil.example) www.evil.example @team #1 {0} "
      "AKIAIOSFODNN7EXAMPLE https://user:hunter2@db.example/ X-Amz-Signature=0123abc "
      "aws_secret_access_key=wJalrXUtnFEMI/K7MDENG 日本語 🔒";
  Results results = base();
  results.arguments = {"scan", text};
  results.verdict = Verdict::incomplete;
  Finding finding = broken_cipher(text);
  finding.rule = "cipher-broken";
  finding.title = finding.message = finding.identity = text;
  finding.location = FilePlace{.file = text, .line = 1, .column = 1, .end_line = 1, .end_column = 2};
  finding.evidence = Json::object({{text, text}, {"sessionToken", "FwoGZXIvYXdz"}, {"list", Json::array({text})}});
  finding.trace = {{.place = EndpointPlace{.endpoint = text, .address = text}, .message = text}};
  finding.remediation = {.summary = text, .steps = {text, text + "\n" + text}, .references = {text}};
  finding.fixes = {{.title = text, .edits = {}}};
  finding.compliance = {text};
  results.findings = {finding};
  results.suppressed = {finding};
  results.suppressed[0].identity += " (another)";  // nothing is both reported and suppressed
  results.suppressed[0].suppressed = Suppression{.by = text, .reason = text};
  results.targets = {target(text, TargetStatus::partial)};
  results.targets[0].looked_at = {text};
  results.targets[0].problems = {{.target = text, .place = text, .message = text}};
  return results;
}

// A long list: tight ones, unreachable ones, and every tenth leaking.
inline Results crowd(int count) {
  Results results = base();
  results.arguments = {"scan", "@hosts"};
  results.verdict = Verdict::incomplete;
  for (int i = 0; i < count; ++i) {
    const std::string name = "host-" + std::to_string(i) + ".example:8000";
    results.targets.push_back(target(name));
    results.targets.back().grade = Grade{.score = 100, .letter = "A+"};
    if (i % 10 == 0) {
      results.targets.back().grade = Grade{.score = 20, .letter = "F"};
      results.findings.push_back(cleartext(name));
      results.findings.back().fingerprint = std::to_string(i);
      results.findings.back().location = EndpointPlace{.endpoint = name};
    } else if (i % 10 == 1) {
      results.targets.back() = target(name, TargetStatus::failed);
      results.targets.back().problems = {{.target = name, .message = "the connection was refused"}};
    }
  }
  return results;
}

// All of them, by name.
inline std::vector<std::pair<std::string, Results>> all() {
  return {{"tight", tight()},           {"leaking", leaking()}, {"incomplete", incomplete()},
          {"suppressed", suppressed()}, {"several", several()}, {"everything", everything()},
          {"proofs", proofs()},         {"hostile", hostile()}, {"crowd", crowd(60)}};
}

}  // namespace wiretight::report::sample
