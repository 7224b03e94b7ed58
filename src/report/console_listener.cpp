#include <algorithm>
#include <cstddef>
#include <fmt/format.h>
#include <functional>
#include <string_view>
#include <vector>

#include "core/prose.h"
#include "core/text.h"
#include "report/clean.h"
#include "report/console_parts.h"
#include "report/ink.h"

namespace wiretight::report {
namespace {

constexpr std::size_t indent = 4;
constexpr std::size_t label_width = 13;
constexpr std::size_t answer_width = 11;

// A line of the table: the label, the answer in its ink, and the text, wrapped under itself. Without an answer the text
// takes its column too.
std::string row(std::string_view label, std::string_view answer, Ink ink, std::string_view text,
                const ConsoleStyle& style) {
  std::string head = spaces(indent) + padded(label, label_width) + paint(ink, answer, style.color);
  if (text.empty()) return head + "\n";
  std::size_t start = indent + label_width;
  if (!answer.empty()) {
    head += spaces(answer_width - display_width(answer));
    start += answer_width;
  }
  return hang(head, start, text, columns_of(style));
}

std::string cleartext_row(const CleartextAnswer& answer, const ConsoleStyle& style) {
  const std::string product = answer.product.empty() ? "" : fmt::format(" ({})", clean(answer.product));
  switch (answer.kind) {
    case CleartextKind::not_tested:
      return row("plain HTTP", "not tested", Ink::unsure, "", style);
    case CleartextKind::none:
      return row("plain HTTP", "no answer", Ink::good, "", style);
    case CleartextKind::tls_required:
      return row("plain HTTP", "refused", Ink::good, "the server says that this port wants TLS", style);
    case CleartextKind::other:
      return row("plain HTTP", "no", Ink::unsure, "the answer is neither HTTP nor TLS", style);
    case CleartextKind::http:
      return row("plain HTTP", "yes", Ink::unsure, "but it does not look like DynamoDB", style);
    case CleartextKind::redirect:
      return row("plain HTTP", "redirects", Ink::medium, "to " + clean(answer.location), style);
    case CleartextKind::dynamodb:
      return row("plain HTTP", "yes", Ink::bad, "answers DynamoDB requests" + product, style);
  }
  return {};
}

std::size_t count(const std::vector<CipherSuite>& suites, bool (*is)(const CipherSuite&)) {
  return static_cast<std::size_t>(std::ranges::count_if(suites, is));
}

// "12 suites: 4 CBC, 4 without forward secrecy; the server's order"
std::string suites_text(const ProtocolSupport& support) {
  const std::vector<CipherSuite>& suites = support.suites;
  std::string out = (support.suites_complete ? "" : "at least ") + count_of(suites.size(), "suite");
  std::vector<std::string> remarks;
  const auto remark = [&](std::string_view what, bool (*is)(const CipherSuite&)) {
    if (const std::size_t many = count(suites, is); many > 0) remarks.push_back(fmt::format("{} {}", many, what));
  };
  remark("without encryption", [](const CipherSuite& suite) { return suite.cipher == "NULL"; });
  remark("anonymous", [](const CipherSuite& suite) { return suite.anonymous; });
  remark("export", [](const CipherSuite& suite) { return suite.export_grade; });
  remark("RC4", [](const CipherSuite& suite) { return suite.cipher == "RC4" && !suite.export_grade; });
  remark("64-bit block", [](const CipherSuite& suite) {
    return !suite.export_grade &&
           (suite.cipher == "3DES" || suite.cipher == "DES" || suite.cipher == "IDEA" || suite.cipher == "RC2");
  });
  if (support.version != ProtocolVersion::tls13) {
    remark("CBC", [](const CipherSuite& suite) { return suite.mode == "CBC"; });
    remark("without forward secrecy", [](const CipherSuite& suite) { return !suite.forward_secret; });
  }
  if (!remarks.empty()) out += ": " + join(remarks, ", ");
  if (support.server_preference.is(true)) out += "; the server's order";
  if (support.server_preference.is(false)) out += "; the client's order";
  return out;
}

std::string protocol_row(const ProtocolSupport& support, const ConsoleStyle& style) {
  const std::string_view version = to_text(support.version);
  const bool modern = support.version >= ProtocolVersion::tls12;
  if (support.accepted.is(true)) {
    const Ink ink = modern ? Ink::good : Ink::bad;
    return row(version, "yes", ink, support.suites.empty() ? "" : suites_text(support), style);
  }
  if (support.accepted.is(false)) return row(version, "no", modern ? Ink::faint : Ink::good, "", style);
  return row(version, "not known", Ink::unsure, clean(support.accepted.why), style);
}

std::string certificate_row(const Chain& chain, const ConsoleStyle& style) {
  const Certificate& leaf = chain.certificates.front();
  std::string text = fmt::format("{}, {} {}, until {}", clean(leaf.names.empty() ? leaf.subject : leaf.names.front()),
                                 clean(leaf.key_algorithm), leaf.key_bits, utc_date(leaf.not_after));
  if (leaf.names.size() > 1) text.insert(text.find(','), fmt::format(" (+{})", leaf.names.size() - 1));
  if (chain.trusted.is(true)) text += ", trusted";
  if (chain.trusted.is(false)) text += ", not trusted";
  if (!chain.trusted.known()) text += ", trust not known";
  if (!chain.served_to.empty()) {
    text += fmt::format(" (to {})", clean(join(chain.served_to, ", ")));
  }
  return row("certificate", "", Ink::faint, text, style);
}

// "no  none of 12 that were tried", or the names of those that work, and of those that could not be told.
std::string attacks_row(const std::vector<VulnerabilityTest>& tests, const ConsoleStyle& style) {
  if (tests.empty()) return {};
  std::vector<std::string> open;
  std::vector<std::string> unknown;
  for (const VulnerabilityTest& test : tests) {
    if (test.vulnerable.is(true)) open.push_back(clean(test.name));
    if (!test.vulnerable.known()) unknown.push_back(clean(test.name));
  }
  std::string text =
      open.empty() ? fmt::format("none of {} that were tried", tests.size() - unknown.size()) : join(open, ", ");
  if (!unknown.empty()) text += fmt::format("; not known: {}", join(unknown, ", "));
  if (!open.empty()) return row("attacks", "yes", Ink::bad, text, style);
  if (unknown.size() == tests.size()) return row("attacks", "not known", Ink::unsure, join(unknown, ", "), style);
  return row("attacks", "no", unknown.empty() ? Ink::good : Ink::unsure, text, style);
}

}  // namespace

std::string listener_lines(const Listener& listener, const ConsoleStyle& style) {
  if (style.quiet) return {};
  std::string title = clean(listener.endpoint());
  if (!listener.address.empty() && listener.address != listener.host)
    title += fmt::format(" at {}", clean(listener.address));
  std::string out = "  " + paint(Ink::strong, title, style.color) + "\n" + cleartext_row(listener.cleartext, style);
  if (listener.tls.is(false)) out += row("TLS", "no", Ink::bad, clean(listener.tls.why), style);
  if (!listener.tls.known()) out += row("TLS", "not known", Ink::unsure, clean(listener.tls.why), style);
  std::vector<const ProtocolSupport*> newest_first;
  for (const ProtocolSupport& support : listener.protocols) newest_first.push_back(&support);
  std::ranges::sort(newest_first, std::greater{}, &ProtocolSupport::version);
  for (const ProtocolSupport* support : newest_first) out += protocol_row(*support, style);
  if (!listener.groups.empty()) {
    std::vector<std::string> names;
    for (const NamedGroup& group : listener.groups) names.push_back(clean(group.name));
    out += row("groups", "", Ink::faint, join(names, " "), style);
  }
  for (const Chain& chain : listener.chains) {
    if (!chain.certificates.empty()) out += certificate_row(chain, style);
  }
  out += attacks_row(listener.vulnerabilities, style);
  return out;
}

}  // namespace wiretight::report
