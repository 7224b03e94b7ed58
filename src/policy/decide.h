#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "policy/arn.h"
#include "policy/evaluate.h"
#include "policy/situation.h"

// The question: is there a request with aws:SecureTransport=false (or another value) by this principal to this table,
// one of its indexes, streams, backups, exports, imports or its global table, that the documents allow?
//
// The method is finite and exact (infrastructure.md 3.6). Actions are enumerated. Resources fall into finitely many
// classes, those that all Resource patterns match alike; the product of the patterns' automata finds one string for
// each. So do the values of each condition key. What remains is a small search over the keys. Where something is not
// known, the proof assumes the worst (an Allow applies, a Deny does not) and the witness the best, so that both are
// right within the documents; what is neither is unknown, with what is missing.
namespace wiretight::policy {

enum class Verdict { proved, witness, unknown };

std::string_view to_text(Verdict verdict);  // "PROVED" "WITNESS" "UNKNOWN"

// A request without TLS that gets through. It has been given to `evaluate`, which allows it.
struct Witness {
  Request request = {};
  ResourceKind kind = ResourceKind::table;
  std::string caller = {};  // the principal's ARN as the request shows it
  Decision decision = {};
  // Condition keys that the documents look at: how people write them, and the value ("(absent)" for none).
  std::vector<std::pair<std::string, std::string>> context = {};
};

// What gets through on one kind of resource.
struct Opening {
  ResourceKind kind = ResourceKind::table;
  std::vector<std::string_view> actions = {};
  Witness witness = {};  // of the first of them
};

// Why requests do not get through: by a statement, or because nothing allows them.
struct Closing {
  std::optional<Citation> by = {};
  std::string missing = {};  // without a statement: "no Allow in the identity policy"
  std::vector<std::string_view> actions = {};
  std::vector<ResourceKind> kinds = {};
};

// The answer.
struct Proof {
  std::string name = {};
  std::string table = {};
  std::string principal = {};
  Verdict verdict = Verdict::unknown;
  std::vector<Opening> openings = {};     // not empty for `witness`; items' actions first
  std::vector<std::string> unknown = {};  // not empty for `unknown`: what is missing
  std::vector<Closing> closings = {};
  // Actions on no resource (ListTables …) that the documents allow without TLS. They are not the table's, and count for
  // nothing in the verdict.
  std::vector<std::string_view> account_wide = {};
};

struct Question {
  std::string secure_transport = "false";  // the value of aws:SecureTransport in the requests looked for
  std::int64_t now = 0;  // seconds since 1970: conditions on aws:CurrentTime are judged from then on. 0: at any time
  std::size_t steps = 100'000;            // of one search over the keys
  std::size_t product_steps = 4'000'000;  // of one product of patterns
};

Proof decide(const Situation& situation, const Question& question = {});

}  // namespace wiretight::policy
