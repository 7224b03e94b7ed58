#include "policy/situation.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "core/edit_distance.h"
#include "core/text.h"
#include "policy/arn.h"
#include "policy/parse.h"

namespace wiretight::policy {
namespace {

constexpr std::size_t most_pairs = 10'000;
// Each pair has its own copy of the policies.
constexpr std::size_t most_statements_of_all_pairs = 1'000'000;

constexpr std::array<std::string_view, 17> member_names = {
    "name",    "table",   "principal",        "identity",          "groups",      "boundary",   "session",
    "scp",     "rcp",     "resourcePolicies", "vpcEndpointPolicy", "vpcEndpoint", "unattached", "indexes",
    "streams", "context", "comment"};

// Policies of AWS that are known to say, about DynamoDB, no more than this.
struct Managed {
  std::string_view name = {};
  std::string_view document = {};
};
constexpr std::string_view all_of_dynamodb =
    R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["dynamodb:*","dax:*"],"Resource":"*"}})";
constexpr std::string_view everything =
    R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}})";
constexpr std::array<Managed, 5> managed = {{{"policy/AmazonDynamoDBFullAccess", all_of_dynamodb},
                                             {"policy/AmazonDynamoDBFullAccess_v2", all_of_dynamodb},
                                             {"policy/AdministratorAccess", everything},
                                             {"FullAWSAccess", everything},
                                             {"RCPFullAWSAccess", everything}}};

std::size_t statements_of(const Situation& situation) {
  std::size_t count = situation.endpoint ? situation.endpoint->statements.size() : 0;
  for (const auto* list : {&situation.identity, &situation.boundary, &situation.session, &situation.rcp})
    for (const Policy& policy : *list) count += policy.statements.size();
  for (const auto& level : situation.scp)
    for (const Policy& policy : level) count += policy.statements.size();
  for (const auto& [arn, policy] : situation.resource) count += policy.statements.size();
  for (const Unattached& one : situation.unattached) count += one.policy.statements.size();
  return count;
}

class SituationReader {
 public:
  SituationReader(const Node& node, const std::string& file, std::string name)
      : node_(node), file_(file), name_(std::move(name)) {}

  // One for each table and principal.
  Outcome<std::vector<Situation>> situations() {
    if (node_.kind != Node::Kind::object) return complain("an object with \"table\" and \"principal\" is wanted");
    for (const auto& [name, value] : node_.members) {
      if (std::find(member_names.begin(), member_names.end(), name) != member_names.end()) continue;
      const std::string meant = nearest(name, member_names);
      return complain(fmt::format("\"{}\" means nothing here{}", sanitise(name, 60),
                                  meant.empty() ? "" : fmt::format("; {}?", meant)));
    }
    std::vector<std::string> tables, principals;
    if (auto read = strings("table", tables); !read) return std::unexpected(read.error());
    if (auto read = strings("principal", principals); !read) return std::unexpected(read.error());
    if (tables.empty()) return complain("\"table\" is missing: the ARN of a table");
    if (principals.empty()) return complain("\"principal\" is missing: the ARN of a role, user or session");
    if (tables.size() * principals.size() > most_pairs)
      return complain(fmt::format("more than {} pairs of table and principal", most_pairs));
    if (auto read = read_policies(); !read) return std::unexpected(read.error());
    if (tables.size() * principals.size() * statements_of(common_) > most_statements_of_all_pairs)
      return complain(fmt::format("more than {} statements for all pairs together", most_statements_of_all_pairs));
    std::vector<Situation> out;
    for (const std::string& table : tables) {
      const auto arn = parse_arn(table);
      if (!arn || arn->service != "dynamodb" || arn->account.empty() || !arn->resource.starts_with("table/") ||
          arn->resource.size() == 6 || arn->resource.find('/', 6) != std::string::npos)
        return complain(fmt::format("\"{}\" is not the ARN of a table (arn:aws:dynamodb:REGION:ACCOUNT:table/NAME)",
                                    sanitise(table, 200)));
      for (const std::string& text : principals) {
        const Outcome<Principal> principal = parse_principal(text);
        if (!principal) return complain(principal.error().what);
        Situation situation = common_;
        situation.name = name_;
        situation.place = node_.place;
        situation.table = table;
        situation.principal = *principal;
        if (!node_.find("identity") && !node_.find("groups") && principal->kind != Principal::Kind::root)
          situation.identity.push_back(
              {.name = "identity", .unknown = {fmt::format("the identity policies of {}", text)}});
        out.push_back(std::move(situation));
      }
    }
    return out;
  }

 private:
  std::unexpected<Problem> complain(std::string what) const {
    return failure(std::move(what), node_.place.file.empty() ? file_ : to_text(Place(node_.place)));
  }

  Outcome<void> strings(std::string_view member, std::vector<std::string>& out) const {
    const Node* node = node_.find(member);
    if (!node) return {};
    const auto add = [&](const Node& item) {
      const bool fine = !item.literal().empty();
      if (fine) out.emplace_back(item.literal());
      return fine;
    };
    bool fine = true;
    if (node->kind == Node::Kind::list)
      for (const Node& item : node->items) fine = fine && add(item);
    else
      fine = add(*node);
    if (!fine) return complain(fmt::format("\"{}\" is a string or a list of strings", member));
    return {};
  }

