#include "policy/context.h"

#include <algorithm>
#include <array>

#include "core/edit_distance.h"
#include "core/text.h"

namespace wiretight::policy {
namespace {

// IAM User Guide, "AWS global condition context keys"; Service Authorization Reference, "Amazon DynamoDB". A name that
// ends in "/" is a family: a tag's key follows.
constexpr std::array<std::string_view, 60> known_keys = {"aws:AssumedRoot",
                                                         "aws:CalledVia",
                                                         "aws:CalledViaFirst",
                                                         "aws:CalledViaLast",
                                                         "aws:ChatbotSourceArn",
                                                         "aws:CurrentTime",
                                                         "aws:Ec2InstanceSourcePrivateIPv4",
                                                         "aws:Ec2InstanceSourceVpc",
                                                         "aws:FederatedProvider",
                                                         "aws:MultiFactorAuthAge",
                                                         "aws:MultiFactorAuthPresent",
                                                         "aws:PrincipalAccount",
                                                         "aws:PrincipalArn",
                                                         "aws:PrincipalIsAWSService",
                                                         "aws:PrincipalOrgID",
                                                         "aws:PrincipalOrgPaths",
                                                         "aws:PrincipalServiceName",
                                                         "aws:PrincipalServiceNamesList",
                                                         "aws:PrincipalTag/",
                                                         "aws:PrincipalType",
                                                         "aws:referer",
                                                         "aws:RequestTag/",
                                                         "aws:RequestedRegion",
                                                         "aws:ResourceAccount",
                                                         "aws:ResourceOrgID",
                                                         "aws:ResourceOrgPaths",
                                                         "aws:ResourceTag/",
                                                         "aws:SecureTransport",
                                                         "aws:SourceAccount",
                                                         "aws:SourceArn",
                                                         "aws:SourceIdentity",
                                                         "aws:SourceIp",
                                                         "aws:SourceOrgID",
                                                         "aws:SourceOrgPaths",
                                                         "aws:SourceVpc",
                                                         "aws:SourceVpcArn",
                                                         "aws:SourceVpce",
                                                         "aws:TagKeys",
                                                         "aws:TokenIssueTime",
                                                         "aws:UserAgent",
                                                         "aws:userid",
                                                         "aws:username",
                                                         "aws:ViaAWSService",
                                                         "aws:VpcSourceIp",
                                                         "aws:VpceAccount",
                                                         "aws:VpceOrgID",
                                                         "aws:VpceOrgPaths",
                                                         "dynamodb:Attributes",
                                                         "dynamodb:EnclosingOperation",
                                                         "dynamodb:FullTableScan",
                                                         "dynamodb:LeadingKeys",
                                                         "dynamodb:ReturnConsumedCapacity",
                                                         "dynamodb:ReturnValues",
                                                         "dynamodb:Select",
                                                         "ec2:RoleDelivery",
                                                         "ec2:SourceInstanceArn",
                                                         "glue:CredentialIssuingService",
                                                         "glue:RoleAssumedBy",
                                                         "lambda:SourceFunctionArn",
                                                         "ssm:SourceInstanceArn"};

// Services whose keys describe requests to themselves and nothing else.
constexpr std::array<std::string_view, 12> other_services = {
    "dax",       "elasticfilesystem", "es",  "iam", "kinesis", "kms", "rds", "s3",
    "s3express", "secretsmanager",    "sns", "sqs"};

// Keys that a session's identity provider set: "saml:aud", "accounts.google.com:sub".
bool is_federated(std::string_view prefix) { return prefix == "saml" || prefix == "sts" || prefix.contains('.'); }

std::string_view find_known(std::string_view name) {
  for (const std::string_view known : known_keys) {
    const std::string wanted = lower(known);
    if (wanted.ends_with('/') ? name.starts_with(wanted) && name.size() > wanted.size() : name == wanted) return known;
  }
  return {};
}

}  // namespace

Key read_key(std::string_view written) {
  Key key{.name = lower(trim(written))};
  if (key.name == "aws:epochtime") key.name = "aws:currenttime";
  if (!find_known(key.name).empty()) return key;
  const std::size_t colon = key.name.find(':');
  const std::string prefix = colon == std::string::npos ? "" : key.name.substr(0, colon);
  // The one key that matters most: also without its prefix, with another service's, and with slips of the hand.
  const std::string bare = colon == std::string::npos ? key.name : key.name.substr(colon + 1);
  if (edit_distance(bare, "securetransport") <= 3)
    return {.name = key.name, .fate = KeyFate::dead, .meant = "aws:SecureTransport"};
  if (std::find(other_services.begin(), other_services.end(), prefix) != other_services.end())
    return {.name = key.name, .fate = KeyFate::dead};
  if (!is_federated(prefix)) key.fate = KeyFate::unrecognised;
  return key;
}

std::string display_name(std::string_view name) {
  const std::string_view known = find_known(name);
  return std::string(known) + std::string(known.empty() ? name : name.substr(known.size()));
}

bool is_multivalued(std::string_view name) {
  constexpr std::array<std::string_view, 8> names = {
      "aws:calledvia",        "aws:principalorgpaths", "aws:principalservicenameslist",
      "aws:resourceorgpaths", "aws:sourceorgpaths",    "aws:tagkeys",
      "aws:vpceorgpaths",     "dynamodb:attributes"};
  return name == "dynamodb:leadingkeys" || std::find(names.begin(), names.end(), name) != names.end();
}

bool is_always_present(std::string_view name) {
  constexpr std::array<std::string_view, 8> names = {
      "aws:currenttime",     "aws:principalaccount", "aws:principalarn", "aws:principaltype",
      "aws:requestedregion", "aws:resourceaccount",  "aws:userid",       "aws:principalisawsservice"};
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace wiretight::policy
