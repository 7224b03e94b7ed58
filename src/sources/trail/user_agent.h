#pragma once

#include <string>
#include <string_view>

namespace wiretight::trail {

struct Agent {
  std::string name = {};     // "boto3", "aws-sdk-java", "aws-cli"; empty where nothing can be told
  std::string version = {};  // "1.26.1"
  bool operator==(const Agent&) const = default;
};

// What made the request, by its user agent: AWS's SDK or tool where one is named, else the first product. Letters,
// digits, dots, hyphens, plus signs and underscores alone come through, at most 64 of each.
Agent agent_of(std::string_view user_agent);

}  // namespace wiretight::trail
