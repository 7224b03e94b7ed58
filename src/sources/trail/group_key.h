#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "facts/call_group.h"
#include "sources/trail/call.h"
#include "sources/trail/classify.h"
#include "sources/trail/user_agent.h"

namespace wiretight::trail {

// Makes the keys by which calls are counted: all that a CallGroup says of who, where and over what, in one string.
// Remembers what it worked out for user agents and hosts. Not for two threads at once.
class GroupKeys {
 public:
  // The key of a call of DynamoDB, Streams or DAX; nothing for other services. Good until the next call.
  std::string_view of(const Call& call);
  // Of the last key.
  TlsClass tls_class() const { return class_; }

 private:
  const Host& host(std::string_view header);
  const Agent& agent(std::string_view user_agent);

  std::string key_ = {};
  TlsClass class_ = TlsClass::sound;
  std::unordered_map<std::string, Host> hosts_ = {};
  std::unordered_map<std::string, Agent> agents_ = {};
};

// The group with the fields of a key; those of a key that is none are empty.
CallGroup group_of(std::string_view key);
TlsClass class_of(std::string_view key);

// The key of all groups of a class that there was no room for.
std::string overflow_key(TlsClass tls_class);

}  // namespace wiretight::trail
