#include "app/scan.h"

#include <algorithm>
#include <cassert>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <fmt/format.h>
#include <iterator>
#include <map>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>
#include <variant>

#include "app/complain.h"
#include "app/in_order.h"
#include "app/progress.h"
#include "app/targets.h"
#include "engine/catalogue.h"
#include "engine/grade.h"
#include "engine/judge.h"
#include "report/words.h"

namespace wiretight {
namespace {

// Targets that wait for an earlier one before they are written, and targets that the closing table of a scan that keeps
// no results has room for.
constexpr std::size_t few = 256;

// A target with its judgement, and what of it does not go into a report.
struct Judged {
  Assessed shown = {};
  FactSet facts = {};
};

Judged judge(Reading reading, TargetKind kind, const ScanRequest& request, std::int64_t now) {
  Judgement judgement = judge(reading.facts, request.ask, now);
  TargetResult result{.target = std::move(reading.target),
                      .kind = kind,
                      .status = reading.failed               ? TargetStatus::failed
                                : reading.facts.gaps.empty() ? TargetStatus::complete
                                                             : TargetStatus::partial,
                      .statistics = std::move(reading.statistics),
                      .looked_at = std::move(reading.looked_at),
                      .problems = reading.facts.gaps};
  for (const Finding& finding : judgement.unreported) {
    ++result.unreported.at(static_cast<std::size_t>(finding.severity));
  }
  if (result.status == TargetStatus::complete) {
    std::vector<const Finding*> counted;
    for (const auto* list : {&judgement.findings, &judgement.unreported}) {
      for (const Finding& finding : *list) counted.push_back(&finding);
    }
    result.grade = grade(counted);
  }
  // Sources call the target by its path, and reports by what may be shown of it.
  for (auto* list : {&judgement.findings, &judgement.suppressed})
    for (Finding& finding : *list) finding.target = result.target;
  Assessed shown{.result = std::move(result),
                 .findings = std::move(judgement.findings),
                 .suppressed = std::move(judgement.suppressed),
                 .listeners = reading.facts.listeners,
                 .proofs = reading.facts.proofs};
  return {.shown = std::move(shown), .facts = std::move(reading.facts)};
}

Verdict verdict_of(const Assessed& target) {
  return report::verdict_of(target.result, report::worst_of(target.findings));
}

// The reading of a target of which nothing could be read.
Reading nothing_of(const GivenTarget& given) {
  const Problem& problem = given.what.error();
  std::string place = given.place.empty() ? problem.where : given.place;
  if (place == given.text) place.clear();
  return {.target = given.text,
          .failed = true,
          .facts = {.gaps = {{.target = given.text, .place = std::move(place), .message = problem.what}}},
          .statistics = no_statistics(given.kind)};
}

// One scan under way: hands out targets, takes readings in any order, and writes them in order. Its functions may be
// called from any thread.
//
// Endpoints and files are read side by side. Who asks for an endpoint moves on in the list of targets; the files that
// stand there on the way wait for the reader of files.
class Run {
 public:
  Run(const ScanRequest& request, Ports& ports, Targets targets, Outputs outputs)
      : request_(request),
        ports_(ports),
        targets_(std::move(targets)),
        outputs_(std::move(outputs)),
        progress_(ports.error, request.progress, targets_.count()) {
    results_.version = version();
    results_.rules_sha256 = catalogue_sha256();
    results_.started_at = ports.now();
    results_.arguments = request.arguments;
    results_.with_facts = request.facts;
    results_.with_proofs = request.prove;
  }

  std::optional<endpoint::Target> next_endpoint() {
    const std::lock_guard lock(mutex_);
    while (wanted()) {
      std::optional<GivenTarget> given = targets_.next();
      if (!given) return std::nullopt;
      if (!given->what) {
        progress_.begun();
        take(given->index, given->kind, nothing_of(*given));
      } else if (auto* endpoint = std::get_if<endpoint::Target>(&*given->what)) {
        progress_.begun();
        under_way_.emplace(given->text, given->index);
        return std::move(*endpoint);
      } else {
        files_.push_back(std::move(*given));
        changed_.notify_one();
      }
    }
    return std::nullopt;
  }

  // Reads the files that wait, one after another. `handed_out`: no more are added.
  void read_files(const std::stop_token& handed_out) {
    while (std::optional<GivenTarget> given = next_file(handed_out)) {
      Reading reading = read_file(*given);
      const std::lock_guard lock(mutex_);
      take(given->index, given->kind, std::move(reading));
    }
  }

  void endpoint_done(Reading reading) {
    const std::lock_guard lock(mutex_);
    const auto found = under_way_.find(reading.target);
    assert(found != under_way_.end() && "a reading bears the name of a target that was handed out");
    const std::size_t index = found->second;
    under_way_.erase(found);
    take(index, TargetKind::endpoint, std::move(reading));
  }

