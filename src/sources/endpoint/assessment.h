#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "facts/fact_set.h"
#include "net/handshake.h"
#include "net/hello/robot.h"
#include "net/http.h"
#include "sources/certificate/judge.h"
#include "sources/endpoint/conversation.h"
#include "sources/endpoint/endpoint.h"
#include "sources/endpoint/enumerate.h"
#include "sources/endpoint/lane.h"
#include "sources/endpoint/randomness.h"
#include "sources/suite.h"

namespace wiretight::endpoint {

// What one worker thread keeps between targets.
struct Worker {
  explicit Worker(net::Pace& pace) : wire(pace) {}
  net::Wire wire;
  tls::Context context;
  certificate::TrustStore trust;
};

// One address of one target, from the first connection to the finished Listener. The parts are coroutines that run at
// once where they can; each fills its own fields of `listener`. A far server is assessed in about six round trips, so
// every part begins as soon as what it needs is known.
//
//   contact     a whole handshake, plain HTTP, and one hello of each version: what is here?
//   enumerate   suites, groups, signature schemes, of each version that answered
//   sessions    resumption, tickets, renegotiation, by whole handshakes
//   attacks     payloads of published vulnerabilities, where their precondition was seen
//   confirm     what was refused once is asked again; what contradicts itself is said
class Assessment {
 public:
  Assessment(Worker& worker, Lane& lane, const Request& request, const Target& target, Depth depth);

  net::Task<void> run();
  // It failed because the port is closed here or this machine has no way to the address: a certain answer, no gap
  // where another address of the name answers.
  bool nobody_there() const { return nobody_there_; }

  Listener listener = {};
  std::vector<Listener> siblings = {};
  std::vector<Gap> gaps = {};
  std::vector<std::string> looked_at = {};
  bool failed = false;  // nothing answered at all
  std::string failure = {};

 private:
  // assessment.cpp
  net::Task<void> assess_tls();
  net::Task<void> assess_legacy();
  net::Task<void> assess_version(tls::Version version, bool suites_known);
  net::Task<void> assess_tls13();
  net::Task<void> assess_short();
  net::Task<void> ask_siblings();
  void finish();
  void drop_unasked();
  void judge_renegotiation();
  void sort_all();
  void tell();

  // contact.cpp
  tls::HelloSpec first_hello(tls::Version version) const;
  net::Task<void> greet();  // the whole handshake
  net::Task<void> ask_version(tls::Version version);
  net::Task<void> ask_ssl2();
  net::Task<void> ask_in_the_clear();
  net::Task<void> ask_sibling(std::uint16_t port);
  net::Task<void> ask_dax(std::uint16_t port, Listener& into);
  net::Task<http::Exchange> exchange(std::uint16_t port, bool* connected, net::Clock::duration connect_allowance);
  bool all_versions_answered() const;
  void judge_contact();
  void judge_silence(bool any_bytes);

  // suites.cpp
  net::Task<void> suites_of(tls::Version version, std::vector<std::uint16_t> likely, std::vector<std::uint16_t> rest);
  net::Task<void> ask_family(tls::KeyExchange exchange);
  std::vector<std::uint16_t> likely_suites() const;
  net::Task<void> suites_of_best();
  net::Task<void> suites_of_older(tls::Version version);
  net::Task<void> suites_of_tls13();
  net::Task<void> preference_of(tls::Version version);
  net::Task<void> dhe_with_standard_groups();
  // Suites that the version took, at most `most`: for hellos that are to be answered.
  std::vector<std::uint16_t> accepted_suites(tls::Version version, std::size_t most = 16);
  std::vector<std::uint16_t> answered_suites(tls::Version version);
  void accept_suite(tls::Version version, std::uint16_t code);

  // groups.cpp
  net::Task<void> groups_of_tls13();
  net::Task<void> hybrid_groups_of_tls13();
  void add_group(std::uint16_t code);
  net::Task<void> curves_of_legacy();
  net::Task<void> signatures();  // for every kind of key seen and not yet asked for
  net::Task<void> signatures_of_tls12(std::string key);
  net::Task<void> signatures_of_tls13(std::string key);
  net::Task<void> send_big_hello();

  // sessions.cpp
  net::Task<tls::HandshakeResult> shake(tls::HandshakeRequest request, std::string served_to = "");
  net::Task<tls::HandshakeResult> shake_once(tls::HandshakeRequest request, std::string served_to, bool staple_asked);
  net::Task<void> sessions_of_tls12();
  net::Task<void> sessions_by_id();
  net::Task<bool> session_by_id();
  net::Task<void> session_by_id_again();
  net::Task<void> session_of_tls13();
  net::Task<void> other_certificates();
  net::Task<void> missing_staples();
  net::Task<void> fallback(tls::Version version);

