#include "engine/judge.h"

#include <algorithm>
#include <doctest/doctest.h>

using namespace wiretight;

namespace {

// Two rules, and one that is opt-in: the plain one has a finding for each listener, "many" has three.
constexpr Rule plain = {.name = "plain", .check = over<Listener>([](const Listener& listener, Findings& out) {
                                           out.add(listener).says("{} answers", listener.endpoint());
                                         })};
constexpr Rule many = {.name = "many",
                       .check = over<Listener>([](const Listener& listener, Findings& out) {
                         for (const char* suite : {"RC4", "DES", "RC4"})
                           out.add(listener, Severity::low).by("suites").about(suite).says("{} is taken", suite);
                       })};
constexpr Rule pinned = {.name = "pinned", .check = over<Listener>([](const Listener& listener, Findings& out) {
                                             const bool wanted = out.profile().require_pins;
                                             out.add(listener, wanted ? Severity::high : Severity::info)
                                                 .titled("Mine")
                                                 .caps(59)
                                                 .cwe({"CWE-1"})
                                                 .confidence(Confidence::firm)
                                                 .shows("pins", 0)
                                                 .step("First.")
                                                 .step("Second.")
                                                 .mend({.title = "fix"});
                                           })};

const std::vector<Weakness> weaknesses = {
    {.rule = &plain,
     .name = "plain",
     .title = "It is plain",
     .severity = Severity::high,
     .category = Category::cleartext,
     .cwe = {"CWE-319"},
     .controls = {"PCI-DSS-4.0.1:4.2.1"},
     .detectors = {"tls-probe"},
     .cap = 0,
     .remediation = {.summary = "Sum.", .steps = {"Last."}, .references = {"RFC 1"}}},
    {.rule = &many, .name = "many", .title = "Many", .severity = Severity::low, .category = Category::cipher},
    {.rule = &pinned,
     .name = "pinned",
     .title = "Page's",
     .category = Category::certificate,
     .cap = 90,
     .opt_in = true,
     .remediation = {.summary = "Sum.", .steps = {"Last."}}},
};

Listener listener(std::string host, std::uint16_t port = 443) {
  return {.target = "https://" + host, .host = host, .address = "192.0.2.1", .port = port};
}

FactSet facts(std::vector<Listener> listeners) { return {.listeners = std::move(listeners)}; }

Judgement judged(const Ask& ask = {}, std::int64_t now = 1000) {
  return judge(facts({listener("b.example"), listener("a.example")}), ask, now, weaknesses);
}

// "rule place identity" of each, a line each.
std::string described(const std::vector<Finding>& findings) {
  std::string out;
  for (const Finding& one : findings)
    out += one.rule + " " + to_text(one.location) + (one.identity.empty() ? "" : " " + one.identity) + "\n";
  return out;
}

Ask named(std::initializer_list<RuleName> rules) { return {.rules = rules}; }

}  // namespace

TEST_CASE("what a rule does not say comes from its page and from the fact") {
  const Finding plain_one = judged().findings.at(0);
  CHECK(plain_one.rule == "plain");
  CHECK(plain_one.detector == "tls-probe");
  CHECK(plain_one.severity == Severity::high);
  CHECK(plain_one.confidence == Confidence::certain);
  CHECK(plain_one.category == Category::cleartext);
  CHECK(plain_one.cwe == std::vector<std::string>{"CWE-319"});
  CHECK(plain_one.title == "It is plain");
  CHECK(plain_one.message == "a.example:443 answers");
  CHECK(plain_one.target == "https://a.example");
  CHECK(plain_one.location == Place(EndpointPlace{.endpoint = "a.example:443"}));
  CHECK(plain_one.remediation.summary == "Sum.");
  CHECK(plain_one.remediation.steps == std::vector<std::string>{"Last."});
  CHECK(plain_one.remediation.references == std::vector<std::string>{"RFC 1"});
  CHECK(plain_one.compliance == std::vector<std::string>{"PCI-DSS-4.0.1:4.2.1"});
  CHECK(plain_one.cap == 0);
  CHECK(plain_one.fingerprint == fingerprint_of(plain_one));

  const Judgement own = judged(named({{.rule = "pinned"}}));
  const Finding pinned_one = own.findings.at(0);
  CHECK(pinned_one.severity == Severity::info);
  CHECK(pinned_one.title == "Mine");
  CHECK(pinned_one.cap == 59);
  CHECK(pinned_one.cwe == std::vector<std::string>{"CWE-1"});
  CHECK(pinned_one.confidence == Confidence::firm);
  CHECK(pinned_one.evidence == Json::object({{"pins", 0}}));
  CHECK(pinned_one.remediation.steps == std::vector<std::string>{"First.", "Second.", "Last."});
  CHECK(pinned_one.fixes.at(0).title == "fix");
}

