#include "sources/certificate/judge.h"

#include <algorithm>
#include <fmt/format.h>

#include "core/digest.h"
#include "core/text.h"
#include "sources/certificate/certificate.h"
#include "sources/certificate/defects.h"
#include "sources/certificate/path.h"
#include "sources/certificate/staple.h"

namespace wiretight::certificate {
namespace {

constexpr std::size_t most_remembered = 32;

// One digest of all certificates, of where each ends, and of the time.
std::string key_of(std::span<const std::vector<std::uint8_t>> chain, std::int64_t at) {
  std::string bytes = fmt::format("{}", at);
  for (const auto& der : chain) {
    bytes += fmt::format(",{}:", der.size());
    bytes.append(reinterpret_cast<const char*>(der.data()), der.size());
  }
  return sha256_hex(bytes);
}

// As many certificates as the limits allow.
std::span<const std::vector<std::uint8_t>> bounded(std::span<const std::vector<std::uint8_t>> chain) {
  std::size_t count = 0;
  std::size_t bytes = 0;
  while (count < std::min(chain.size(), limits::certificates)) {
    bytes += chain[count].size();
    if (bytes > limits::chain_bytes) break;
    ++count;
  }
  return chain.first(count);
}

std::vector<std::uint8_t> der_of(X509* certificate) {
  unsigned char* der = nullptr;
  const int length = i2d_X509(certificate, &der);
  std::vector<std::uint8_t> bytes;
  if (length > 0) bytes.assign(der, der + length);
  OPENSSL_free(der);
  return bytes;
}

// The certificate whose key signed the leaf; empty when it is not known.
std::vector<std::uint8_t> issuer_of(const Path& path) {
  if (path.steps.empty()) return {};
  X509* leaf = path.steps[0].get();
  X509* issuer = path.steps.size() > 1 ? path.steps[1].get() : leaf;
  return check_signature(*leaf, *issuer) == Signature::valid ? der_of(issuer) : std::vector<std::uint8_t>();
}

Setting<bool> name_of_leaf(const Certificate& leaf, std::string_view host) {
  if (host.empty()) return unresolved<bool>("no name was asked for");
  if (covers(leaf.names, host)) return observed(true);
  if (leaf.names.size() >= limits::names)
    return unresolved<bool>(fmt::format("only the first {} names of the certificate were read", limits::names));
  return observed(false);
}

}  // namespace

Judge::Known Judge::judge_chain(std::span<const std::vector<std::uint8_t>> all, std::int64_t at) const {
  Known known;
  Chain& out = known.chain;
  std::vector<Cert> parsed;
  const auto chain = bounded(all);
  for (std::size_t i = 0; i < chain.size(); ++i) {
    auto certificate = parse(chain[i]);
    auto facts = certificate ? describe(**certificate, chain[i]) : std::unexpected(certificate.error());
    if (facts) {
      out.certificates.push_back(std::move(*facts));
      parsed.push_back(std::move(*certificate));
      continue;
    }
    out.defects.push_back(fmt::format("unreadable: certificate {} of {}: {}", i + 1, all.size(), facts.error().what));
    if (i > 0) continue;
    out.trusted = observed(false);
    out.trust_error = "the server's certificate cannot be read: " + facts.error().what;
    return known;
  }
  if (parsed.empty()) {
    out.trusted = unresolved<bool>(all.empty() ? "no certificate was shown" : "the certificate is too long");
    return known;
  }
  if (chain.size() < all.size())
    out.defects.push_back(fmt::format("too long: {} certificates, of which {} were read", all.size(), chain.size()));

  std::vector<X509*> served;
  for (const Cert& certificate : parsed) served.push_back(certificate.get());
  const Path path = find_path(served, trust_.state(), at);
  out.trusted = path.trusted;
  out.trust_error = path.error;
  if (!trust_.state().usable()) {
    out.trusted = unresolved<bool>("this machine has no trusted certificates");
    out.trust_error = out.trusted.why;
  }
  std::ranges::move(defects_of(served, path, at), std::back_inserter(out.defects));
  known.issuer = issuer_of(path);
  return known;
}

Chain Judge::judge(const Presented& presented) {
  const std::string key = key_of(presented.chain, presented.at);
  if (chains_.size() >= most_remembered && !chains_.contains(key)) chains_.clear();
  auto [entry, fresh] = chains_.try_emplace(key);
  if (fresh) entry->second = judge_chain(presented.chain, presented.at);

  Chain chain = entry->second.chain;
  if (chain.certificates.empty()) {
    chain.name_matches = unresolved<bool>("there is no certificate that can be read");
    chain.staple = unresolved<OcspStaple>("there is no certificate that can be read");
    return chain;
  }
  chain.name_matches = name_of_leaf(chain.certificates[0], presented.host);
  if (presented.staple.empty()) {
    chain.staple = presented.staple_asked
                       ? observed(OcspStaple{.status = "none"}, "none was sent though it was asked for")
                       : unresolved<OcspStaple>("not asked for");
    return chain;
  }
  const auto leaf = parse(presented.chain[0]);
  const auto issuer = parse(entry->second.issuer);
  if (leaf) chain.staple = read_staple(presented.staple, **leaf, issuer ? issuer->get() : nullptr, presented.at);
  return chain;
}

}  // namespace wiretight::certificate
