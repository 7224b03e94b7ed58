#include "sources/capture/dax.h"

#include <algorithm>
#include <array>

#include "core/text.h"
#include "net/stream/assembly.h"
#include "sources/capture/bodies.h"

namespace wiretight::capture {
namespace {

struct Method {
  std::int64_t number = 0;
  std::string_view operation = {};
  bool names_table = false;  // as its first argument
};
constexpr std::int64_t authorize_connection = 1489122155;
constexpr std::array<Method, 16> methods = {{
    {263244906, "GetItem", true},
    {-2106490455, "PutItem", true},
    {1013539361, "DeleteItem", true},
    {1425579023, "UpdateItem", true},
    {-931250863, "Query", true},
    {-1875390620, "Scan", true},
    {-697851100, "BatchGetItem", false},
    {116217951, "BatchWriteItem", false},
    {1866287579, "TransactGetItems", false},
    {-1160037738, "TransactWriteItems", false},
    {-313431286, "CreateTable", false},
    {2120496185, "DeleteTable", false},
    {-819330193, "DescribeTable", false},
    {383747477, "UpdateTable", false},
    {1874119219, "ListTables", false},
    {-475661135, "DescribeLimits", false},
}};

constexpr std::size_t longest_content = 16 * 1024;  // of what is looked at; a session token has about 1 KB
constexpr std::size_t most_tables = 16;

}  // namespace

DaxClient::Head DaxClient::read_head(Bytes bytes) {
  Head head{.major = static_cast<std::uint8_t>(bytes[0] >> 5), .size = 1};
  const std::uint8_t info = bytes[0] & 0x1f;
  if (info < 24) {
    head.value = info;
  } else if (info < 28) {
    const std::size_t follow = std::size_t{1} << (info - 24);
    head.size = bytes.size() < 1 + follow ? 0 : 1 + follow;
    for (std::size_t i = 1; i < head.size; ++i) head.value = head.value << 8 | bytes[i];
  } else if (info < 31) {
    head.bad = true;
  }
  return head;
}

std::uint64_t DaxClient::read(Bytes bytes) {
  enum : std::uint8_t { positive, negative, byte_string, text, array, map, tag, simple };
  std::size_t at = 0;
  while (at < bytes.size()) {
    const Bytes rest = bytes.subspan(at);
    const Head head = read_head(rest);
    if (head.bad) return stream::enough;
    if (head.size == 0) break;
    const bool is_string = head.major == byte_string || head.major == text;
    if (is_string && wants_content() && head.value <= longest_content) {
      if (rest.size() - head.size < head.value) break;
      take_content({reinterpret_cast<const char*>(rest.data()) + head.size, static_cast<std::size_t>(head.value)});
    } else if (head.major == positive || head.major == negative) {
      // A negative number n is written as -1 - n.
      const auto value = static_cast<std::int64_t>(head.value);
      take_number(head.major == positive ? value : -1 - value);
    } else {
      take_other();
    }
    at += head.size;
    if (!is_string) continue;
    if (head.value > stream::longest_skip) return stream::enough;
    if (head.value > bytes.size() - at) return at + head.value;
    at += static_cast<std::size_t>(head.value);
  }
  return at;
}

void DaxClient::take_number(std::int64_t number) {
  if (await_ == Await::method) {
    await_ = Await::anything;
    if (number == authorize_connection) {
      await_ = Await::access_key;
      return;
    }
    const auto method = std::ranges::find(methods, number, &Method::number);
    if (method != methods.end()) {
      auto known =
          std::ranges::find(operations_, method->operation, &std::pair<std::string_view, std::uint64_t>::first);
      if (known == operations_.end()) known = operations_.insert(known, {method->operation, 0});
      ++known->second;
      if (method->names_table) await_ = Await::table;
      return;
    }
  }
  await_ = number == 1 ? Await::method : Await::anything;
}

void DaxClient::take_content(std::string_view content) {
  switch (await_) {
    case Await::access_key:
      if (key_id_.empty()) key_id_ = content.substr(0, 128);
      await_ = Await::signature;
      break;
    case Await::signature:
      await_ = Await::string_to_sign;
      break;
    case Await::string_to_sign: {
      // "AWS4-HMAC-SHA256\n<time>\n<day>/<region>/dax/aws4_request\n<hash>"
      const auto lines = split(content, '\n');
      const auto scope = split(lines.size() > 2 ? lines[2] : std::string_view(), '/');
      if (scope.size() == 4 && scope[2] == "dax" && region_.empty()) region_ = sanitise(scope[1].substr(0, 32));
      await_ = Await::session_token;
      break;
    }
    case Await::session_token:
      if (!content.empty()) ++session_tokens_;
      await_ = Await::user_agent;
      break;
    case Await::user_agent:
      if (user_agent_.empty()) user_agent_ = sanitise(content, 200);
      await_ = Await::anything;
      break;
    case Await::table:
      if (is_table_name(content) && tables_.size() < most_tables &&
          std::ranges::find(tables_, content) == tables_.end())
        tables_.emplace_back(content);
      await_ = Await::anything;
      break;
    case Await::anything:
    case Await::method:
      break;
  }
}

// Arrays, maps, null: null stands where there is no session token or user agent.
void DaxClient::take_other() {
  switch (await_) {
    case Await::session_token:
      await_ = Await::user_agent;
      break;
    default:
      await_ = Await::anything;
      break;
  }
}

}  // namespace wiretight::capture
