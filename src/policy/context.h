#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace wiretight::policy {

// What becomes of a condition key in a request to DynamoDB.
enum class KeyFate {
  known,         // a global key, one of DynamoDB's, or one of a session's identity provider
  dead,          // never in such a request: another service's key ("s3:TlsVersion") or a misspelt one
  unrecognised,  // nobody here knows it
};

struct Key {
  std::string name = {};  // as Context has it
  KeyFate fate = KeyFate::known;
  std::string meant = {};  // of a dead key that is a misspelt one: what was meant
};

// Key names are not case-sensitive. aws:EpochTime is aws:CurrentTime told otherwise, and becomes it.
Key read_key(std::string_view written);

// How people write a key: "aws:SecureTransport" from "aws:securetransport".
std::string display_name(std::string_view name);

// A key may have several values in one request.
bool is_multivalued(std::string_view name);
// In every signed request.
bool is_always_present(std::string_view name);

// What is known of the keys of one request, or of all requests in question. Names are those of read_key.
class Context {
 public:
  using Values = std::vector<std::string>;

  // With `complete`, a key that was not set is absent; otherwise nothing is known of it.
  explicit Context(bool complete = true) : complete_(complete) {}

  void set(std::string name, Values values) { keys_[std::move(name)] = {.present = true, .values = std::move(values)}; }
  void set_absent(std::string name) { keys_[std::move(name)] = {}; }
  void forget(const std::string& name) { keys_.erase(name); }

  bool is_free(const std::string& name) const { return !complete_ && !keys_.contains(name); }
  // Nothing when the key is absent, and when it is free.
  const Values* find(const std::string& name) const {
    const auto found = keys_.find(name);
    return found != keys_.end() && found->second.present ? &found->second.values : nullptr;
  }

  struct Known {
    bool present = false;
    Values values = {};
  };
  const std::map<std::string, Known>& keys() const { return keys_; }

 private:
  bool complete_ = true;
  std::map<std::string, Known> keys_ = {};
};

}  // namespace wiretight::policy