  Outcome<void> read_policies() {
    for (const auto& [member, out] : {std::pair<std::string_view, std::vector<Policy>*>{"identity", &common_.identity},
                                      {"groups", &common_.identity},
                                      {"boundary", &common_.boundary},
                                      {"session", &common_.session}})
      if (const Node* node = node_.find(member))
        if (auto read = add_policies(*node, std::string(member), *out); !read) return read;
    if (common_.boundary.size() > 1) return complain("a principal has one permissions boundary");
    if (const Node* node = node_.find("scp"))
      if (auto read = read_scp(*node); !read) return read;
    if (const Node* node = node_.find("rcp"))
      if (auto read = add_flat(*node, "rcp", common_.rcp); !read) return read;
    if (auto read = read_unattached(); !read) return read;
    if (auto read = read_resource_policies(); !read) return read;
    if (auto read = read_endpoint(); !read) return read;
    for (const auto& [member, out] :
         {std::pair<std::string_view, std::optional<std::vector<std::string>>*>{"indexes", &common_.indexes},
          {"streams", &common_.streams}}) {
      if (!node_.find(member)) continue;
      out->emplace();
      if (auto read = strings(member, **out); !read) return read;
    }
    return read_context();
  }

  // A policy document; its text; the ARN of one of AWS's own; or an object that names it, as `aws iam` prints it.
  Outcome<Policy> policy(const Node& node, const std::string& name) const {
    if (const std::string_view text = node.literal(); text.starts_with("arn:")) {
      const auto arn = parse_arn(text);
      for (const Managed& known : managed)
        if (arn && arn->account == "aws" && arn->resource.ends_with(known.name)) {
          Outcome<Policy> read = policy_from_text(known.document, name);
          if (read) read->name = fmt::format("{} ({})", name, text);
          return read;
        }
      return Policy{.name = name, .unknown = {fmt::format("the document of {}", text)}};
    } else if (!text.empty()) {
      return policy_from_text(text, name);
    }
    constexpr std::array<std::string_view, 6> wrappers = {"PolicyDocument", "Document", "document",
                                                          "policy",         "Policy",   "Content"};
    if (!node.find("Statement"))
      for (const std::string_view wrapper : wrappers)
        if (const Node* inner = node.find(wrapper)) {
          std::string inner_name = name;
          for (const std::string_view title : {"PolicyName", "Name", "name"})
            if (const Node* given = node.find(title); given && !given->literal().empty())
              inner_name = fmt::format("{} ({})", name, given->literal());
          return policy(*inner, inner_name);
        }
    return parse_policy(node, name);
  }

  Outcome<Policy> policy_from_text(std::string_view text, const std::string& name) const {
    const Outcome<Node> inner = read_json(text, file_);
    if (!inner) return failure(fmt::format("{}: {}", name, inner.error().what), inner.error().where);
    Outcome<Policy> read = parse_policy(*inner, name);
    if (!read) return read;
    // Lines of the inner text are not lines of the file.
    read->place = {.file = file_};
    for (Statement& statement : read->statements) statement.place = {.file = file_};
    return read;
  }