TEST_CASE("findings are sorted, and repeated ones are dropped") {
  CHECK(described(judged().findings) ==
        "plain a.example:443\nplain b.example:443\n"
        "many a.example:443 DES\nmany a.example:443 RC4\nmany b.example:443 DES\nmany b.example:443 RC4\n");
  // The same endpoint by two names is two targets: neither looks better than it is.
  Listener again = listener("a.example");
  again.target = "a.example:443";
  const Judgement both = judge(facts({listener("a.example"), again}), named({{.rule = "plain"}}), 0, weaknesses);
  REQUIRE(both.findings.size() == 2);
  CHECK(both.findings[0].fingerprint == both.findings[1].fingerprint);
  CHECK(both.findings[0].target == "a.example:443");
}

TEST_CASE("the order of the facts does not matter") {
  const std::vector<Listener> all = {listener("b"), listener("a", 80), listener("a"), listener("c")};
  const std::string forth = described(judge(facts(all), {}, 0, weaknesses).findings);
  const std::string back = described(judge(facts({all.rbegin(), all.rend()}), {}, 0, weaknesses).findings);
  CHECK(forth == back);
}

TEST_CASE("only what is asked for is judged") {
  CHECK(described(judged(named({{.rule = "pinned"}})).findings) == "pinned a.example:443\npinned b.example:443\n");
  CHECK(described(
            judged(named({{.rule = "many", .detector = "suites"}, {.rule = "plain", .detector = "pcap"}})).findings) ==
        "many a.example:443 DES\nmany a.example:443 RC4\nmany b.example:443 DES\nmany b.example:443 RC4\n");
  CHECK(described(judged({.ignored = {{.rule = "many"}}}).findings) == "plain a.example:443\nplain b.example:443\n");
  CHECK(judged({.ignored = {{.rule = "many", .detector = "pcap"}}}).findings.size() == 6);
  CHECK(judged({.rules = {{.rule = "plain"}}, .ignored = {{.rule = "plain"}}}).findings.empty());
  CHECK(judged({.categories = {Category::cipher, Category::certificate}}).findings.size() == 4);
  CHECK(judged({.categories = {Category::ai}}).findings.empty());
  const Judgement ignored = judged({.ignored = {{.rule = "many"}, {.rule = "plain"}}});
  CHECK(ignored.suppressed.empty());
  CHECK(ignored.unreported.empty());
}

TEST_CASE("the profile reaches the rules") {
  Ask ask = named({{.rule = "pinned"}});
  ask.profile.require_pins = true;
  CHECK(judged(ask).findings.at(0).severity == Severity::high);
}

TEST_CASE("what is below the severity asked for is kept apart") {
  const Judgement judgement = judged({.least = Severity::medium});
  CHECK(judgement.findings.size() == 2);
  CHECK(judgement.unreported.size() == 4);
  CHECK(judgement.suppressed.empty());
}

TEST_CASE("allowances hold for their rule, place and time") {
  const auto suppressed = [](Allowance allowance, std::int64_t now = 1000) {
    allowance.reason = "a test bench";
    return judged({.allowances = {std::move(allowance)}}, now).suppressed.size();
  };
  CHECK(suppressed({.rule = {.rule = "plain"}}) == 2);
  CHECK(suppressed({.rule = {.rule = "many", .detector = "suites"}}) == 4);
  CHECK(suppressed({.rule = {.rule = "many", .detector = "pcap"}}) == 0);
  CHECK(suppressed({.rule = {.rule = "plain"}, .where = {"a.example"}}) == 1);
  CHECK(suppressed({.rule = {.rule = "plain"}, .where = {"a.example:*"}}) == 1);
  CHECK(suppressed({.rule = {.rule = "plain"}, .where = {"https://b.*"}}) == 1);
  CHECK(suppressed({.rule = {.rule = "plain"}, .where = {"c.example", "*"}}) == 2);
  CHECK(suppressed({.rule = {.rule = "plain"}, .where = {"example"}}) == 0);
  CHECK(suppressed({.rule = {.rule = "plain"}, .until = 1001}) == 2);
  CHECK(suppressed({.rule = {.rule = "plain"}, .until = 1000}) == 0);
  CHECK(suppressed({.rule = {.rule = "plain"}, .until = 1001}, 2000) == 0);

  const Judgement one =
      judged({.allowances = {{.rule = {.rule = "plain"}, .where = {"a.*"}, .reason = "a test bench"}}});
  REQUIRE(one.suppressed.size() == 1);
  CHECK(one.suppressed[0].suppressed->by == "configuration");
  CHECK(one.suppressed[0].suppressed->reason == "a test bench");
  CHECK(one.findings.size() == 5);
  CHECK_FALSE(one.findings[0].suppressed);
}

