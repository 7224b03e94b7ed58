#include "app/cli/options.h"

#include <algorithm>
#include <array>

// How to add an option: a row here, and its meaning in meaning.cpp. How to add a command: an enumerator, a row of
// `command_rows`, and a case in program.cpp.

namespace wiretight::cli {
namespace {

using enum Arity;

constexpr std::array command_rows = {
    CommandInfo{
        .command = Command::scan,
        .name = "scan",
        .takes = "TARGET...",
        .summary = "find every way in which DynamoDB traffic can travel without sound TLS",
        .about =
            R"(TARGET is an endpoint: https://HOST[:PORT], http://HOST[:PORT], daxs://HOST[:PORT], HOST:PORT, [IPV6]:PORT; or a packet capture; or a file or folder of CloudTrail records or VPC flow logs. @FILE names a file with a target on each line, - is standard input; lines may be empty or begin with #.

A target that cannot be assessed is reported as such and never passes; the others are scanned all the same. Results are written in the order of the targets; in a long list, one that holds up 256 others is written later.

Exit codes: 0 complete, nothing at or above --fail-on-severity; 1 complete, something is; 2 unusable command line, configuration or target name, and nothing was scanned; 3 incomplete.)"},
    CommandInfo{
        .command = Command::prove,
        .name = "prove",
        .takes = "PATH...",
        .summary = "per table and principal: PROVED, WITNESS or UNKNOWN that no request without TLS gets through",
        .about =
            R"(PATH is a JSON document, or a folder of them, that says which policies stand round a table and a principal: identity, groups, boundary, session, scp, rcp, resourcePolicies, vpcEndpointPolicy. docs/policies.md describes it.

PROVED: within the documents given, no request with aws:SecureTransport=false to the table, its indexes, streams, backups, exports, imports or global table gets through. WITNESS: one does, and here it is, with the statements that let it. UNKNOWN: it hangs on a value that the documents do not have, and here it is named.

Exit codes: 0 complete, nothing at or above --fail-on-severity; 1 something is, or --require-proof and a witness; 2 unusable command line or configuration; 3 incomplete: a document could not be read, or a verdict is UNKNOWN.)"},
    CommandInfo{
        .command = Command::pin,
        .name = "pin",
        .takes = "HOST[:PORT]",
        .summary = "SPKI pins of the chain that a server presents, and how each SDK takes them",
        .about =
            R"(Connects once, reads the certificates that the server presents, and prints the pin of each: the SHA-256 of its public key, base64. The port is 443 unless told.

Exit codes: 0 the pins were printed; 2 unusable command line; 3 nobody answered with a certificate.)"},
    CommandInfo{.command = Command::rules,
                .name = "rules",
                .takes = "[RULE]",
                .summary = "the catalogue of what can be wrong; one rule explained",
                .about = "Without RULE all rules by category; with RULE its page: what is reported, why it matters, "
                         "how to mend it."},
    CommandInfo{.command = Command::trail,
                .name = "trail",
                .takes = "ACTION [PART]...",
                .summary = "CloudTrail at scale: workers for the shards of an archive, the merge of their results, SQL",
                .about =
                    R"(ACTION is worker, merge or sql.

worker reads the files that standard input names, one a line, and writes one line of JSON: a partial result. With --shard I/N it takes the folders that fall to it; all workers get the same list. All files of a folder must be in one list.

merge makes one partial result of the PARTs, in any order and any tree; the same one twice is that one once, and the bytes do not depend on how the archive was cut. `wiretight scan --as trail MERGED` reports it.

sql prints a table definition and a query that counts the same, for engines that read the archive themselves.

Exit codes: 0 done; 2 unusable command line, list or partial result; 3 a file could not be wholly read, and the partial result, which is written all the same, says which.)"},
    CommandInfo{.command = Command::help,
                .name = "help",
                .takes = "[COMMAND]",
                .summary = "this list, or the options of a command"},
    CommandInfo{.command = Command::version, .name = "version", .summary = "the version"},
};

constexpr std::string_view what = "What is scanned";
constexpr std::string_view judged = "What is reported";
constexpr std::string_view network = "The network";
constexpr std::string_view output = "Output";

// In the order of the help. Lower-case letters first come, first served.
constexpr std::array option_rows = {
    Option{"as",
           0,
           "KIND",
           one,
           "recognised",
           "take every TARGET for this kind: endpoint, tree, trail, flowlog, capture or account",
           what,
           {Command::scan}},
    Option{"depth",
           0,
           "DEPTH",
           one,
           "full; fast for AWS's own names",
           "fast: cleartext, versions, certificate; full: everything; economy: everything with fewer connections",
           what,
           {Command::scan}},
    Option{"no-siblings", 0, "", none, "", "leave the other usual ports of the host alone", what, {Command::scan}},
    Option{"intrusive",
           0,
           "",
           none,
           "",
           "also probes that leave traces on a server, such as sending early data",
           what,
           {Command::scan}},
    Option{"ip-ranges",
           0,
           "FILE",
           one,
           "",
           "AWS's ip-ranges.json, which tells DynamoDB's addresses in flow logs that do not name the service; it is "
           "never downloaded",
           what,
           {Command::scan}},
    Option{"from",
           0,
           "TIME",
           one,
           "",
           "of logs, what happened from this time on: a day, 2026-05-06, or a time, 2026-05-06T07:08:09Z",
           what,
           {Command::scan, Command::trail}},
    Option{"to", 0, "TIME", one, "", "of logs, what happened before this time", what, {Command::scan, Command::trail}},
    Option{"account", 0, "LIST", list, "all", "of logs, these accounts alone", what, {Command::scan, Command::trail}},
    Option{"region", 0, "LIST", list, "all", "of logs, these regions alone", what, {Command::scan, Command::trail}},
    Option{"shard", 0, "I/N", one, "1/1", "of N workers the one of number I", what, {Command::trail}},
    Option{"dialect", 0, "SQL", one, "athena", "athena, trino, duckdb or spark", what, {Command::trail}},
    Option{"table", 0, "NAME", one, "cloudtrail_logs", "of the table in SQL", what, {Command::trail}},
    Option{"location", 0, "URI", one, "s3://BUCKET/AWSLogs", "of the files in SQL", what, {Command::trail}},
    Option{"config",
           0,
           "FILE",
           one,
           ".wiretight.yaml, looked for from the first file or folder among the targets, else from here, upwards",
           "the configuration",
           what,
           {Command::scan, Command::prove}},

    Option{"category",
           0,
           "LIST",
           list,
           "TLS",
           "rules of these categories: TLS (all of them), cleartext, protocol, cipher, certificate, downgrade, random, "
           "policy, credential, ai",
           judged,
           {Command::scan, Command::prove}},
    Option{"rule",
           0,
           "LIST",
           list,
           "all that are not opt-in",
           "only these rules: NAME or NAME/DETECTOR",
           judged,
           {Command::scan, Command::prove}},
    Option{"ignore", 0, "LIST", list, "", "not these rules", judged, {Command::scan, Command::prove}},
    Option{"severity",
           0,
           "LEVEL",
           one,
           "info",
           "report findings at or above: critical, high, medium, low, info",
           judged,
           {Command::scan, Command::prove}},
    Option{"fail-on-severity",
           0,
           "LEVEL",
           one,
           "high",
           "exit 1 for a finding at or above; none: never",
           judged,
           {Command::scan, Command::prove}},
    Option{"require-proof",
           0,
           "",
           none,
           "",
           "exit 1 for a WITNESS, however its findings are weighed; an UNKNOWN is exit 3 anyway",
           judged,
           {Command::prove}},
    Option{"require-pq",
           0,
           "",
           none,
           "",
           "a server without post-quantum key exchange is a finding of severity high",
           judged,
           {Command::scan}},
    Option{"baseline",
           0,
           "FILE",
           one,
           "",
           "report only what this saved JSON result does not have",
           judged,
           {Command::scan, Command::prove}},

    Option{"timeout", 0, "SECONDS", one, "5", "for each network operation", network, {Command::scan, Command::pin}},
    Option{"rate",
           0,
           "N",
           one,
           "50, with room for one assessment at once",
           "new connections a second to one address",
           network,
           {Command::scan}},
    Option{"max-connections",
           0,
           "N",
           one,
           "what a whole assessment takes",
           "at most so many connections to one target",
           network,
           {Command::scan}},
    Option{"jobs",
           'j',
           "N",
           one,
           "the number of cores",
           "worker threads",
           network,
           {Command::scan, Command::prove, Command::trail}},
    Option{
        "ip-version", 0, "4|6", one, "both", "only addresses of this version", network, {Command::scan, Command::pin}},
    Option{"sni",
           0,
           "NAME",
           one,
           "the name of the target",
           "send this name in the handshake; - sends none",
           network,
           {Command::scan, Command::pin}},
    Option{"ca",
           0,
           "FILE",
           one,
           "what the system trusts",
           "trust exactly the certificates of this PEM file",
           network,
           {Command::scan, Command::pin}},

    Option{"format",
           'f',
           "FMT[=FILE]",
           many,
           "console",
           "console, json, jsonl, sarif, junit, markdown or github; may be repeated, each with its own file",
           output,
           {Command::scan}},
    Option{"format",
           'f',
           "FMT[=FILE]",
           many,
           "console",
           "console, json, sarif, junit, markdown or github; may be repeated, each with its own file",
           output,
           {Command::prove}},
    Option{"format", 'f', "FMT", one, "console", "console or json", output, {Command::pin, Command::rules}},
    Option{"output",
           'o',
           "FILE",
           one,
           "standard output",
           "the file for the one format given",
           output,
           {Command::scan, Command::prove, Command::trail}},
    Option{"facts", 0, "", none, "", "all that was seen, in the JSON formats", output, {Command::scan}},
    Option{"color",
           0,
           "WHEN",
           one,
           "auto",
           "auto (on a terminal, unless NO_COLOR is set), always, never",
           output,
           {Command::scan, Command::prove, Command::pin, Command::rules}},
    Option{"width",
           0,
           "N",
           one,
           "the terminal's, else 100",
           "columns of the console format",
           output,
           {Command::scan, Command::prove, Command::pin, Command::rules}},
    Option{"no-progress",
           0,
           "",
           none,
           "",
           "no progress line; there is none anyway where standard error is no terminal",
           output,
           {Command::scan, Command::prove}},
    Option{"quiet", 'q', "", none, "", "nothing on the console but errors", output, {Command::scan, Command::prove}},
    Option{"verbose",
           'v',
           "",
           none,
           "",
           "also what is suppressed, every step of a mend, and all evidence",
           output,
           {Command::scan, Command::prove}},
    Option{"help",
           'h',
           "",
           none,
           "",
           "this text",
           output,
           {Command::scan, Command::prove, Command::pin, Command::rules, Command::trail}},
};

}  // namespace

std::span<const CommandInfo> commands() { return command_rows; }

const CommandInfo& info_of(Command command) { return *std::ranges::find(command_rows, command, &CommandInfo::command); }

std::optional<Command> command_from(std::string_view name) {
  const auto found = std::ranges::find(command_rows, name, &CommandInfo::name);
  if (found == command_rows.end()) return std::nullopt;
  return found->command;
}

std::span<const Option> options() { return option_rows; }

const Option* find_option(Command command, std::string_view name) {
  const auto found = std::ranges::find_if(
      option_rows, [&](const Option& option) { return option.name == name && option.commands.has(command); });
  return found == option_rows.end() ? nullptr : &*found;
}

}  // namespace wiretight::cli
