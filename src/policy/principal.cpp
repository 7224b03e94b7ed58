#include "policy/principal.h"

#include <algorithm>
#include <fmt/format.h>

#include "core/text.h"
#include "policy/arn.h"

namespace wiretight::policy {
namespace {

std::string_view after_last_slash(std::string_view text) { return text.substr(text.rfind('/') + 1); }

bool is_account_id(std::string_view text) {
  return text.size() == 12 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// An id of IAM's own, "AROA…", stands for one principal that documents do not name.
bool is_unique_id(std::string_view text) {
  return text.size() >= 16 && text.starts_with('A') && text.find(':') == std::string_view::npos &&
         text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == std::string_view::npos;
}

PrincipalMatch match_aws(std::string_view value, const Principal& principal) {
  if (value == principal.account || value == fmt::format("arn:{}:iam::{}:root", principal.partition, principal.account))
    return {.match = Tri::yes, .grade = principal.kind == Principal::Kind::root ? Grade::exact : Grade::account};
  if (is_account_id(value)) return {};
  if (is_unique_id(value)) return {.match = Tri::maybe, .grade = Grade::role};
  if (principal.kind != Principal::Kind::role)
    return value == principal.arn ? PrincipalMatch{.match = Tri::yes, .grade = Grade::exact} : PrincipalMatch{};
  if (value == principal.arn) return {.match = Tri::yes, .grade = Grade::role};
  if (value == principal.caller()) return {.match = Tri::yes, .grade = Grade::exact};
  // A session's ARN leaves out the path of the role.
  const auto arn = parse_arn(value);
  if (principal.pathless && arn && arn->service == "iam" && arn->account == principal.account &&
      arn->resource.starts_with("role/") && after_last_slash(arn->resource) == principal.name)
    return {.match = Tri::maybe, .grade = Grade::role};
  return {};
}

PrincipalMatch match_entry(const PrincipalEntry& entry, const Principal& principal) {
  switch (entry.kind) {
    case PrincipalEntry::Kind::everyone:
      return {.match = Tri::yes, .grade = Grade::everyone};
    case PrincipalEntry::Kind::aws:
      return match_aws(entry.value, principal);
    case PrincipalEntry::Kind::service:
    case PrincipalEntry::Kind::federated:
      return {};
    case PrincipalEntry::Kind::canonical_user:
      return {.match = Tri::maybe, .grade = Grade::account};
    case PrincipalEntry::Kind::unknown:
      return {.match = Tri::maybe, .grade = Grade::exact};
  }
  return {};
}

// Everybody but those listed; and AWS looks for the account, the role and the session one after the other, so that who
// is listed by one of them only may be hit all the same.
PrincipalMatch match_all_but(const PrincipalElement& element, const Principal& principal, bool bounded) {
  if (bounded) return {.match = Tri::yes, .grade = Grade::everyone};
  Tri account = Tri::no, self = Tri::no, session = Tri::no;
  for (const PrincipalEntry& entry : element.entries) {
    const PrincipalMatch listed = match_entry(entry, principal);
    if (listed.grade == Grade::everyone) return {};
    if (listed.grade == Grade::account) account = either(account, listed.match);
    if (listed.grade == Grade::role) self = either(self, listed.match);
    if (listed.grade == Grade::exact) session = either(session, listed.match);
  }
  const bool is_role = principal.kind == Principal::Kind::role;
  const bool is_root = principal.kind == Principal::Kind::root;
  const Tri listed = is_root ? session : both(account, is_role ? both(self, session) : session);
  const Tri mentioned = either(account, either(self, session));
  Tri match = Tri::maybe;
  if (mentioned == Tri::no) match = Tri::yes;
  if (listed == Tri::yes) match = Tri::no;
  return {.match = match, .grade = Grade::everyone};
}

}  // namespace

std::string Principal::caller() const {
  if (kind != Kind::role) return arn;
  return fmt::format("arn:{}:sts::{}:assumed-role/{}/{}", partition, account, name, session);
}

Outcome<Principal> parse_principal(std::string_view text) {
  const auto arn = parse_arn(text);
  if (!arn || (arn->service != "iam" && arn->service != "sts") || arn->account.empty())
    return failure(
        fmt::format("\"{}\" is no principal that can be judged: the ARN of a role, a role's session, a user, a "
                    "federated user or an account's root is wanted",
                    sanitise(text, 200)));
  Principal principal{.arn = std::string(text), .partition = arn->partition, .account = arn->account};
  const std::string_view resource = arn->resource;
  principal.name = after_last_slash(resource);
  if (arn->service == "iam" && resource.starts_with("role/")) {
    principal.session = "any-session";
    principal.any_session = true;
    principal.service_linked = resource.starts_with("role/aws-service-role/");
  } else if (arn->service == "iam" && resource.starts_with("user/")) {
    principal.kind = Principal::Kind::user;
  } else if (arn->service == "iam" && resource == "root") {
    principal.kind = Principal::Kind::root;
  } else if (arn->service == "sts" && resource.starts_with("federated-user/")) {
    principal.kind = Principal::Kind::federated_user;
  } else if (const auto parts = split(resource, '/');
             arn->service == "sts" && parts.size() == 3 && parts[0] == "assumed-role") {
    principal.arn = fmt::format("arn:{}:iam::{}:role/{}", arn->partition, arn->account, parts[1]);
    principal.name = parts[1];
    principal.session = parts[2];
    principal.pathless = true;
  } else {
    return failure(fmt::format("\"{}\" is no role, session, user or root", sanitise(text, 200)));
  }
  if (principal.name.empty()) return failure(fmt::format("\"{}\" has no name", sanitise(text, 200)));
  return principal;
}

PrincipalMatch match_principal(const PrincipalElement& element, const Principal& principal, bool bounded) {
  if (element.negated) return match_all_but(element, principal, bounded);
  PrincipalMatch best;
  for (const PrincipalEntry& entry : element.entries) {
    const PrincipalMatch match = match_entry(entry, principal);
    if (match.match == Tri::no) continue;
    // A certain match before a closer one that is none for sure; then the closer.
    if (match.match > best.match || (match.match == best.match && match.grade > best.grade)) best = match;
  }
  return best;
}

}  // namespace wiretight::policy
