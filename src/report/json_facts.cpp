#include <string>
#include <string_view>
#include <utility>

#include "core/text.h"
#include "facts/listener.h"
#include "report/clean.h"
#include "report/json.h"
#include "report/json_parts.h"

namespace wiretight::report {
namespace {

std::string_view to_text(How how) {
  switch (how) {
    case How::unresolved:
      return "unresolved";
    case How::defaulted:
      return "default";
    case How::stated:
      return "explicit";
    case How::observed:
      return "observed";
  }
  return "unresolved";
}

std::string_view to_text(CleartextKind kind) {
  switch (kind) {
    case CleartextKind::not_tested:
      return "not-tested";
    case CleartextKind::none:
      return "none";
    case CleartextKind::tls_required:
      return "tls-required";
    case CleartextKind::other:
      return "other";
    case CleartextKind::http:
      return "http";
    case CleartextKind::redirect:
      return "redirect";
    case CleartextKind::dynamodb:
      return "dynamodb";
  }
  return "not-tested";
}

Json time_or_null(std::int64_t seconds) { return seconds == 0 ? Json() : Json(rfc3339(seconds)); }

// {"value", "how", "why"?}; the value is null while it is unresolved, so that "not known" can never read as false.
template <class T, class Convert>
Json setting(const Setting<T>& from, Convert convert) {
  Json out = Json::object();
  out.set("value", from.known() ? Json(convert(from.value)) : Json());
  out.set("how", to_text(from.how));
  if (!from.why.empty()) out.set("why", clean(from.why));
  return out;
}

Json setting(const Setting<bool>& from) {
  return setting(from, [](bool value) { return Json(value); });
}
Json setting(const Setting<std::uint32_t>& from) {
  return setting(from, [](std::uint32_t value) { return Json(value); });
}
Json setting(const Setting<std::string>& from) {
  return setting(from, [](const std::string& value) { return Json(clean(value)); });
}

Json to_json(const CleartextAnswer& answer) {
  return Json::object({{"kind", to_text(answer.kind)},
                       {"status", answer.status == 0 ? Json() : Json(answer.status)},
                       {"server", clean(answer.server)},
                       {"location", clean(answer.location)},
                       {"score", answer.score},
                       {"signs", strings(answer.signs)},
                       {"aws", answer.aws},
                       {"product", clean(answer.product)},
                       {"html", answer.html}});
}

Json to_json(const CipherSuite& suite) {
  return Json::object({{"code", suite.code},
                       {"name", clean(suite.name)},
                       {"keyExchange", clean(suite.key_exchange)},
                       {"authentication", clean(suite.authentication)},
                       {"cipher", clean(suite.cipher)},
                       {"mode", clean(suite.mode)},
                       {"mac", clean(suite.mac)},
                       {"bits", suite.bits},
                       {"exportGrade", suite.export_grade},
                       {"anonymous", suite.anonymous},
                       {"forwardSecret", suite.forward_secret}});
}

Json to_json(const ProtocolSupport& support) {
  return Json::object({{"version", to_text(support.version)},
                       {"accepted", setting(support.accepted)},
                       {"suites", list(support.suites, [](const CipherSuite& suite) { return to_json(suite); })},
                       {"suitesComplete", support.suites_complete},
                       {"serverPreference", setting(support.server_preference)}});
}

Json to_json(const NamedGroup& group) {
  return Json::object({{"code", int{group.code}},
                       {"name", clean(group.name)},
                       {"bits", group.bits},
                       {"postQuantum", group.post_quantum}});
}

Json to_json(const SignatureScheme& scheme) {
  return Json::object({{"code", int{scheme.code}},
                       {"name", clean(scheme.name)},
                       {"hash", clean(scheme.hash)},
                       {"version", to_text(scheme.version)}});
}

Json to_json(const DhParameters& dh) {
  return Json::object({{"version", to_text(dh.version)},
                       {"bits", dh.bits},
                       {"primeSha256", clean(dh.prime_sha256)},
                       {"knownAs", clean(dh.known_as)},
                       {"standard", dh.standard},
                       {"exportGrade", dh.export_grade}});
}

Json to_json(const Certificate& certificate) {
  return Json::object({{"subject", clean(certificate.subject)},
                       {"issuer", clean(certificate.issuer)},
                       {"serial", clean(certificate.serial)},
                       {"names", strings(certificate.names)},
                       {"notBefore", rfc3339(certificate.not_before)},
                       {"notAfter", rfc3339(certificate.not_after)},
                       {"keyAlgorithm", clean(certificate.key_algorithm)},
                       {"keyBits", certificate.key_bits},
                       {"curve", clean(certificate.curve)},
                       {"rsaExponent", certificate.rsa_exponent == 0 ? Json() : Json(certificate.rsa_exponent)},
                       {"signatureAlgorithm", clean(certificate.signature_algorithm)},
                       {"signatureHash", clean(certificate.signature_hash)},
                       {"selfSigned", certificate.self_signed},
                       {"authority", certificate.authority},
                       {"serverAuth", certificate.server_auth},
                       {"mustStaple", certificate.must_staple},
                       {"signedTimestamps", certificate.signed_timestamps},
                       {"sha256", clean(certificate.sha256)},
                       {"pin", clean(certificate.pin)},
                       {"knownTest", clean(certificate.known_test)}});
}

Json to_json(const OcspStaple& staple) {
  return Json::object({{"status", clean(staple.status)},
                       {"thisUpdate", time_or_null(staple.this_update)},
                       {"nextUpdate", time_or_null(staple.next_update)}});
}

Json to_json(const Chain& chain) {
  return Json::object({{"certificates", list(chain.certificates, [](const Certificate& one) { return to_json(one); })},
                       {"servedTo", strings(chain.served_to)},
                       {"forRightName", chain.for_right_name},
                       {"trusted", setting(chain.trusted)},
                       {"trustError", clean(chain.trust_error)},
                       {"nameMatches", setting(chain.name_matches)},
                       {"defects", strings(chain.defects)},
                       {"staple", setting(chain.staple, [](const OcspStaple& staple) { return to_json(staple); })}});
}

Json to_json(const VulnerabilityTest& test) {
  return Json::object({{"name", clean(test.name)},
                       {"cve", clean(test.cve)},
                       {"vulnerable", setting(test.vulnerable)},
                       {"observation", clean(test.observation)}});
}

Json to_json(const RandomnessTest& test) {
  return Json::object({{"kind", clean(test.kind)},
                       {"samples", test.samples},
                       {"predictable", setting(test.predictable)},
                       {"observation", clean(test.observation)},
                       {"keyReuseOnly", test.key_reuse_only}});
}

}  // namespace

Json to_json(const Listener& listener) {
  const auto each = [](const auto& items) { return list(items, [](const auto& item) { return to_json(item); }); };
  return Json::object({
      {"target", clean(listener.target)},
      {"endpoint", clean(listener.endpoint())},
      {"host", clean(listener.host)},
      {"address", clean(listener.address)},
      {"port", int{listener.port}},
      {"sni", clean(listener.sni)},
      {"sibling", listener.sibling},
      {"severalAddresses", listener.several_addresses},
      {"destination", wiretight::to_text(listener.destination)},
      {"awsManaged", listener.aws_managed},
      {"observedAt", time_or_null(listener.observed_at)},
      {"detector", clean(listener.detector)},
      {"cleartext", to_json(listener.cleartext)},
      {"tlsUpgrade", setting(listener.tls_upgrade)},
      {"daxCleartext", setting(listener.dax_cleartext)},
      {"overTls", to_json(listener.over_tls)},
      {"tls", setting(listener.tls)},
      {"protocols", each(listener.protocols)},
      {"groups", each(listener.groups)},
      {"preferredGroup", setting(listener.preferred_group)},
      {"postQuantum", setting(listener.post_quantum)},
      {"signatures", each(listener.signatures)},
      {"dh", each(listener.dh)},
      {"chains", each(listener.chains)},
      {"alpn", strings(listener.alpn)},
      {"fallbackScsv", setting(listener.fallback_scsv)},
      {"downgradeSentinel", setting(listener.downgrade_sentinel)},
      {"secureRenegotiation", setting(listener.secure_renegotiation)},
      {"clientRenegotiation", setting(listener.client_renegotiation)},
      {"insecureRenegotiation", setting(listener.insecure_renegotiation)},
      {"compression", setting(listener.compression)},
      {"extendedMasterSecret", setting(listener.extended_master_secret)},
      {"encryptThenMac", setting(listener.encrypt_then_mac)},
      {"heartbeat", setting(listener.heartbeat)},
      {"sessionIdResumption", setting(listener.session_id_resumption)},
      {"ticketResumption", setting(listener.ticket_resumption)},
      {"ticketLifetime", setting(listener.ticket_lifetime)},
      {"earlyData", setting(listener.early_data)},
      {"maxEarlyData", setting(listener.max_early_data)},
      {"clientCertificate", setting(listener.client_certificate)},
      {"largeHello", setting(listener.large_hello)},
      {"strictTransport", setting(listener.strict_transport)},
      {"inconsistencies", strings(listener.inconsistencies)},
      {"vulnerabilities", each(listener.vulnerabilities)},
      {"randomness", each(listener.randomness)},
  });
}

}  // namespace wiretight::report
