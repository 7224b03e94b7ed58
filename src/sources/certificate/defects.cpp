#include "sources/certificate/defects.h"

#include <algorithm>
#include <fmt/format.h>
#include <optional>

#include "core/text.h"

namespace wiretight::certificate {
namespace {

std::string called(const X509* certificate) {
  return fmt::format("\"{}\"", short_text_of(X509_get_subject_name(certificate)));
}

bool is_same(const X509* one, const X509* other) { return X509_cmp(one, other) == 0; }

// In name and key identifier; that it may sign and did is judged elsewhere.
bool issued(X509* issuer, X509* certificate) {
  const int result = X509_check_issued(issuer, certificate);
  return result != X509_V_ERR_SUBJECT_ISSUER_MISMATCH && result != X509_V_ERR_AKID_SKID_MISMATCH &&
         result != X509_V_ERR_AKID_ISSUER_SERIAL_MISMATCH;
}

bool is_self_issued(const X509* certificate) {
  return same_name(X509_get_subject_name(certificate), X509_get_issuer_name(certificate));
}

std::optional<std::string> out_of_date(const X509* certificate, std::int64_t at) {
  std::int64_t begin = 0, end = 0;
  if (!read_time(X509_get0_notBefore(certificate), begin) || !read_time(X509_get0_notAfter(certificate), end))
    return {};
  if (at > end) return "expired on " + rfc3339(end).substr(0, 10);
  if (at < begin) return "is not valid before " + rfc3339(begin).substr(0, 10);
  return {};
}

// Which certificates stand above the first one, in any order.
std::vector<bool> related_to_first(std::span<X509* const> served) {
  std::vector<bool> related(served.size(), false);
  std::vector<std::size_t> open = {0};
  related[0] = true;
  while (!open.empty()) {
    X509* certificate = served[open.back()];
    open.pop_back();
    for (std::size_t i = 0; i < served.size(); ++i) {
      if (related[i] || !issued(served[i], certificate)) continue;
      related[i] = true;
      open.push_back(i);
    }
  }
  return related;
}

bool is_sent_twice(std::span<X509* const> served, std::size_t at) {
  return std::ranges::any_of(served.first(at), [&](X509* earlier) { return is_same(earlier, served[at]); });
}

void find_misplaced(std::span<X509* const> served, const Path& path, std::int64_t at, std::vector<std::string>& out) {
  const std::vector<bool> related = related_to_first(served);
  for (std::size_t i = 1; i < served.size(); ++i) {
    X509* certificate = served[i];
    const auto is_child = [&](X509* other) { return other != certificate && issued(certificate, other); };
    if (is_sent_twice(served, i)) {
      out.push_back(fmt::format("extra certificate: {} is sent twice", called(certificate)));
    } else if (!related[i]) {
      // An authority that comes before whom it certifies.
      const auto issuer = std::ranges::find_if(served.first(i), [&](X509* one) { return issued(one, certificate); });
      if (issuer != served.begin() + static_cast<std::ptrdiff_t>(i) && !is_self_issued(certificate))
        out.push_back(fmt::format("wrong order: {} comes after its issuer {}", called(certificate), called(*issuer)));
      else
        out.push_back(
            fmt::format("extra certificate: {} has nothing to do with {}", called(certificate), called(served[0])));
    } else if (std::ranges::none_of(served.first(i), is_child)) {
      const auto child = std::ranges::find_if(served.subspan(i + 1), is_child);
      out.push_back(fmt::format("wrong order: {} comes before {}, which it certifies", called(certificate),
                                child == served.end() ? "another" : called(*child)));
    } else if (const auto why = out_of_date(certificate, at)) {
      const bool used = std::ranges::any_of(path.steps, [&](const Cert& s) { return is_same(s.get(), certificate); });
      if (!used)
        out.push_back(
            fmt::format("extra certificate: {} {}; some clients take no other way", called(certificate), *why));
    }
  }
}

void find_out_of_date(const Path& path, std::int64_t at, std::vector<std::string>& out) {
  for (std::size_t i = 1; i < path.steps.size(); ++i) {
    const X509* step = path.steps[i].get();
    const auto why = out_of_date(step, at);
    if (!why) continue;
    const std::string_view kind = is_self_issued(step) ? "root" : "intermediate";
    const std::string_view state = why->starts_with("expired") ? "expired" : "not yet valid";
    out.push_back(fmt::format("{} {}: {} {}", state, kind, called(step), *why));
  }
}

// RFC 5280 6.1.4: who signs must be an authority, and a path length counts the authorities below, the self-issued ones
// and the leaf aside.
void find_unfit(const Path& path, std::vector<std::string>& out) {
  long below = 0;
  for (std::size_t i = 1; i < path.steps.size(); ++i) {
    X509* step = path.steps[i].get();
    if (const std::string fault = fault_as_authority(*step); !fault.empty()) {
      out.push_back(
          fmt::format("no authority: {} signed {} and {}", called(step), called(path.steps[i - 1].get()), fault));
    } else if (const long most = X509_get_pathlen(step); most >= 0 && below > most) {
      out.push_back(
          fmt::format("path length: {} allows {} authorities below it and has {}", called(step), most, below));
    }
    if (!is_self_issued(step)) ++below;
  }
}

}  // namespace

std::vector<std::string> defects_of(std::span<X509* const> served, const Path& path, std::int64_t at) {
  const QuietErrors quiet;
  std::vector<std::string> out;
  find_misplaced(served, path, at, out);
  find_unfit(path, out);
  find_out_of_date(path, at, out);
  // Above an intermediate it may be the root that is not known here, and roots need not be sent.
  if (path.steps.size() == 1 && !path.ends_at_trusted && !is_self_issued(served[0]))
    out.push_back(
        fmt::format("intermediate missing: nothing was sent of \"{}\", who issued {}, and it is no trusted root",
                    short_text_of(X509_get_issuer_name(served[0])), called(served[0])));
  return out;
}

}  // namespace wiretight::certificate
