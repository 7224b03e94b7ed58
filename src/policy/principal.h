#pragma once

#include <string>
#include <string_view>

#include "core/problem.h"
#include "policy/document.h"
#include "policy/tri.h"

namespace wiretight::policy {

// Who signs the requests.
struct Principal {
  enum class Kind { role, user, federated_user, root };
  Kind kind = Kind::role;
  std::string arn = {};  // of the role, user, federated user or account root
  std::string partition = {};
  std::string account = {};
  std::string name = {};     // without path
  std::string session = {};  // of a role: the name of its session
  bool any_session = false;  // … which nobody has fixed
  bool pathless = false;     // the role is known by a session's ARN, which leaves its path out
  bool service_linked = false;

  // "arn:aws:sts::111122223333:assumed-role/app/i-0123"; the ARN itself for all but roles.
  std::string caller() const;
};

// Takes the ARN of a role, a role's session, a user, a federated user or an account's root. Services and "*" are
// refused: what is to be proved is about one principal.
Outcome<Principal> parse_principal(std::string_view text);

// How closely a resource policy names the principal. It decides whether an Allow is enough by itself.
enum class Grade {
  none,
  account,   // by its account: a delegation, which needs an identity policy too
  everyone,  // "*"
  role,      // by its role: boundary and session policy still limit it
  exact,     // as user or session: neither limits it
};

struct PrincipalMatch {
  Tri match = Tri::no;
  Grade grade = Grade::none;
};

// `bounded`: the principal has a permissions boundary, which makes a NotPrincipal with Deny hit it whatever it lists
// (IAM User Guide, "NotPrincipal").
PrincipalMatch match_principal(const PrincipalElement& element, const Principal& principal, bool bounded);

}  // namespace wiretight::policy
