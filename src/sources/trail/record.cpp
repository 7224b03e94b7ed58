#include "sources/trail/record.h"

#include <algorithm>
#include <array>

#include "core/text.h"

namespace wiretight::trail {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

// A field whose value is a string.
struct TextField {
  std::string_view name = {};
  std::string_view folded = {};  // in lower case
  std::string_view Call::* member = nullptr;
};

constexpr std::array event_fields = {
    TextField{"eventVersion", "eventversion", &Call::event_version},
    TextField{"eventTime", "eventtime", &Call::event_time},
    TextField{"eventSource", "eventsource", &Call::event_source},
    TextField{"eventName", "eventname", &Call::event_name},
    TextField{"awsRegion", "awsregion", &Call::region},
    TextField{"sourceIPAddress", "sourceipaddress", &Call::source_address},
    TextField{"userAgent", "useragent", &Call::user_agent},
    TextField{"errorCode", "errorcode", &Call::error_code},
    TextField{"errorMessage", "errormessage", &Call::error_message},
    TextField{"eventID", "eventid", &Call::event_id},
    TextField{"eventType", "eventtype", &Call::event_type},
    TextField{"eventCategory", "eventcategory", &Call::event_category},
    TextField{"recipientAccountId", "recipientaccountid", &Call::recipient_account},
    TextField{"vpcEndpointId", "vpcendpointid", &Call::vpc_endpoint},
};
constexpr std::array identity_fields = {
    TextField{"type", "type", &Call::identity_type},
    TextField{"arn", "arn", &Call::identity_arn},
    TextField{"accountId", "accountid", &Call::identity_account},
    TextField{"accessKeyId", "accesskeyid", &Call::access_key},
    TextField{"invokedBy", "invokedby", &Call::invoked_by},
};
constexpr std::array tls_fields = {
    TextField{"tlsVersion", "tlsversion", &Call::tls_version},
    TextField{"cipherSuite", "ciphersuite", &Call::cipher_suite},
    TextField{"clientProvidedHostHeader", "clientprovidedhostheader", &Call::host},
    TextField{"keyExchange", "keyexchange", &Call::key_exchange},
};
constexpr std::array issuer_fields = {TextField{"arn", "arn", &Call::issuer_arn}};
constexpr std::array policy_fields = {
    TextField{"policy", "policy", &Call::policy},
    TextField{"resourceArn", "resourcearn", &Call::policy_resource},
};

template <class Fields>
const TextField* find(const Fields& fields, std::string_view key, bool folded) {
  for (const TextField& field : fields)
    if (key == (folded ? field.folded : field.name)) return &field;
  return nullptr;
}

std::string_view text_of(const element& value) {
  std::string_view text;
  return value.get(text) == simdjson::SUCCESS ? text : std::string_view();
}

// `true`, and the words that re-serialisers make of it.
bool is_true(const element& value) {
  bool flag = false;
  if (value.get(flag) == simdjson::SUCCESS) return flag;
  return lower(text_of(value)) == "true";
}

template <class Fields>
void read_part(const element& part, const Fields& fields, bool folded, Call& call) {
  object members;
  if (part.get(members) != simdjson::SUCCESS) return;
  for (const auto [key, value] : members)
    if (const TextField* field = find(fields, key, folded)) call.*field->member = text_of(value);
}

void read_identity(const element& identity, bool folded, Call& call) {
  object members;
  if (identity.get(members) != simdjson::SUCCESS) return;
  for (const auto [key, value] : members) {
    if (const TextField* field = find(identity_fields, key, folded)) {
      call.*field->member = text_of(value);
    } else if (key == (folded ? "sessioncontext" : "sessionContext")) {
      object context;
      if (value.get(context) != simdjson::SUCCESS) continue;
      for (const auto [name, issuer] : context)
        if (name == (folded ? "sessionissuer" : "sessionIssuer")) read_part(issuer, issuer_fields, folded, call);
    }
  }
}

// Later keys win over earlier ones of the same name, as in jq and in every SQL engine.
void read_record(const object& record, bool folded, Call& call) {
  for (const auto [key, value] : record) {
    if (const TextField* field = find(event_fields, key, folded)) {
      call.*field->member = text_of(value);
    } else if (key == (folded ? "useridentity" : "userIdentity")) {
      read_identity(value, folded, call);
    } else if (key == (folded ? "tlsdetails" : "tlsDetails")) {
      read_part(value, tls_fields, folded, call);
    } else if (key == (folded ? "sessioncredentialfromconsole" : "sessionCredentialFromConsole")) {
      call.from_console = is_true(value);
    } else if (key == (folded ? "managementevent" : "managementEvent")) {
      if (!value.is_null()) call.management_event = is_true(value);
    } else if (key == (folded ? "requestparameters" : "requestParameters")) {
      // Policies alone: whatever else is in a request is nobody's business here.
      read_part(value, policy_fields, folded, call);
    }
  }
}

// Names of the objects and strings that a record is wrapped in.
constexpr std::array<std::string_view, 4> lists = {"Records", "Events", "logEvents", "QueryResultRows"};
constexpr std::array<std::string_view, 4> wrapped_texts = {"CloudTrailEvent", "eventJson", "message", "@message"};

// A row of Lake's GetQueryResults: [{"eventSource": "…"}, {"tlsDetails.tlsVersion": "…"}].
bool read_row(const simdjson::dom::array& row, Call& call) {
  for (const element cell : row) {
    object column;
    if (cell.get(column) != simdjson::SUCCESS || column.size() != 1) return false;
    for (const auto [name, value] : column) set_field(call, name, text_of(value));
  }
  return true;
}

bool is_row(const element& item) {
  simdjson::dom::array row;
  if (item.get(row) != simdjson::SUCCESS) return false;
  object column;
  return row.size() > 0 && row.at(0).get(column) == simdjson::SUCCESS && column.size() == 1;
}

// What is between the braces of "{a=b, c={d=e}}" under a name: how Lake writes what is no string.
std::string_view member_of(std::string_view text, std::string_view name) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t equals = text.find('=', at);
    if (equals == std::string_view::npos) return {};
    const std::string_view key = trim(text.substr(at, equals - at));
    std::size_t end = equals + 1;
    int depth = 0;
    for (; end < text.size(); ++end) {
      if (text[end] == '{') ++depth;
      if (text[end] == '}') --depth;
      if (text[end] == ',' && depth == 0) break;
    }
    if (lower(key) == name) return trim(text.substr(equals + 1, end - equals - 1));
    at = end + 1;
  }
  return {};
}

