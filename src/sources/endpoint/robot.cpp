#include "net/hello/robot.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>

#include "sources/endpoint/assessment.h"

// ROBOT: does the answer follow the padding of the premaster secret?
//
// The published test has two forms. The long one sends a Finished behind the ClientKeyExchange, which every server
// answers. The short one sends nothing, which most servers answer with silence, and silence has to be waited for. It
// finds more only where a server answers bad padding at once with the very thing that it says to the Finished.
//
// So a third form goes first, which also gets an answer from everybody: a message that is out of place. Suppose that
// bad padding is answered at once with X and that a good one leaves the server waiting for more. Then bad padding gets
// X in both forms, the good one gets F in the long form and D in the third. Where all paddings of a form get one
// answer, F = X and D = X. Hence F != D proves, by the order of bytes in a connection and without a clock, that there
// is no such server, and that all paddings left it waiting. Only where F = D has the short form to be tried.
namespace wiretight::endpoint {

namespace {

using Bytes = std::vector<std::uint8_t>;
using tls::RobotForm;
using Outcomes = std::array<std::string, tls::robot_vectors.size()>;

// Two rounds in agreement are believed; a machine that is short of time makes one differ by chance.
constexpr std::size_t most_rounds = 4;

bool all_known(const Outcomes& outcomes) { return std::ranges::none_of(outcomes, &std::string::empty); }
bool differ(const Outcomes& outcomes) {
  return std::ranges::any_of(outcomes, [&](const std::string& each) { return each != outcomes[0]; });
}

// Alerts that can be read and are not the same: no reset that overtook an alert made one look like the other.
bool are_distinct_alerts(std::string_view one, std::string_view other) {
  return one.starts_with("alert ") && other.starts_with("alert ") && one != other;
}

}  // namespace

net::Task<void> Assessment::robot_try(RobotForm form, tls::RobotVector vector, net::Clock::duration allowance,
                                      std::string* outcome) {
  const tls::Version version = *best_legacy();
  const Bytes plain = tls::robot_plaintext(vector, rsa_modulus_.size(), tls::wire_code(version));
  const auto encrypted = tls::rsa_public(plain, rsa_modulus_, rsa_exponent_);
  if (!encrypted) co_return;
  const std::vector<std::uint16_t> suites(static_rsa_.begin(), static_rsa_.end());
  std::optional<Conversation> talk;
  const bool begun = co_await begin(&talk, tls::legacy_hello(version, suites, server_name()));
  if (!begun || !talk->flight().saw_server_hello_done()) co_return;
  Bytes payload;
  if (talk->flight().certificate_request()) tls::append_no_certificate(payload, tls::wire_code(version));
  tls::append_robot(payload, tls::wire_code(version), *encrypted, form);
  if (!co_await talk->send(payload)) {
    *outcome = "closed";
    co_return;
  }
  const auto sent = net::Clock::now();
  const Reply reply = co_await talk->read(tls::Until::alert, allowance);
  if (reply != Reply::silent) slowest_robot_answer_ = std::max(slowest_robot_answer_, net::Clock::now() - sent);
  *outcome = outcome_of(reply, talk->flight());
}

// Tries one form until two rounds agree, or one in which all paddings got the same answer.
net::Task<void> Assessment::robot_form(RobotForm form, RobotFinding* finding) {
  std::vector<Outcomes> rounds;
  while (rounds.size() < most_rounds) {
    Outcomes outcomes;
    // RSA takes this server so long; and a round that repeats another one decides about a finding.
    const net::Clock::duration wait = std::max(patience(), 4 * slowest_robot_answer_);
    const net::Clock::duration allowance = rounds.empty() ? wait : 4 * wait;
    for (int tries = 0; tries < 2 && !all_known(outcomes); ++tries) {
      Tasks tasks(worker_.wire);
      for (std::size_t i = 0; i < outcomes.size(); ++i)
        if (outcomes[i].empty()) tasks.start(robot_try(form, tls::robot_vectors[i], allowance, &outcomes[i]));
      co_await tasks.done();
    }
    if (!all_known(outcomes)) {
      *finding = {.verdict = RobotVerdict::unanswered};
      co_return;
    }
    const bool again = std::ranges::find(rounds, outcomes) != rounds.end();
    // Silence where every server has something to say is waited for once more.
    const bool plausible = form == RobotForm::brief || outcomes[0] != "silence";
    if (!differ(outcomes) && ((rounds.empty() && plausible) || again)) {
      *finding = {.verdict = RobotVerdict::one_answer, .correct = outcomes[0]};
      co_return;
    }
    if (again) {
      *finding = {
          .verdict = RobotVerdict::follows_padding,
          .correct = outcomes[0],
          .other = *std::ranges::find_if(outcomes, [&](const std::string& each) { return each != outcomes[0]; })};
      co_return;
    }
    rounds.push_back(std::move(outcomes));
  }
  *finding = {.verdict = RobotVerdict::unsteady};
}

net::Task<void> Assessment::robot() {
  if (static_rsa_.empty() || rsa_modulus_.empty() || robot_tried_ || !best_legacy()) co_return;
  robot_tried_ = true;
  RobotFinding finished;
  RobotFinding interrupted;
  RobotFinding brief;
  Tasks tasks(worker_.wire);
  tasks.start(robot_form(RobotForm::finished, &finished));
  tasks.start(robot_form(RobotForm::interrupted, &interrupted));
  co_await tasks.done();
  const bool one_answer =
      finished.verdict == RobotVerdict::one_answer && interrupted.verdict == RobotVerdict::one_answer;
  if (one_answer && are_distinct_alerts(finished.correct, interrupted.correct))
    brief = {.verdict = RobotVerdict::one_answer, .correct = "silence"};
  else if (finished.verdict != RobotVerdict::follows_padding)
    co_await robot_form(RobotForm::brief, &brief);

  VulnerabilityTest test{.name = "robot", .cve = "CVE-2017-13099"};
  const auto either = [&](RobotVerdict verdict) { return finished.verdict == verdict || brief.verdict == verdict; };
  const RobotFinding* follows = nullptr;
  for (const RobotFinding* finding : {&finished, &brief, &interrupted})
    if (!follows && finding->verdict == RobotVerdict::follows_padding) follows = finding;
  if (follows) {
    test.vulnerable = observed(true);
    test.observation =
        fmt::format("answers follow the padding: {} to a correct one, {} to others", follows->correct, follows->other);
  } else if (either(RobotVerdict::unanswered)) {
    test.vulnerable = unresolved<bool>("not every padding was answered");
  } else if (either(RobotVerdict::unsteady)) {
    test.vulnerable = unresolved<bool>("the answers to the five paddings differ, but not in the same way twice");
  } else {
    test.vulnerable = observed(false);
    test.observation = fmt::format("five paddings, one answer: {}", brief.correct);
  }
  listener.vulnerabilities.push_back(std::move(test));
}

}  // namespace wiretight::endpoint