  // attacks.cpp
  // Begins a conversation with a hello that should be answered, up to the ServerHelloDone; the spec's session id is
  // sent as it stands. False when there is no ServerHello to be had.
  net::Task<bool> begin(std::optional<Conversation>* talk, tls::HelloSpec spec);
  net::Task<void> early_change_cipher_spec();
  net::Task<void> heartbleed();
  net::Task<void> ticketbleed();
  net::Task<void> opossum(std::uint16_t port, Listener& into);

  // robot.cpp
  enum class RobotVerdict { not_tried, one_answer, follows_padding, unsteady, unanswered };
  struct RobotFinding {
    RobotVerdict verdict = RobotVerdict::not_tried;
    std::string correct = {};  // the answer to the correct padding
    std::string other = {};    // one that differs from it
  };
  net::Task<void> robot();
  net::Task<void> robot_form(tls::RobotForm form, RobotFinding* finding);
  net::Task<void> robot_try(tls::RobotForm form, tls::RobotVector vector, net::Clock::duration allowance,
                            std::string* outcome);

  // confirm.cpp
  net::Task<void> keep_answer(tls::HelloSpec spec, std::string served_to, Answer* answer);
  net::Task<void> confirm_version(tls::Version version);
  net::Task<void> confirm_suites(tls::Version version);
  net::Task<void> confirm_suite(tls::Version version, std::uint16_t code);
  net::Task<void> confirm_groups();

  // collect.cpp: what every answer teaches, whatever it was asked for
  void collect(const Answer& answer, const tls::HelloSpec& spec, std::string_view served_to);
  void collect(const tls::HandshakeResult& result, std::string_view served_to, bool staple_asked);
  void add_chain(std::span<const std::vector<std::uint8_t>> chain, std::span<const std::uint8_t> staple,
                 bool staple_asked, bool right_name, std::string_view served_to);
  void learn_key(const std::vector<std::uint8_t>& der);

  // Sends a hello and learns from the answer. What is dropped is asked again, more slowly; it counts as refused only
  // where a hello that is known to be good was answered in between.
  net::Task<Answer> ask(tls::HelloSpec spec, std::string served_to = "");
  ProtocolSupport& protocol(tls::Version version);
  bool accepts(tls::Version version) const;
  bool is_tls() const;
  std::optional<tls::Version> best_legacy() const;
  bool is_dax(std::uint16_t port) const;
  bool few_connections() const { return depth_ == Depth::economy || lane_.serial(); }
  std::string server_name() const { return listener.sni; }
  std::string authority(std::uint16_t port) const;
  void gap(std::string place, std::string message);
  // How long to wait for an answer that a sound server may never give.
  net::Clock::duration patience() const;
  void say(std::string inconsistency);

  Worker& worker_;
  Lane& lane_;
  const Request& request_;
  const Target& target_;
  Depth depth_;
  certificate::Judge judge_;
  Randomness randomness_;
  std::vector<Answer> first_;              // the answer to the first hello of each version, by version
  std::optional<tls::HelloSpec> control_;  // a hello that was answered
  tls::HandshakeResult greeting_;
  bool greeted_ = false;
  std::vector<std::uint8_t> ticket_;  // of TLS 1.2
  std::uint16_t ticket_suite_ = 0;
  std::uint16_t leaf_curve_ = 0;  // group code of an EC leaf
  std::vector<std::uint8_t> rsa_modulus_;
  std::vector<std::uint8_t> rsa_exponent_;
  int refusals_by_closing_ = 0;
  int refusals_by_hanging_ = 0;
  bool saw_heartbeat_ = false;
  int renegotiation_info_seen_ = 0;
  int renegotiation_info_missing_ = 0;
  int sentinels_seen_ = 0;
  int sentinels_missing_ = 0;
  std::set<std::uint16_t> unasked_;      // suites that were chosen and not offered
  std::set<std::uint16_t> static_rsa_;   // accepted suites that encrypt to the certificate's key
  std::set<tls::KeyExchange> families_;  // of which a suite was taken in the first round
  std::map<std::string, std::size_t> chains_by_bytes_;
  std::set<std::string> signed_keys_;  // key algorithms whose signature schemes were asked for
  std::string unreachable_;            // why the port itself did not answer
  bool other_certificates_asked_ = false;
  bool heartbleed_tried_ = false;
  bool robot_tried_ = false;
  net::Clock::duration slowest_robot_answer_ = {};
  bool nobody_there_ = false;
};

}  // namespace wiretight::endpoint
