#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wiretight::capture {

using Bytes = std::span<const std::uint8_t>;

// The CBOR text "J7yne5G" with which every DAX client begins, and only a DAX client (runtime.md 4.4).
inline constexpr std::uint8_t dax_magic[] = {0x67, 'J', '7', 'y', 'n', 'e', '5', 'G'};

// Reads what a DAX client sends in the clear as a row of CBOR items, nesting laid flat: a request is the service number
// 1, a method number and its arguments, the first of which is the table's name where there is one. Contents of items
// are jumped over. Method numbers: aws-dax-go dax/internal/client/request.go.
class DaxClient {
 public:
  // As stream::Assembly asks its readers: how many bytes it is done with, 0 to see more, `enough` to stop.
  std::uint64_t read(Bytes bytes);

  const std::string& key_id() const { return key_id_; }
  const std::string& region() const { return region_; }
  const std::string& user_agent() const { return user_agent_; }
  std::uint64_t session_tokens() const { return session_tokens_; }
  const std::vector<std::pair<std::string_view, std::uint64_t>>& operations() const { return operations_; }
  const std::vector<std::string>& tables() const { return tables_; }

 private:
  enum class Await : std::uint8_t {
    anything,
    method,
    table,
    access_key,
    signature,
    string_to_sign,
    session_token,
    user_agent,
  };
  struct Head {
    std::uint8_t major = 0;
    std::uint64_t value = 0;
    std::size_t size = 0;  // 0: more bytes are needed
    bool bad = false;
  };
  static Head read_head(Bytes bytes);
  bool wants_content() const { return await_ != Await::anything && await_ != Await::method; }
  void take_number(std::int64_t number);
  void take_content(std::string_view text);
  void take_other();

  Await await_ = Await::anything;
  std::string key_id_ = {};
  std::string region_ = {};
  std::string user_agent_ = {};
  std::uint64_t session_tokens_ = 0;
  std::vector<std::pair<std::string_view, std::uint64_t>> operations_ = {};
  std::vector<std::string> tables_ = {};
};

}  // namespace wiretight::capture
