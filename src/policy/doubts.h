#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/rulebook.h"

namespace wiretight::policy {

// What a request asks for.
struct RequestLine {
  const Action& action;
  std::string_view resource = {};
  ResourceKind kind = ResourceKind::table;
  bool through_endpoint = false;
};

// Why it is not known whether the statement applies to such a request: one sentence for each thing that would have to
// be known, with the statement's name. Empty when it is known. `context` leaves free what a request may choose.
std::vector<std::string> doubts_about(const Rule& rule, const Situation& situation, const RequestLine& line,
                                      const PrincipalMatch& principal, const Context& context);

}  // namespace wiretight::policy