  Outcome<void> add_policies(const Node& node, const std::string& name, std::vector<Policy>& out) const {
    if (node.kind == Node::Kind::null) return {};
    if (node.kind != Node::Kind::list) {
      Outcome<Policy> read = policy(node, name);
      if (!read) return std::unexpected(read.error());
      out.push_back(std::move(*read));
      return {};
    }
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      Outcome<Policy> read = policy(node.items[i], fmt::format("{}[{}]", name, i));
      if (!read) return std::unexpected(read.error());
      out.push_back(std::move(*read));
    }
    return {};
  }

  // A list of policies, or of levels, which are lists of policies.
  static bool has_levels(const Node& node) {
    return std::any_of(node.items.begin(), node.items.end(),
                       [](const Node& item) { return item.kind == Node::Kind::list; });
  }

  Outcome<void> read_scp(const Node& node) {
    if (!has_levels(node)) {
      common_.scp.emplace_back();
      if (auto read = add_policies(node, "scp", common_.scp.back()); !read) return read;
      if (common_.scp.back().empty()) common_.scp.clear();
      return {};
    }
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      common_.scp.emplace_back();
      if (auto read = add_policies(node.items[i], fmt::format("scp[{}]", i), common_.scp.back()); !read) return read;
    }
    return {};
  }

  Outcome<void> add_flat(const Node& node, const std::string& name, std::vector<Policy>& out) const {
    if (!has_levels(node)) return add_policies(node, name, out);
    for (std::size_t i = 0; i < node.items.size(); ++i)
      if (auto read = add_policies(node.items[i], fmt::format("{}[{}]", name, i), out); !read) return read;
    return {};
  }

  // A policy or a list of them, or an object that says of each what it was made for: {"scp": […], "boundary": …}.
  Outcome<void> read_unattached() {
    const Node* node = node_.find("unattached");
    if (!node) return {};
    constexpr std::array<std::pair<std::string_view, Layer>, 7> layers = {{{"identity", Layer::identity},
                                                                           {"boundary", Layer::boundary},
                                                                           {"session", Layer::session},
                                                                           {"scp", Layer::scp},
                                                                           {"rcp", Layer::rcp},
                                                                           {"resource", Layer::resource},
                                                                           {"vpcEndpoint", Layer::endpoint}}};
    const auto add = [&](const Node& from, const std::string& name, Layer layer) -> Outcome<void> {
      std::vector<Policy> read;
      if (auto added = add_policies(from, name, read); !added) return added;
      for (Policy& policy : read) common_.unattached.push_back({.layer = layer, .policy = std::move(policy)});
      return {};
    };
    bool sorted = false;
    for (const auto& [member, layer] : layers) {
      const Node* made_for = node->find(member);
      if (!made_for) continue;
      sorted = true;
      if (auto added = add(*made_for, fmt::format("unattached.{}", member), layer); !added) return added;
    }
    return sorted ? Outcome<void>() : add(*node, "unattached", Layer::identity);
  }

  Outcome<void> read_resource_policies() {
    const Node* node = node_.find("resourcePolicies");
    if (!node || node->kind == Node::Kind::null) return {};
    if (node->kind != Node::Kind::object) return complain("\"resourcePolicies\" is an object: ARN to policy");
    for (const auto& [arn, document] : node->members) {
      if (!parse_arn(arn)) return complain(fmt::format("\"{}\" in resourcePolicies is no ARN", sanitise(arn, 200)));
      Outcome<Policy> read = policy(document, fmt::format("resourcePolicies[{}]", arn));
      if (!read) return std::unexpected(read.error());
      common_.resource.emplace_back(arn, std::move(*read));
    }
    return {};
  }

  Outcome<void> read_endpoint() {
    std::vector<std::string> id;
    if (auto read = strings("vpcEndpoint", id); !read) return read;
    if (id.size() > 1) return complain("\"vpcEndpoint\" is the id of one endpoint");
    if (!id.empty()) common_.endpoint_id = id.front();
    const Node* node = node_.find("vpcEndpointPolicy");
    if (!node || node->kind == Node::Kind::null) return {};
    Outcome<Policy> read = policy(*node, "vpcEndpointPolicy");
    if (!read) return std::unexpected(read.error());
    common_.endpoint = std::move(*read);
    return {};
  }

  // {"aws:PrincipalOrgID": "o-1", "aws:SourceVpce": null}
  Outcome<void> read_context() {
    const Node* node = node_.find("context");
    if (!node) return {};
    if (node->kind != Node::Kind::object)
      return complain("\"context\" is an object: key to value, list of values or null");
    for (const auto& [name, value] : node->members) {
      const Key key = read_key(name);
      if (key.name == "aws:securetransport") return complain("aws:SecureTransport is what the proof is about");
      if (key.fate == KeyFate::dead) return complain(fmt::format("\"{}\" is never in a request to DynamoDB", name));
      Context::Values values;
      if (value.kind == Node::Kind::list)
        for (const Node& item : value.items) values.push_back(item.parts.empty() ? "" : item.parts.front().text);
      else if (!value.parts.empty())
        values.push_back(value.parts.front().text);
      if (value.kind == Node::Kind::null)
        common_.known.set_absent(key.name);
      else
        common_.known.set(key.name, std::move(values));
    }
    return {};
  }

  const Node& node_;
  const std::string& file_;
  std::string name_;
  Situation common_;
};

}  // namespace

bool is_something_else(std::string_view text) {
  const auto is_situation = [](const Json& json) { return json.find("table") || json.find("principal"); };
  const Outcome<Json> json = parse_json(text);
  return json && !is_situation(*json) && std::ranges::none_of(json->items(), is_situation);
}

Outcome<std::vector<Situation>> read_situations(std::string_view text, const std::string& file) {
  const Outcome<Node> node = read_json(text, file);
  if (!node) return std::unexpected(node.error());
  if (node->kind != Node::Kind::list) return SituationReader(*node, file, file).situations();
  if (node->items.empty()) return failure("the list is empty", file);
  std::vector<Situation> out;
  std::size_t statements = 0;
  for (std::size_t i = 0; i < node->items.size(); ++i) {
    auto read = SituationReader(node->items[i], file, fmt::format("{}[{}]", file, i)).situations();
    if (!read) return read;
    if (out.size() + read->size() > most_pairs)
      return failure(fmt::format("more than {} situations", most_pairs), file);
    for (const Situation& situation : *read) statements += statements_of(situation);
    if (statements > most_statements_of_all_pairs)
      return failure(fmt::format("more than {} statements for all pairs together", most_statements_of_all_pairs), file);
    std::move(read->begin(), read->end(), std::back_inserter(out));
  }
  return out;
}

}  // namespace wiretight::policy
