#include "sources/certificate/path.h"

#include <algorithm>
#include <fmt/format.h>
#include <openssl/x509_vfy.h>

#include "sources/certificate/certificate.h"

// OpenSSL builds and checks the path. Its security level is 0, so that MD5, SHA-1 and small keys pass: whether they are
// sound is for the rules, which read the facts of each certificate.
namespace wiretight::certificate {
namespace {

using Verification = Handle<X509_STORE_CTX, X509_STORE_CTX_free>;

void end_stack(STACK_OF(X509) * stack) { sk_X509_pop_free(stack, X509_free); }
using Stack = Handle<STACK_OF(X509), end_stack>;

void push(STACK_OF(X509) * stack, X509* certificate) {
  if (X509_up_ref(certificate) == 1 && sk_X509_push(stack, certificate) <= 0) X509_free(certificate);
}

Stack trusted_for(std::span<X509* const> served, TrustStore::State& trust) {
  Stack stack(sk_X509_new_null());
  // The same certificate twice does no harm: the first that fits is taken.
  for (X509* certificate : served)
    for (const X509_NAME* name : {X509_get_issuer_name(certificate), X509_get_subject_name(certificate)})
      for (const Cert& one : trust.find(name)) push(stack.get(), one.get());
  return stack;
}

std::string quoted(const X509_NAME* name) { return fmt::format("\"{}\"", short_text_of(name)); }
std::string subject_of(const X509* certificate) { return quoted(X509_get_subject_name(certificate)); }
std::string issuer_of(const X509* certificate) { return quoted(X509_get_issuer_name(certificate)); }

// Why nothing was found above `last`, although a certificate with its issuer's name may have been sent.
std::string missing_issuer(X509* last, std::span<X509* const> served) {
  for (X509* candidate : served)
    if (candidate != last && same_name(X509_get_subject_name(candidate), X509_get_issuer_name(last)))
      return fmt::format("the certificate of {} that was sent is not the one that issued {}", subject_of(candidate),
                         subject_of(last));
  return fmt::format("the certificate of {}, who issued {}, was not sent and is not among the trusted ones",
                     issuer_of(last), subject_of(last));
}

std::string explain(int error, X509* at, std::span<X509* const> served) {
  switch (error) {
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      // OpenSSL goes by the names.
      if (check_signature(*at, *at) == Signature::invalid)
        return fmt::format("{} names itself as its issuer, but another key signed it", subject_of(at));
      return "the certificate is self-signed and not among the trusted ones";
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
      return fmt::format("the root {} is not among the trusted ones", subject_of(at));
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return missing_issuer(at, served);
    case X509_V_ERR_UNABLE_TO_DECRYPT_CERT_SIGNATURE:
    case X509_V_ERR_UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
      return fmt::format("the signature on {} was not made by {}", subject_of(at), issuer_of(at));
    case X509_V_ERR_INVALID_CA:
    case X509_V_ERR_KEYUSAGE_NO_CERTSIGN:
      return fmt::format("{} signed another certificate and {}", subject_of(at), fault_as_authority(*at));
    case X509_V_ERR_PATH_LENGTH_EXCEEDED:
      return fmt::format("{} has more authorities below it than its path length allows", subject_of(at));
    case X509_V_ERR_PERMITTED_VIOLATION:
    case X509_V_ERR_EXCLUDED_VIOLATION:
      return fmt::format("{} has a name that an authority above it may not certify", subject_of(at));
    case X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION:
      return fmt::format("{} has a critical extension that is not known", subject_of(at));
    case X509_V_ERR_CERT_REJECTED:
      return fmt::format("{} is marked as not trusted", subject_of(at));
    default:
      return X509_verify_cert_error_string(error);
  }
}

// Is it only that this OpenSSL cannot check who signed a certificate? It passes such an issuer over as if it were none.
bool is_beyond_checking(int error, X509& signed_one, std::span<X509* const> served, TrustStore::State& trust) {
  switch (error) {
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
      break;
    default:
      return false;
  }
  const X509_NAME* issuer = X509_get_issuer_name(&signed_one);
  const auto may_have_signed = [&](X509& one) {
    return same_name(X509_get_subject_name(&one), issuer) && check_signature(signed_one, one) == Signature::unknown;
  };
  return std::ranges::any_of(served, [&](X509* one) { return may_have_signed(*one); }) ||
         std::ranges::any_of(trust.find(issuer), [&](const Cert& one) { return may_have_signed(*one); });
}

std::vector<Cert> steps_of(X509_STORE_CTX* verification) {
  std::vector<Cert> steps;
  const STACK_OF(X509)* chain = X509_STORE_CTX_get0_chain(verification);
  for (int i = 0; i < sk_X509_num(chain); ++i) {
    X509* step = sk_X509_value(chain, i);
    if (X509_up_ref(step) == 1) steps.emplace_back(step);
  }
  return steps;
}

// What OpenSSL lets pass here and most clients do not: an authority without basicConstraints, or for other uses only.
std::string unfit_authority(std::span<const Cert> between) {
  for (const Cert& step : between) {
    if (!fault_as_authority(*step).empty()) return explain(X509_V_ERR_INVALID_CA, step.get(), {});
    if ((X509_get_extended_key_usage(step.get()) & (XKU_SSL_SERVER | XKU_SGC | XKU_ANYEKU)) == 0)
      return fmt::format("{} may not certify TLS servers by its extended key usage", subject_of(step.get()));
  }
  return {};
}

}  // namespace

std::string fault_as_authority(X509& certificate) {
  const std::uint32_t flags = X509_get_extension_flags(&certificate);
  // Roots from before version 3 could not say that they are one.
  const bool ancient_root = (flags & EXFLAG_V1) != 0 && (flags & EXFLAG_SS) != 0;
  if ((flags & EXFLAG_CA) == 0 && !ancient_root) return "is no certificate authority";
  if ((X509_get_key_usage(&certificate) & KU_KEY_CERT_SIGN) == 0) return "may not sign certificates by its key usage";
  return {};
}

Path find_path(std::span<X509* const> served, TrustStore::State& trust, std::int64_t at) {
  const QuietErrors quiet;
  const Stack trusted = trusted_for(served, trust);
  Stack others(sk_X509_new_null());
  for (X509* certificate : served.subspan(1)) push(others.get(), certificate);

  Path path;
  for (const unsigned long dates : {0UL, static_cast<unsigned long>(X509_V_FLAG_NO_CHECK_TIME)}) {
    const Verification verification(X509_STORE_CTX_new());
    if (!verification || X509_STORE_CTX_init(verification.get(), nullptr, served[0], others.get()) != 1) {
      path.trusted = unresolved<bool>("the chain could not be checked");
      return path;
    }
    X509_STORE_CTX_set0_trusted_stack(verification.get(), trusted.get());
    X509_VERIFY_PARAM* settings = X509_STORE_CTX_get0_param(verification.get());
    X509_VERIFY_PARAM_set_flags(settings, X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_TRUSTED_FIRST | dates);
    // A time that is set outweighs the flag that says to ignore it.
    if (dates == 0) X509_VERIFY_PARAM_set_time(settings, at);
    X509_VERIFY_PARAM_set_depth(settings, static_cast<int>(limits::certificates) + 1);
    X509_VERIFY_PARAM_set_auth_level(settings, 0);
    X509_VERIFY_PARAM_set_trust(settings, X509_TRUST_SSL_SERVER);

    const bool sound = X509_verify_cert(verification.get()) == 1;
    path.steps = steps_of(verification.get());
    if (sound) {
      path.ends_at_trusted = true;
      const std::size_t last = path.steps.size() - 1;
      path.error = last > 1 ? unfit_authority(std::span(path.steps).subspan(1, last - 1)) : "";
      path.trusted = observed(path.error.empty());
      return path;
    }
    if (dates == 0) continue;
    const int error = X509_STORE_CTX_get_error(verification.get());
    X509* at_fault = X509_STORE_CTX_get_current_cert(verification.get());
    if (!at_fault) at_fault = served[0];
    path.error = explain(error, at_fault, served);
    path.trusted = observed(false);
    if (is_beyond_checking(error, *at_fault, served, trust)) {
      path.error = fmt::format("the signature on {} is of a kind that this program cannot check", subject_of(at_fault));
      path.trusted = unresolved<bool>(path.error);
    }
  }
  return path;
}

}  // namespace wiretight::certificate
