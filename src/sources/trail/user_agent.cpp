#include "sources/trail/user_agent.h"

#include <algorithm>

#include "core/text.h"

namespace wiretight::trail {
namespace {

constexpr std::size_t longest = 64;

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
         c == '_' || c == '+';
}

std::string word_at(std::string_view text) {
  const auto end = std::ranges::find_if_not(text, is_word);
  return std::string(text.substr(0, std::min(longest, static_cast<std::size_t>(end - text.begin()))));
}

// "Boto3/1.26.1" → boto3 1.26.1; nothing for what has no slash or no name.
Agent product(std::string_view token) {
  const std::size_t slash = token.find('/');
  if (slash == std::string_view::npos || slash == 0) return {};
  const std::string name = word_at(token.substr(0, slash));
  if (name.size() != std::min(slash, longest)) return {};
  return {.name = lower(name), .version = word_at(token.substr(slash + 1))};
}

// The lower the better; above 3 no name of AWS's.
int rank_of(const Agent& agent) {
  if (agent.name == "aws-cli") return 0;
  if (agent.name == "boto3" || agent.name.starts_with("aws-sdk-")) return 1;
  if (agent.name == "botocore" || agent.name.starts_with("aws-dotnet")) return 2;
  return agent.name == "mozilla" ? 5 : 4;
}

}  // namespace

Agent agent_of(std::string_view user_agent) {
  constexpr std::size_t looked_at = 1024;  // CloudTrail cuts there as well
  user_agent = user_agent.substr(0, looked_at);
  // What an AWS service did in somebody's name: "dynamodb.application-autoscaling.amazonaws.com", "AWS Internal".
  if (user_agent.ends_with(".amazonaws.com") && std::ranges::all_of(user_agent, is_word)) {
    return {.name = user_agent.size() > longest ? "amazonaws.com" : lower(user_agent)};
  }
  if (user_agent == "AWS Internal") return {.name = "aws-internal"};
  Agent best;
  int rank = 100;
  std::size_t at = 0;
  while (at < user_agent.size() && rank > 0) {
    const std::size_t begin = user_agent.find_first_not_of(" ,[]();", at);
    if (begin == std::string_view::npos) break;
    at = std::min(user_agent.find_first_of(" ,[]();", begin), user_agent.size());
    Agent one = product(user_agent.substr(begin, at - begin));
    if (one.name.empty() || rank_of(one) >= rank) continue;
    rank = rank_of(one);
    best = std::move(one);
  }
  if (best.name == "mozilla") return {.name = "browser"};
  return best;
}

}  // namespace wiretight::trail