TEST_CASE("allowances see addresses, and places of all kinds") {
  Listener several = listener("a.example");
  several.several_addresses = true;
  const auto allowed = [](const FactSet& set, std::string glob) {
    return judge(set, {.rules = {{.rule = "plain"}}, .allowances = {{.rule = {.rule = "plain"}, .where = {glob}}}}, 0,
                 weaknesses)
        .suppressed.size();
  };
  CHECK(allowed(facts({several}), "192.0.2.*") == 1);
  Listener v6 = listener("2001:db8::1");
  CHECK(allowed(facts({v6}), "2001:db8::*") == 1);
  CHECK(allowed(facts({v6}), "[[]2001*") == 0);
}

TEST_CASE("the baseline takes out what it has") {
  const Judgement before = judged();
  Ask ask;
  for (const Finding& one : before.findings)
    if (one.rule == "many") ask.baseline.insert(one.fingerprint);
  const Judgement after = judged(ask);
  CHECK(described(after.findings) == "plain a.example:443\nplain b.example:443\n");
  CHECK(after.suppressed.size() == 4);
  CHECK(after.suppressed[0].suppressed->by == "baseline");
}

TEST_CASE("a fingerprint is that of what was found, not of where the line is now") {
  Finding one;
  one.rule = "cleartext-endpoint";
  one.detector = "boto3";
  one.target = "shop";
  one.location = FilePlace{.file = "app.py", .line = 3, .column = 5, .offset = 40, .length = 3};
  one.identity = "x";
  const std::string print = fingerprint_of(one);
  CHECK(print.size() == 32);
  CHECK(print.find_first_not_of("0123456789abcdef") == std::string::npos);

  Finding moved = one;
  std::get<FilePlace>(moved.location).line = 30;
  std::get<FilePlace>(moved.location).offset = 400;
  moved.message = "other words";
  moved.severity = Severity::critical;
  CHECK(fingerprint_of(moved) == print);

  std::set<std::string> prints = {print};
  const auto differs = [&](auto change) {
    Finding other = one;
    change(other);
    return prints.insert(fingerprint_of(other)).second;
  };
  CHECK(differs([](Finding& f) { f.rule = "tls-disabled"; }));
  CHECK(differs([](Finding& f) { f.detector = "boto"; }));
  CHECK(differs([](Finding& f) { f.target = "other"; }));
  CHECK(differs([](Finding& f) { f.identity = "y"; }));
  CHECK(differs([](Finding& f) { f.location = FilePlace{.file = "b.py"}; }));
  CHECK(differs([](Finding& f) { f.location = EndpointPlace{.endpoint = "app.py"}; }));
  CHECK(differs([](Finding& f) { f.rule = "cleartext-endpointb", f.detector = "oto3"; }));

  // An endpoint is the same by whatever name.
  Finding endpoint = one;
  endpoint.location = EndpointPlace{.endpoint = "db.example:443"};
  const std::string by_url = fingerprint_of(endpoint);
  endpoint.target = "db.example";
  CHECK(fingerprint_of(endpoint) == by_url);
}

TEST_CASE("saved baselines stay good: a fingerprint is what it always was") {
  Finding one;
  one.rule = "cleartext-accepted";
  one.detector = "tls-probe";
  one.target = "http://db.example:8000";
  one.location = EndpointPlace{.endpoint = "db.example:8000"};
  CHECK(fingerprint_of(one) == "1c9f9e30f01f6d4a38a8b698e8e093e8");
}

TEST_CASE("the steps for what answers come first, and how many they are is known") {
  const auto mend_at = [](const Listener& where) {
    Findings out;
    Weakness weakness{.name = "plain"};
    weakness.remediation.steps = {"Amazon's endpoints: deny it.", "dynalite: give it a pair.", "Close the port.",
                                  "OpenSSL, nginx: set the list."};
    out.begin(weakness);
    out.add(where, Severity::high).step("This very case.");
    return out.list().front().remediation;
  };
  Listener where = listener("a.example");
  CHECK(mend_at(where).fitting == 1);
  CHECK(mend_at(where).steps[1] == "Amazon's endpoints: deny it.");
  where.cleartext.product = "dynalite";
  CHECK(mend_at(where).fitting == 2);
  CHECK(mend_at(where).steps == std::vector<std::string>{"This very case.", "dynalite: give it a pair.",
                                                         "Amazon's endpoints: deny it.", "Close the port.",
                                                         "OpenSSL, nginx: set the list."});
  where.cleartext = {};
  where.over_tls.server = "nginx/1.22.1";
  CHECK(mend_at(where).fitting == 2);
  CHECK(mend_at(where).steps[1] == "OpenSSL, nginx: set the list.");
}
