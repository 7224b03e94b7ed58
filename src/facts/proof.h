#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/place.h"

// What was proved about one principal and one table from policies: whether a request with aws:SecureTransport=false
// gets through. Everything in it is said of the documents that were given, and of nothing else.
namespace wiretight {

enum class ProofVerdict {
  proved,   // no such request gets through
  witness,  // one does, and here it is
  unknown,  // it hangs on what the documents do not say
};

// "PROVED" "WITNESS" "UNKNOWN"
constexpr const char* to_text(ProofVerdict verdict) {
  switch (verdict) {
    case ProofVerdict::proved:
      return "PROVED";
    case ProofVerdict::witness:
      return "WITNESS";
    case ProofVerdict::unknown:
      return "UNKNOWN";
  }
  return "";
}

// A statement of a policy, as people find it.
struct PolicyStatement {
  std::string layer = {};   // "identity policy", "resource control policy", …
  std::string effect = {};  // "Allow" "Deny"
  std::string name = {};    // "identity[0].Statement[2] (Items)"
  FilePlace place = {};
  bool operator==(const PolicyStatement&) const = default;
};

// One request, whole: whoever doubts it can ask IAM.
struct RequestWitness {
  std::string action = {};                                        // "dynamodb:GetItem"
  std::string resource = {};                                      // ARN
  std::string principal = {};                                     // ARN of the caller
  std::vector<std::pair<std::string, std::string>> context = {};  // condition keys that matter; "(absent)" for none
  bool through_endpoint = false;                                  // by way of the VPC endpoint with the policy given
  std::vector<PolicyStatement> allowed_by = {};
};

// What gets through on one kind of resource: "table", "index", "stream", "backup", "export", "import", "global table".
struct ProofOpening {
  std::string kind = {};
  std::vector<std::string> actions = {};
  RequestWitness witness = {};  // of the first of them
};

// Why requests do not get through: by a statement, or because nothing allows them.
struct ProofClosing {
  std::optional<PolicyStatement> by = {};
  std::string missing = {};  // without a statement: "no Allow in the identity policy"
  std::vector<std::string> actions = {};
  std::vector<std::string> kinds = {};
};

// A statement that was meant to keep requests without TLS out and does not: one of sixteen classic ways.
struct GuardMistake {
  int number = 0;         // 1 to 16
  std::string name = {};  // "table-arn-only"
  PolicyStatement statement = {};
  std::string message = {};  // a sentence: what it leaves open
  std::string mend = {};     // a sentence: what to write instead
  RequestWitness witness = {};
};

// A statement about TLS that also stops requests over TLS.
struct LockOut {
  PolicyStatement statement = {};
  std::string kind = {};
  std::vector<std::string> actions = {};  // that would get through over TLS without it
  bool repair = false;                    // PutResourcePolicy or DeleteResourcePolicy is among them
};

struct Proof {
  std::string target = {};  // as the user named it
  std::string detector = "policy";
  std::string name = {};  // of the document: the file, and which of several in it
  FilePlace place = {};   // of the document
  std::string table = {};
  std::string account = {};  // of the table
  std::string principal = {};
  ProofVerdict verdict = ProofVerdict::unknown;
  std::vector<ProofOpening> openings = {};     // not empty for `witness`; actions on items first
  std::vector<std::string> unknown = {};       // not empty for `unknown`: a sentence for each value that is missing
  std::vector<ProofClosing> closings = {};     // what keeps the rest out
  std::vector<std::string> account_wide = {};  // actions on no resource that get through; no part of the verdict
  std::vector<GuardMistake> mistakes = {};
  std::vector<LockOut> lock_outs = {};
  std::vector<std::string> notes = {};  // what an auditor should know besides
};

}  // namespace wiretight