  Exit close() {
    const std::lock_guard lock(mutex_);
    if (ports_.interrupted) {
      for (; !files_.empty(); files_.pop_front()) leave(std::move(files_.front()));
      while (std::optional<GivenTarget> left = targets_.skip()) leave(std::move(*left));
    }
    for (const GivenTarget& list : targets_.broken()) take(list.index, list.kind, nothing_of(list));
    progress_.stop();
    results_.duration_ms = ports_.now() - results_.started_at;
    sort_findings(results_.findings);
    sort_findings(results_.suppressed);
    conclude(results_);
    outputs_.close(results_);
    const auto exit = static_cast<Exit>(exit_code_of(results_, request_.fail_on));
    return exit == Exit::fine && request_.require_proof && found_witness_ ? Exit::found : exit;
  }

  const Outputs& outputs() const { return outputs_; }

 private:
  bool wanted() const { return !ports_.interrupted && !outputs_.in_vain() && !outputs_.problem(); }

  std::optional<GivenTarget> next_file(const std::stop_token& handed_out) {
    std::unique_lock lock(mutex_);
    if (!changed_.wait(lock, handed_out, [&] { return !files_.empty(); }) || !wanted()) return std::nullopt;
    GivenTarget file = std::move(files_.front());
    files_.pop_front();
    progress_.begun();
    return file;
  }

  Reading read_file(const GivenTarget& given) const {
    const FileTarget& file = std::get<FileTarget>(*given.what);
    try {
      Reading reading = file.source->read(file.path, request_.files, ports_.interrupted);
      reading.target = given.text;
      if (reading.statistics.members().empty()) reading.statistics = no_statistics(given.kind);
      return reading;
    } catch (const std::exception& problem) {
      GivenTarget unread = given;
      unread.what = failure(fmt::format("reading ended early: {}", problem.what()));
      return nothing_of(unread);
    }
  }

  void leave(GivenTarget given) {
    given.what = failure("it was not begun: the scan was interrupted");
    take(given.index, given.kind, nothing_of(given));
  }

  void take(std::size_t index, TargetKind kind, Reading reading) {
    Judged judged = judge(std::move(reading), kind, request_, ports_.now() / 1000);
    const Verdict verdict = verdict_of(judged.shown);
    progress_.finished(verdict == Verdict::leaking, verdict == Verdict::incomplete);
    in_order_.put(index, std::move(judged));
    while (std::optional<Judged> ready = in_order_.take()) write(std::move(*ready));
  }

  void write(Judged judged) {
    found_witness_ = found_witness_ || std::ranges::any_of(judged.facts.proofs, [](const Proof& proof) {
                       return proof.verdict == ProofVerdict::witness;
                     });
    progress_.aside([&] { outputs_.add(judged.shown); });
    keep(std::move(judged));
  }

  // All of it where a format shows it at the end. Otherwise the closing lines have a table as long as there are few.
  void keep(Judged judged) {
    results_.targets.push_back(std::move(judged.shown.result));
    std::ranges::move(judged.shown.findings, std::back_inserter(results_.findings));
    std::ranges::move(judged.shown.suppressed, std::back_inserter(results_.suppressed));
    if ((request_.facts || request_.prove) && outputs_.needs_all()) results_.facts.merge(std::move(judged.facts));
    many_ = many_ || results_.targets.size() > few;
    if (many_ && !outputs_.needs_all()) count_only();
  }

  void count_only() {
    Streamed& streamed = results_.streamed;
    streamed.unreported = results_.unreported();
    for (const TargetResult& target : results_.targets) {
      ++streamed.targets.at(static_cast<std::size_t>(target.status));
      if (target.grade) fold_worst(results_.grade, *target.grade);
    }
    for (const Finding& finding : results_.findings) ++streamed.findings.at(static_cast<std::size_t>(finding.severity));
    streamed.suppressed += static_cast<int>(results_.suppressed.size());
    results_.targets.clear();
    results_.findings.clear();
    results_.suppressed.clear();
  }

  const ScanRequest& request_;
  Ports& ports_;
  std::mutex mutex_;
  Targets targets_;
  Outputs outputs_;
  Progress progress_;
  std::multimap<std::string, std::size_t> under_way_ = {};  // by name
  std::condition_variable_any changed_;
  std::deque<GivenTarget> files_ = {};  // whose turn has come
  InOrder<Judged> in_order_{few};
  Results results_ = {};
  bool many_ = false;
  bool found_witness_ = false;
};

}  // namespace

Outcome<Exit> scan(const ScanRequest& request, Ports& ports) {
  Outcome<Targets> targets = Targets::open(request.targets, request.kind, ports.files, ports.in);
  if (!targets) return std::unexpected(targets.error());
  Outputs::Style style{.console = request.style, .fail_on = request.fail_on};
  style.console.brief = targets->several() && !request.prove;
  Outcome<Outputs> outputs = Outputs::open(request.outputs, style, ports.out);
  if (!outputs) return std::unexpected(outputs.error());

  Run run(request, ports, std::move(*targets), std::move(*outputs));
  ports.listen_to_signals();
  {
    const std::jthread files([&](const std::stop_token& handed_out) { run.read_files(handed_out); });
    ports.probe(
        request.network, [&] { return run.next_endpoint(); },
        [&](Reading reading) { run.endpoint_done(std::move(reading)); });
  }
  const Exit exit = run.close();
  if (const std::optional<Problem>& problem = run.outputs().problem()) {
    complain(*problem, ports.error);
    return Exit::incomplete;
  }
  return run.outputs().in_vain() ? Exit::fine : exit;
}

}  // namespace wiretight
