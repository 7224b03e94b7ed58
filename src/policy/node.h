#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/json.h"
#include "core/place.h"
#include "core/problem.h"

namespace wiretight::policy {

// A part of a string whose value may not be known: `text` is then what is missing, "var.region", "{"Ref":"Table"}".
struct Part {
  std::string text = {};
  bool known = true;
};

// A policy on its way in, from whatever language it was written in. Unknown values are values here.
struct Node {
  enum class Kind { null, boolean, number, text, list, object, unknown };
  Kind kind = Kind::null;
  std::vector<Part> parts = {};  // of a text; of a boolean or number its one spelling; of an unknown what is missing
  std::vector<Node> items = {};
  std::vector<std::pair<std::string, Node>> members = {};
  FilePlace place = {};  // of lists and objects only

  const Node* find(std::string_view name) const;
  // The text of a text without unknown parts, else "".
  std::string_view literal() const;
};

// Reads a JSON file. An object of one member "Ref", "Condition" or "Fn::…" is CloudFormation's and an unknown value.
// The problem's place is "file:line:column".
Outcome<Node> read_json(std::string_view text, const std::string& file);

}  // namespace wiretight::policy
