#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/place.h"

// An IAM policy document as it is written, whatever it is attached to. What AWS would make of it is in evaluate.h.
namespace wiretight::policy {

// A string of a policy, cut where it is not literal.
struct Piece {
  enum class Kind {
    literal,
    run,       // "*"
    one,       // "?"
    variable,  // "${aws:username}", "${aws:username, 'nobody'}": text is the key
    unknown,   // a value that the documents do not have: text says which
  };
  Kind kind = Kind::literal;
  std::string text = {};
  std::optional<std::string> fallback = {};  // of a variable
};

struct Text {
  std::string raw = {};  // for people
  std::vector<Piece> pieces = {};
};

// Action or NotAction, Resource or NotResource.
struct Element {
  bool negated = false;
  std::vector<Text> entries = {};
};

struct PrincipalEntry {
  enum class Kind { everyone, aws, service, federated, canonical_user, unknown };
  Kind kind = Kind::aws;
  std::string value = {};
};

// Principal or NotPrincipal.
struct PrincipalElement {
  bool negated = false;
  std::vector<PrincipalEntry> entries = {};
};

enum class Family { string, arn, boolean, numeric, date, address, binary, null };
enum class Comparison { equal, less, less_or_equal, greater, greater_or_equal };
enum class Quantifier { none, for_all_values, for_any_value };

// A condition operator, "ForAnyValue:StringNotLikeIfExists" taken apart.
struct Operator {
  Family family = Family::string;
  Comparison comparison = Comparison::equal;
  Quantifier quantifier = Quantifier::none;
  bool negated = false;
  bool wildcards = false;
  bool ignore_case = false;
  bool if_exists = false;
};

// One key of one operator of a Condition. All of a statement's tests must hold; one matching value is enough.
struct Test {
  Operator op = {};
  std::string operator_name = {};  // as written
  std::string key = {};            // as written
  std::vector<Text> values = {};
  std::string unknown = {};  // not empty: the condition as a whole is not known, and this is what is missing
};

enum class Effect { allow, deny };

struct Statement {
  std::string sid = {};
  std::size_t index = 0;  // in the list, from 0
  Effect effect = Effect::allow;
  Element actions = {};
  Element resources = {};
  std::optional<PrincipalElement> principal = {};
  std::vector<Test> tests = {};
  FilePlace place = {};
};

struct Policy {
  std::string name = {};  // how people find it: "identity[0]", "resourcePolicies[arn:…]"
  std::string id = {};    // its Id
  // Version 2012-10-17: "${…}" is a variable. Without it, it is plain text.
  bool variables = false;
  std::vector<Statement> statements = {};
  // What the document has that nobody can read yet, or the whole of it: it may allow and deny anything.
  std::vector<std::string> unknown = {};
  FilePlace place = {};
};

}  // namespace wiretight::policy
