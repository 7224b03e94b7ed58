#include "policy/actions.h"

#include <algorithm>
#include <array>

#include "core/text.h"

namespace wiretight::policy {
namespace {

constexpr std::uint16_t on(std::initializer_list<ResourceKind> kinds) {
  unsigned bits = 0;
  for (const ResourceKind kind : kinds) bits |= 1U << static_cast<unsigned>(kind);
  return static_cast<std::uint16_t>(bits);
}

// Names and resource types: Service Authorization Reference, "Amazon DynamoDB", as cfn-lint 1.51 has it. Support by
// resource policies: developer guide, rbac-iam-actions; the three replication actions stand in the policies that its
// page on multi-account global tables asks for.
constexpr std::array<Action, 78> table = {{
    {"dynamodb:GetItem", on({ResourceKind::table}), PolicySupport::full},
    {"dynamodb:Query", on({ResourceKind::table, ResourceKind::index}), PolicySupport::full},
    {"dynamodb:Scan", on({ResourceKind::table, ResourceKind::index}), PolicySupport::full},
    {"dynamodb:BatchGetItem", on({ResourceKind::table}), PolicySupport::full},
    {"dynamodb:PartiQLSelect", on({ResourceKind::table, ResourceKind::index}), PolicySupport::in_account},
    {"dynamodb:PutItem", on({ResourceKind::table}), PolicySupport::full},
    {"dynamodb:UpdateItem", on({ResourceKind::table}), PolicySupport::full},
    {"dynamodb:DeleteItem", on({ResourceKind::table}), PolicySupport::full},
    {"dynamodb:BatchWriteItem", on({ResourceKind::table}), PolicySupport::full},
    {"dynamodb:PartiQLInsert", on({ResourceKind::table}), PolicySupport::in_account},
    {"dynamodb:PartiQLUpdate", on({ResourceKind::table}), PolicySupport::in_account},
    {"dynamodb:PartiQLDelete", on({ResourceKind::table}), PolicySupport::in_account},
    {"dynamodb:ConditionCheckItem", on({ResourceKind::table}), PolicySupport::full},
    {"dynamodb:GetRecords", on({ResourceKind::stream}), PolicySupport::full},
    {"dynamodb:GetShardIterator", on({ResourceKind::stream}), PolicySupport::full},
    {"dynamodb:DescribeStream", on({ResourceKind::stream}), PolicySupport::full},
    {"dynamodb:ExportTableToPointInTime", on({ResourceKind::table}), PolicySupport::in_account},
    {"dynamodb:ImportTable", on({ResourceKind::table}), PolicySupport::none},
    {"dynamodb:RestoreTableToPointInTime", on({ResourceKind::table}), PolicySupport::in_account},
    {"dynamodb:RestoreTableFromBackup", on({ResourceKind::table, ResourceKind::backup}), PolicySupport::none},
    {"dynamodb:AssociateTableReplica", on({ResourceKind::table}), PolicySupport::unlisted},
    {"dynamodb:CreateBackup", on({ResourceKind::table}), PolicySupport::in_account},
    {"dynamodb:CreateGlobalTable", on({ResourceKind::table, ResourceKind::global_table}), PolicySupport::none},
    {"dynamodb:CreateGlobalTableWitness", on({ResourceKind::table}), PolicySupport::unlisted},
    {"dynamodb:CreateTable", on({ResourceKind::table}), PolicySupport::none},
    {"dynamodb:CreateTableReplica", on({ResourceKind::table}), PolicySupport::unlisted},
    {"dynamodb:DeleteBackup", on({ResourceKind::backup}), PolicySupport::none},
    {"dynamodb:DeleteGlobalTableWitness", on({ResourceKind::table}), PolicySupport::unlisted},
    {"dynamodb:DeleteResourcePolicy", on({ResourceKind::table, ResourceKind::stream}), PolicySupport::in_account},
    {"dynamodb:DeleteTable", on({ResourceKind::table}), PolicySupport::full},
    {"dynamodb:DeleteTableReplica", on({ResourceKind::table}), PolicySupport::unlisted},
    {"dynamodb:DescribeBackup", on({ResourceKind::backup}), PolicySupport::none},
    {"dynamodb:DescribeContinuousBackups", on({ResourceKind::table}), PolicySupport::in_account},
    {"dynamodb:DescribeContributorInsights", on({ResourceKind::table, ResourceKind::index}), PolicySupport::in_account},
    {"dynamodb:DescribeExport", on({ResourceKind::export_job}), PolicySupport::none},
    {"dynamodb:DescribeGlobalTable", on({ResourceKind::global_table}), PolicySupport::none},
    {"dynamodb:DescribeGlobalTableSettings", on({ResourceKind::global_table}), PolicySupport::none},
    {"dynamodb:DescribeImport", on({ResourceKind::import_job}), PolicySupport::none},
    {"dynamodb:DescribeKinesisStreamingDestination", on({ResourceKind::table}), PolicySupport::in_account},
    {"dynamodb:DescribeTable", on({ResourceKind::table}), PolicySupport::full},
    {"dynamodb:DescribeTableReplicaAutoScaling", on({ResourceKind::table}), PolicySupport::in_account},
    {"dynamodb:DescribeTimeToLive", on({ResourceKind::table}), PolicySupport::in_account},
    {"dynamodb:DisableKinesisStreamingDestination", on({ResourceKind::table}), PolicySupport::in_account},
    {"dynamodb:EnableKinesisStreamingDestination", on({ResourceKind::table}), PolicySupport::in_account},
    {"dynamodb:GetResourcePolicy", on({ResourceKind::table, ResourceKind::stream}), PolicySupport::in_account},
    {"dynamodb:ListExports", on({ResourceKind::table}), PolicySupport::none},
    {"dynamodb:ListImports", on({ResourceKind::table}), PolicySupport::none},
    {"dynamodb:ListTagsOfResource", on({ResourceKind::table, ResourceKind::stream}), PolicySupport::full},
    {"dynamodb:PutResourcePolicy", on({ResourceKind::table, ResourceKind::stream}), PolicySupport::in_account},
    {"dynamodb:ReadDataForReplication", on({ResourceKind::table}), PolicySupport::full},
    {"dynamodb:ReplicateSettings", on({ResourceKind::table}), PolicySupport::full},
    {"dynamodb:RestoreTableFromAwsBackup", on({ResourceKind::table}), PolicySupport::unlisted},
    {"dynamodb:StartAwsBackupJob", on({ResourceKind::table}), PolicySupport::unlisted},
    {"dynamodb:TagResource", on({ResourceKind::table, ResourceKind::stream}), PolicySupport::full},
    {"dynamodb:UntagResource", on({ResourceKind::table, ResourceKind::stream}), PolicySupport::full},
    {"dynamodb:UpdateContinuousBackups", on({ResourceKind::table}), PolicySupport::in_account},
    {"dynamodb:UpdateContributorInsights", on({ResourceKind::table, ResourceKind::index}), PolicySupport::in_account},
    {"dynamodb:UpdateGlobalTable", on({ResourceKind::table, ResourceKind::global_table}), PolicySupport::none},
    {"dynamodb:UpdateGlobalTableSettings", on({ResourceKind::table, ResourceKind::global_table}), PolicySupport::none},
    {"dynamodb:UpdateGlobalTableVersion", on({ResourceKind::table, ResourceKind::global_table}),
     PolicySupport::unlisted},
    {"dynamodb:UpdateKinesisStreamingDestination", on({ResourceKind::table}), PolicySupport::in_account},
    {"dynamodb:UpdateTable", on({ResourceKind::table}), PolicySupport::full},
    {"dynamodb:UpdateTableReplicaAutoScaling", on({ResourceKind::table}), PolicySupport::in_account},
    {"dynamodb:UpdateTimeToLive", on({ResourceKind::table}), PolicySupport::in_account},
    {"dynamodb:WriteDataForReplication", on({ResourceKind::table}), PolicySupport::full},
    {"dynamodb:DescribeEndpoints", on({ResourceKind::account}), PolicySupport::none},
    {"dynamodb:DescribeLimits", on({ResourceKind::account}), PolicySupport::none},
    {"dynamodb:DescribeReservedCapacity", on({ResourceKind::account}), PolicySupport::unlisted},
    {"dynamodb:DescribeReservedCapacityOfferings", on({ResourceKind::account}), PolicySupport::unlisted},
    {"dynamodb:GetAbacStatus", on({ResourceKind::account}), PolicySupport::unlisted},
    {"dynamodb:InjectError", on({ResourceKind::account}), PolicySupport::unlisted},
    {"dynamodb:ListBackups", on({ResourceKind::account}), PolicySupport::none},
    {"dynamodb:ListContributorInsights", on({ResourceKind::account}), PolicySupport::none},
    {"dynamodb:ListGlobalTables", on({ResourceKind::account}), PolicySupport::none},
    {"dynamodb:ListStreams", on({ResourceKind::account}), PolicySupport::none},
    {"dynamodb:ListTables", on({ResourceKind::account}), PolicySupport::none},
    {"dynamodb:PurchaseReservedCapacityOfferings", on({ResourceKind::account}), PolicySupport::unlisted},
    {"dynamodb:UpdateAbacStatus", on({ResourceKind::account}), PolicySupport::unlisted},
}};

}  // namespace

std::span<const Action> actions() { return table; }

bool is_never_authorised(const Action& action) { return action.name == "dynamodb:DescribeEndpoints"; }

const Action* find_action(std::string_view name) {
  const std::string wanted = lower(name);
  const auto* found =
      std::find_if(table.begin(), table.end(), [&](const Action& action) { return lower(action.name) == wanted; });
  return found == table.end() ? nullptr : found;
}

}  // namespace wiretight::policy
