#pragma once

#include <string>

#include "core/problem.h"
#include "policy/document.h"
#include "policy/node.h"

namespace wiretight::policy {

// Reads one policy: an object with Version, Id and Statement. Takes what IAM takes and no more, because a document that
// IAM refuses protects nothing: a wrong name, a missing element or an element given twice is a problem, and its place
// is that of the statement. Whether the statements suit what the policy is attached to is not looked at here.
Outcome<Policy> parse_policy(const Node& node, std::string name);

// "ForAnyValue:StringLikeIfExists" taken apart.
Outcome<Operator> parse_operator(std::string_view name);

// Cuts "${…}" (with `variables`), "*" and "?" out of a string.
Text parse_text(std::string_view text, bool variables);

}  // namespace wiretight::policy
