#pragma once

#include <doctest/doctest.h>
#include <string>
#include <string_view>
#include <vector>

#include "policy/decide.h"
#include "policy/parse.h"
#include "policy/situation.h"

// What the tests of policies have in common.
namespace wiretight::policy::fixture {

inline const std::string table = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders";
inline const std::string role = "arn:aws:iam::111122223333:role/app";

// A policy of these statements; single quotes stand for double ones.
inline std::string json(std::string text) {
  for (char& byte : text)
    if (byte == '\'') byte = '"';
  return text;
}

inline Policy policy(const std::string& statements, const std::string& name = "policy") {
  const auto node = read_json(json("{'Version':'2012-10-17','Statement':[" + statements + "]}"), "test.json");
  REQUIRE_MESSAGE(node, node.error().what);
  auto read = parse_policy(*node, name);
  REQUIRE_MESSAGE(read, read.error().what);
  return *read;
}

// A situation of the members of a contract's object, for `table` and `role` unless the members say otherwise.
inline Situation situation(const std::string& members) {
  std::string text = json("{" + members);
  if (text.find("\"table\"") == std::string::npos) text += ",\"table\":\"" + table + "\"";
  if (text.find("\"principal\"") == std::string::npos) text += ",\"principal\":\"" + role + "\"";
  const auto read = read_situations(text + "}", "test.json");
  REQUIRE_MESSAGE(read, read.error().what);
  REQUIRE(read->size() == 1);
  return read->front();
}

// "'identity':[{…}]" of statements.
inline std::string attached(const std::string& member, const std::string& statements) {
  return "'" + member + "':[{'Version':'2012-10-17','Statement':[" + statements + "]}]";
}
inline std::string on_table(const std::string& statements) {
  return "'resourcePolicies':{'" + table + "':{'Version':'2012-10-17','Statement':[" + statements + "]}}";
}

inline const std::string allow_all = "{'Effect':'Allow','Action':'dynamodb:*','Resource':'*'}";
inline const std::string without_tls = "'Condition':{'Bool':{'aws:SecureTransport':'false'}}";

}  // namespace wiretight::policy::fixture
