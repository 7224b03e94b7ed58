#include "policy/guards.h"

#include <algorithm>

#include "policy/actions.h"
#include "policy/condition.h"
#include "policy/evaluate.h"

namespace wiretight::policy {

TlsTest tls_test(const Test& test) {
  const Key key = read_key(test.key);
  if (key.name == "aws:securetransport") return TlsTest::real;
  return key.meant == "aws:SecureTransport" || key.name == "s3:tlsversion" ? TlsTest::dead : TlsTest::none;
}

bool is_guard(const Statement& statement) {
  if (std::ranges::all_of(statement.tests, [](const Test& test) { return tls_test(test) == TlsTest::none; }))
    return false;
  const Context nothing{false};
  return std::ranges::any_of(
      actions(), [&](const Action& action) { return action_matches(statement, action.name, nothing) != Tri::no; });
}

Tri tls_tests_hold(const Statement& statement, const char* secure_transport) {
  Context context{false};
  if (secure_transport)
    context.set("aws:securetransport", {secure_transport});
  else
    context.set_absent("aws:securetransport");
  Tri all = Tri::yes;
  for (const Test& test : statement.tests)
    if (tls_test(test) == TlsTest::real) all = both(all, holds(test, context));
  return all;
}

}  // namespace wiretight::policy
