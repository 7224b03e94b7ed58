#include "sources/trail/sql.h"

#include <array>
#include <fmt/format.h>

// Every comparison with a column that may be NULL stands where NULL means "no": AWS's own examples write
// tlsversion <> 'TLSv1.3', which is neither true nor false where there are no TLS details, and so loses exactly the
// calls that are worth knowing of (runtime.md 1.9).
namespace wiretight::trail {
namespace {

struct Words {
  std::string_view matches = {};  // a function of text and pattern
  std::string_view text = {};     // the type
};

Words words_of(Dialect dialect) {
  switch (dialect) {
    case Dialect::duckdb:
      return {.matches = "regexp_matches", .text = "VARCHAR"};
    case Dialect::spark:
      return {.matches = "regexp_like", .text = "STRING"};
    case Dialect::athena:
    case Dialect::trino:
      break;
  }
  return {.matches = "regexp_like", .text = "VARCHAR"};
}

// Matched by the functions of classify.cpp; sql_test.cpp holds the two together.
constexpr std::string_view weak_version = "^(sslv2|sslv3|tlsv1|tlsv1[.]0|tlsv1[.]1)$";
constexpr std::string_view cipher_in_suite =
    "AES|CHACHA20|CAMELLIA|ARIA|SEED|DES|RC4|RC2|IDEA|NULL|GOST|KUZNYECHIK|MAGMA|FORTEZZA|SM4|AEGIS|"
    "^TLS_SHA(256_SHA256|384_SHA384)$";
constexpr std::string_view aead = "GCM|CCM|POLY1305|OMAC|MGM|AEGIS";
constexpr std::string_view forward_secret =
    "^(ECDHE|DHE|TLS_ECDHE|TLS_DHE|TLS_AES_|TLS_CHACHA20_|TLS_SM4_|TLS_AEGIS_|TLS_ECCPWD)";
constexpr std::string_view aws_host =
    "^(dynamodb[.]amazonaws[.]com|((vpce-[a-z0-9-]+[.])?((streams[.]|streams-|search-)?dynamodb(-fips)?|"
    "[0-9]{12}[.](search-)?ddb(-fips)?)|dax|([a-z0-9-]+[.])+dax-clusters)[.][a-z]+(-[a-z]+)+-[0-9]+[.](vpce[.])?"
    "(amazonaws[.]com([.]cn)?|api[.]aws|api[.]amazonwebservices[.]com[.]cn|amazonaws[.]eu|"
    "api[.]amazonwebservices[.]eu|c2s[.]ic[.]gov|sc2s[.]sgov[.]gov|cloud[.]adc-e[.]uk|csp[.]hci[.]ic[.]gov))(:[0-9]+)?"
    "$";
constexpr std::string_view address = "^([0-9]{1,3}([.][0-9]{1,3}){3}|[0-9a-fA-F]*:[0-9a-fA-F:.]*)$";
constexpr std::string_view current_record = "^(1[.](0?[89]|[1-9][0-9]+)|([2-9]|[1-9][0-9]+)[.][0-9]+)";

}  // namespace

std::optional<Dialect> dialect_from(std::string_view word) {
  constexpr std::array<std::string_view, 4> names = {"athena", "trino", "duckdb", "spark"};
  for (std::size_t at = 0; at < names.size(); ++at)
    if (names.at(at) == word) return static_cast<Dialect>(at);
  return std::nullopt;
}

std::string class_expression(Dialect dialect) {
  const std::string_view matches = words_of(dialect).matches;
  const auto is = [&](std::string_view column, std::string_view pattern) {
    return fmt::format("{}(COALESCE({}, ''), '{}')", matches, column, pattern);
  };
  const std::string version = "LOWER(tlsdetails.tlsversion)";
  const std::string suite = "tlsdetails.ciphersuite";
  const std::string host = "LOWER(tlsdetails.clientprovidedhostheader)";
  const std::string known = fmt::format("COALESCE({}, '') IN ('tlsv1.2', 'tlsv1.3')", version);
  std::string out = "CASE\n";
  const auto when = [&](const std::string& condition, std::string_view then) {
    out += fmt::format("    WHEN {} THEN '{}'\n", condition, then);
  };
  when(is(version, weak_version), "W1");
  when(fmt::format("{} AND {}\n      AND NOT ({} AND {})", known, is(suite, cipher_in_suite), is(suite, aead),
                   is(suite, forward_secret)),
       "W2");
  when(fmt::format("{} AND COALESCE({}, '') <> ''\n      AND NOT {}", known, host, is(host, aws_host)), "W3");
  when(fmt::format("COALESCE({}, '') = 'tlsv1.3' AND COALESCE(tlsdetails.keyexchange, '') <> ''\n      AND NOT {}",
                   version, is("LOWER(tlsdetails.keyexchange)", "mlkem")),
       "Q1");
  when(known, "OK");
  when(
      "COALESCE(tlsdetails.tlsversion, '') <> '' OR COALESCE(tlsdetails.ciphersuite, '') <> ''\n      OR "
      "COALESCE(tlsdetails.clientprovidedhostheader, '') <> '' OR COALESCE(tlsdetails.keyexchange, '') <> ''",
      "U3");
  when(
      "COALESCE(useridentity.invokedby, '') <> '' OR COALESCE(eventtype, '') = 'AwsServiceEvent'\n      OR "
      "COALESCE(useridentity.type, '') = 'AWSService' OR COALESCE(sourceipaddress, '') LIKE 'AWS Internal%'\n      OR "
      "COALESCE(sourceipaddress, '') LIKE '%.amazonaws.com' OR COALESCE(sourceipaddress, '') LIKE '%.amazonaws.com.cn'",
      "U1");
  when("LOWER(COALESCE(sessioncredentialfromconsole, '')) = 'true'", "U2");
  when("NOT " + is("eventversion", current_record), "U5");
  when(fmt::format("COALESCE(useridentity.type, '') IN ('AssumedRole', 'IAMUser', 'Root', 'FederatedUser', 'Role', "
                   "'SAMLUser',\n      'AWSAccount', 'Directory', 'WebIdentityUser')\n      AND {} AND "
                   "COALESCE(eventcategory, '') <> 'NetworkActivity'",
                   is("sourceipaddress", address)),
       "U4");
  return out + "    ELSE 'U3' END";
}

namespace {

// The columns that the query reads, as AWS's own table has them, and three that it often lacks: keyexchange,
// sessioncredentialfromconsole, eventcategory.
std::string table_of_files(Dialect dialect, std::string_view table, std::string_view location) {
  constexpr std::string_view columns =
      "  eventversion STRING,\n"
      "  useridentity STRUCT<type: STRING, principalid: STRING, arn: STRING, accountid: STRING, invokedby: STRING,\n"
      "    accesskeyid: STRING, username: STRING,\n"
      "    sessioncontext: STRUCT<sessionissuer: STRUCT<type: STRING, arn: STRING, accountid: STRING>>>,\n"
      "  eventtime STRING,\n  eventsource STRING,\n  eventname STRING,\n  awsregion STRING,\n  sourceipaddress "
      "STRING,\n"
      "  useragent STRING,\n  errorcode STRING,\n  errormessage STRING,\n  eventid STRING,\n  eventtype STRING,\n"
      "  recipientaccountid STRING,\n  vpcendpointid STRING,\n  eventcategory STRING,\n"
      "  sessioncredentialfromconsole STRING,\n"
      "  tlsdetails STRUCT<tlsversion: STRING, ciphersuite: STRING, clientprovidedhostheader: STRING, keyexchange: "
      "STRING>";
  switch (dialect) {
    case Dialect::duckdb:
      return fmt::format(
          "CREATE OR REPLACE VIEW {} AS\n"
          "SELECT UNNEST(Records, recursive := false) AS record FROM read_json('{}/**/*.json.gz', maximum_object_size "
          "= "
          "1073741824,\n"
          "  columns = {{Records: 'STRUCT(eventVersion VARCHAR, userIdentity STRUCT(\"type\" VARCHAR, arn VARCHAR, "
          "accountId "
          "VARCHAR,\n"
          "    invokedBy VARCHAR, accessKeyId VARCHAR, sessionContext STRUCT(sessionIssuer STRUCT(\"type\" VARCHAR, "
          "arn "
          "VARCHAR))),\n"
          "    eventTime VARCHAR, eventSource VARCHAR, eventName VARCHAR, awsRegion VARCHAR, sourceIPAddress VARCHAR,\n"
          "    userAgent VARCHAR, eventID VARCHAR, eventType VARCHAR, recipientAccountId VARCHAR, vpcEndpointId "
          "VARCHAR,\n"
          "    eventCategory VARCHAR, sessionCredentialFromConsole VARCHAR,\n"
          "    tlsDetails STRUCT(tlsVersion VARCHAR, cipherSuite VARCHAR, clientProvidedHostHeader VARCHAR, "
          "keyExchange "
          "VARCHAR))[]'}});\n",
          table, location);
    case Dialect::spark:
      return fmt::format(
          "CREATE OR REPLACE TEMPORARY VIEW {0}_files USING json OPTIONS (path '{1}', recursiveFileLookup 'true',\n"
          "  multiLine 'true');\n\n"
          "CREATE OR REPLACE TEMPORARY VIEW {0} AS\n"
          "SELECT record.* FROM (SELECT EXPLODE(FROM_JSON(TO_JSON(Records), 'ARRAY<STRUCT<\n{2}>>')) AS record FROM "
          "{0}_files);\n",
          table, location, columns);
    case Dialect::athena:
    case Dialect::trino:
      break;
  }
  std::string fields(columns);
  for (std::size_t at = fields.find(": "); at != std::string::npos; at = fields.find(": ")) fields.replace(at, 2, ":");
  return fmt::format(
      "{}CREATE EXTERNAL TABLE IF NOT EXISTS {} (\n{}\n)\n"
      "ROW FORMAT SERDE 'org.apache.hive.hcatalog.data.JsonSerDe'\n"
      "STORED AS INPUTFORMAT 'com.amazon.emr.cloudtrail.CloudTrailInputFormat'\n"
      "OUTPUTFORMAT 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'\n"
      "LOCATION '{}';\n",
      dialect == Dialect::trino ? "-- In Hive or Athena, whose catalogue Trino reads.\n" : "", table, fields, location);
}

}  // namespace

std::string sql(Dialect dialect, std::string_view table, std::string_view location) {
  const bool duckdb = dialect == Dialect::duckdb;
  const std::string from = duckdb ? fmt::format("(SELECT record.* FROM {})", table) : std::string(table);
  // Copies of an event have one id: the same call delivered twice counts once.
  return fmt::format(
      "{0}\n"
      "SELECT recipientaccountid, awsregion, eventsource, principal, tlsversion, ciphersuite, keyexchange, host, "
      "class,\n"
      "  COUNT(*) AS calls, MIN(eventtime) AS first_seen, MAX(eventtime) AS last_seen\n"
      "FROM (\n"
      "  SELECT DISTINCT eventid, recipientaccountid, awsregion, eventsource, eventtime,\n"
      "    COALESCE(useridentity.sessioncontext.sessionissuer.arn, useridentity.arn) AS principal,\n"
      "    tlsdetails.tlsversion AS tlsversion, tlsdetails.ciphersuite AS ciphersuite,\n"
      "    tlsdetails.keyexchange AS keyexchange, LOWER(tlsdetails.clientprovidedhostheader) AS host,\n"
      "    {1} AS class\n"
      "  FROM {2} AS trail\n"
      "  WHERE eventsource IN ('dynamodb.amazonaws.com', 'dax.amazonaws.com')\n"
      ") AS calls\n"
      "GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9\n"
      "ORDER BY 9, 10 DESC;\n",
      table_of_files(dialect, table, location), class_expression(dialect), from);
}

}  // namespace wiretight::trail
