#include "sources/trail/user_agent.h"

#include <doctest/doctest.h>

using namespace wiretight::trail;

TEST_CASE("SDKs and tools by their user agents") {
  struct Case {
    std::string text = {};
    Agent agent = {};
  };
  for (const Case& one : {
           Case{"aws-sdk-java/1.11.789 Linux/4.14 OpenJDK_64-Bit_Server_VM/25.252", {"aws-sdk-java", "1.11.789"}},
           Case{"Boto3/1.26.90 Python/3.9.16 Linux/5.10 Botocore/1.29.90", {"boto3", "1.26.90"}},
           Case{"Botocore/1.29.90 ua/2.0 os/linux#5.10", {"botocore", "1.29.90"}},
           Case{"[aws-cli/1.16.309 Python/3.6.9 botocore/1.13.45]", {"aws-cli", "1.16.309"}},
           Case{"aws-sdk-js/3.500.0 ua/2.0 os/linux#5.10 md/nodejs#18.18.2", {"aws-sdk-js", "3.500.0"}},
           Case{"APN/1.0 HashiCorp/1.0 Terraform/1.4.0 (+https://www.terraform.io) aws-sdk-go-v2/1.17.7",
                {"aws-sdk-go-v2", "1.17.7"}},
           Case{"S3Console/0.4, aws-internal/3 aws-sdk-java/1.12.4", {"aws-sdk-java", "1.12.4"}},
           Case{"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36", {"applewebkit", "537.36"}},
           Case{"curl/7.88.1", {"curl", "7.88.1"}},
           Case{"dynamodb.application-autoscaling.amazonaws.com",
                {"dynamodb.application-autoscaling.amazonaws.com", ""}},
           Case{"AWS Internal", {"aws-internal", ""}},
           Case{"", {}},
           Case{"////", {}},
           Case{"\x1b]0;owned\x07=HYPERLINK(1)/2", {}},
       }) {
    CAPTURE(one.text);
    CHECK(agent_of(one.text) == one.agent);
  }
}

TEST_CASE("long and strange ones are bounded") {
  const Agent agent = agent_of(std::string(5000, 'a') + "/" + std::string(5000, '1'));
  CHECK(agent.name.empty());
  CHECK(agent_of("aws-cli/" + std::string(900, '1')).version.size() == 64);
  CHECK(agent_of("aws-cli/2.0\x1b[31m").version == "2.0");
}