std::string_view without_braces(std::string_view text) {
  text = trim(text);
  if (text.starts_with('{') && text.ends_with('}')) return text.substr(1, text.size() - 2);
  return text;
}

template <class Fields>
void read_text_part(std::string_view text, const Fields& fields, Call& call) {
  for (const TextField& field : fields) {
    const std::string_view value = member_of(without_braces(text), field.folded);
    if (!value.empty() && value != "null") call.*field.member = value;
  }
}

}  // namespace

bool is_list_of_records(std::string_view key) { return std::ranges::find(lists, key) != lists.end(); }

void set_field(Call& call, std::string_view name, std::string_view value) {
  if (value.empty() || value == "null") return;
  const std::string key = lower(name);
  const auto part = [&](std::string_view prefix) {
    return key.starts_with(prefix) ? std::string_view(key).substr(prefix.size()) : std::string_view();
  };
  const auto set = [&](const auto& fields, std::string_view member) {
    if (const TextField* field = find(fields, member, true)) call.*field->member = value;
  };
  set(event_fields, key);
  set(tls_fields, part("tlsdetails."));
  set(identity_fields, part("useridentity."));
  set(issuer_fields, part("useridentity.sessioncontext.sessionissuer."));
  if (key == "tlsdetails") read_text_part(value, tls_fields, call);
  if (key == "useridentity") {
    read_text_part(value, identity_fields, call);
    const std::string_view context = without_braces(member_of(without_braces(value), "sessioncontext"));
    read_text_part(member_of(context, "sessionissuer"), issuer_fields, call);
  }
  if (key == "sessioncredentialfromconsole") call.from_console = lower(value) == "true";
  if (key == "managementevent") call.management_event = lower(value) == "true";
}

Piece RecordReader::read(const element& whole, const Visit& visit) {
  object members;
  if (whole.get(members) == simdjson::SUCCESS) return read_object(members, visit);
  simdjson::dom::array list;
  if (whole.get(list) != simdjson::SUCCESS) return Piece::foreign;
  if (is_row(whole)) {
    Call call;
    if (!read_row(list, call)) return Piece::foreign;
    if (call.event_source.empty()) return Piece::foreign;
    visit(call);
    return Piece::records;
  }
  return read_list(list, visit);
}

Piece RecordReader::read_object(const object& members, const Visit& visit) {
  Call call;
  read_record(members, false, call);
  if (call.event_source.empty()) {
    call = {};
    read_record(members, true, call);
  }
  if (!call.event_source.empty() && !call.event_name.empty()) {
    visit(call);
    return Piece::records;
  }
  for (const auto [key, value] : members) {
    simdjson::dom::array list;
    if (is_list_of_records(key) && value.get(list) == simdjson::SUCCESS) return read_list(list, visit);
    if (std::ranges::find(wrapped_texts, key) != wrapped_texts.end() && value.is_string())
      return read_nested(text_of(value), visit);
    object detail;
    if (key == "detail" && value.get(detail) == simdjson::SUCCESS) return read_object(detail, visit);
    if (key == "digestS3Object") return Piece::digest;
  }
  return Piece::foreign;
}

Piece RecordReader::read_list(const simdjson::dom::array& list, const Visit& visit) {
  constexpr int most = 3;  // lists in a list in a document
  if (depth_ >= most) return Piece::foreign;
  ++depth_;
  Piece piece = Piece::records;
  for (const element item : list) {
    ++number_;
    if (read(item, visit) != Piece::foreign) continue;
    ++foreign_;
    piece = Piece::foreign;
  }
  --depth_;
  return piece;
}

// A record as a string within a document. No string within that string is a record again.
Piece RecordReader::read_nested(std::string_view text, const Visit& visit) {
  constexpr int most = 100;
  if (depth_ >= most) return Piece::foreign;
  object members;
  if (nested_.parse(text.data(), text.size()).get(members) != simdjson::SUCCESS) return Piece::foreign;
  const int depth = depth_;
  depth_ = most;
  const Piece piece = read_object(members, visit);
  depth_ = depth;
  return piece;
}

}  // namespace wiretight::trail
