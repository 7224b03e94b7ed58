#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <fmt/format.h>
#include <memory>
#include <mutex>
#include <semaphore>
#include <sys/resource.h>
#include <thread>

#include "core/host.h"
#include "sources/endpoint/assessment.h"
#include "sources/endpoint/merge.h"

namespace wiretight::endpoint {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr int targets_at_once = 16;  // of one thread
constexpr std::size_t most_addresses = 16;
constexpr int default_connections = 1000;
// Of one address, and with it of a target: addresses are assessed at once.
constexpr auto longest = 18s;
constexpr int wide = 160;
// Where many targets are under way the round trips of one are filled with the work of others.
constexpr int wide_among_many = 24;
constexpr int wide_at_aws = 4;

// Every connection needs a descriptor, and the usual soft limit of 1024 is for programs that use select().
void raise_descriptor_limit() {
  rlimit limit = {};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 65536);
  setrlimit(RLIMIT_NOFILE, &limit);
}

struct Thread {
  explicit Thread(net::Pace& pace) : worker(pace) {}
  Worker worker;
  std::atomic<int> under_way = 0;
};

// All addresses of one target.
class Scan {
 public:
  Scan(Thread& thread, const Request& request, Target target)
      : thread_(thread), request_(request), target_(std::move(target)) {}

  net::Task<Reading> run();

 private:
  struct Part {
    std::unique_ptr<Lane> lane;
    std::unique_ptr<Assessment> assessment;
  };

  Lane::Limits limits() const;
  void keep(std::vector<Part>& parts, Reading& reading);

  Thread& thread_;
  const Request& request_;
  Target target_;
  Depth depth_ = Depth::full;
};

Lane::Limits Scan::limits() const {
  Lane::Limits limits{.timeout = request_.timeout, .connections = default_connections};
  if (request_.max_connections > 0) limits.connections = request_.max_connections;
  limits.widest = depth_ == Depth::fast ? wide_at_aws : thread_.under_way > 1 ? wide_among_many : wide;
  // Who asks for patience or for a slow pace gets the time for it.
  auto allowed = std::chrono::duration_cast<net::Clock::duration>(longest);
  if (request_.timeout > 5s) allowed += 3 * (request_.timeout - std::chrono::milliseconds(5s));
  if (request_.rate)
    allowed += std::chrono::duration_cast<net::Clock::duration>(
        std::chrono::duration<double>(limits.connections / std::max(*request_.rate, 0.1)));
  limits.end = net::Clock::now() + allowed;
  return limits;
}

net::Task<Reading> Scan::run() {
  const auto begun = net::Clock::now();
  Reading reading{.target = target_.text};
  depth_ = request_.depth.value_or(aws_name(target_.host) ? Depth::fast : Depth::full);
  net::Wire& wire = thread_.worker.wire;
  const auto addresses = co_await net::resolve(wire, target_.host, request_.ip_version, request_.timeout);
  std::vector<Part> parts;
  if (!addresses) {
    reading.failed = true;
    reading.facts.gaps.push_back({.target = target_.text, .place = target_.host, .message = addresses.error().what});
  } else {
    if (addresses->size() > most_addresses)
      reading.facts.gaps.push_back({.target = target_.text,
                                    .place = target_.host,
                                    .message = fmt::format("has {} addresses, of which the first {} were looked at",
                                                           addresses->size(), most_addresses)});
    Tasks tasks(wire);
    for (const auto& address : *addresses) {
      if (parts.size() == most_addresses) break;
      Part& part = parts.emplace_back();
      part.lane = std::make_unique<Lane>(wire, address, limits());
      part.assessment = std::make_unique<Assessment>(thread_.worker, *part.lane, request_, target_, depth_);
      tasks.start(part.assessment->run());
    }
    co_await tasks.done();
    keep(parts, reading);
  }
  std::uint64_t bytes = 0;
  std::int64_t connections = 0;
  for (const Part& part : parts) {
    bytes += part.lane->bytes;
    connections += part.lane->connections();
  }
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(net::Clock::now() - begun);
  reading.statistics.set("bytes", bytes);
  reading.statistics.set("milliseconds", static_cast<std::int64_t>(took.count()));
  reading.statistics.set("connections", connections);
  reading.statistics.set("addresses", static_cast<std::int64_t>(parts.size()));
  co_return reading;
}

void Scan::keep(std::vector<Part>& parts, Reading& reading) {
  const bool any_answered = std::ranges::any_of(parts, [](const Part& part) { return !part.assessment->failed; });
  const bool several = parts.size() > 1;
  std::vector<Listener> listeners;
  for (Part& part : parts) {
    Assessment& assessment = *part.assessment;
    const std::string address = part.lane->address().to_string();
    if (assessment.failed && any_answered && assessment.nobody_there()) {
      // "localhost" is two addresses and most servers listen on one of them; a machine without IPv6 reaches no AAAA.
      reading.looked_at.push_back(fmt::format("{}: {}", address, assessment.failure));
    } else {
      for (Gap& gap : assessment.gaps) {
        if (several) gap.place += fmt::format(" ({})", address);
        reading.facts.gaps.push_back(std::move(gap));
      }
    }
    for (std::string& line : assessment.looked_at)
      reading.looked_at.push_back(several ? fmt::format("{}: {}", address, line) : std::move(line));
    if (!assessment.failed) listeners.push_back(std::move(assessment.listener));
    for (Listener& sibling : assessment.siblings) listeners.push_back(std::move(sibling));
  }
  reading.failed = listeners.empty();
  reading.facts.listeners = merge_addresses(std::move(listeners));
}

net::Task<Reading> scan(Thread& thread, const Request& request, Target target) {
  Reading reading{.target = target.text};
  try {
    Scan whole(thread, request, std::move(target));
    reading = co_await whole.run();
  } catch (const std::exception& error) {
    reading.failed = true;
    reading.facts.gaps.push_back({.target = reading.target,
                                  .place = reading.target,
                                  .message = fmt::format("could not go on: {}", error.what())});
  }
  co_return reading;
}

}  // namespace

void probe(const Request& request, const Next& next, const Done& done) {
  raise_descriptor_limit();
  net::Pace pace(request.rate);
  const int count = std::max(1, request.workers);
  std::vector<std::unique_ptr<Thread>> threads;
  std::vector<asio::executor_work_guard<asio::io_context::executor_type>> kept_running;
  for (int i = 0; i < count; ++i) {
    threads.push_back(std::make_unique<Thread>(pace));
    kept_running.push_back(asio::make_work_guard(threads.back()->worker.wire.io));
  }
  std::counting_semaphore<> room(static_cast<std::ptrdiff_t>(count) * targets_at_once);
  std::mutex one_at_a_time;
  std::exception_ptr thrown;
  std::vector<std::jthread> running;
  for (const auto& thread : threads) running.emplace_back([&io = thread->worker.wire.io] { io.run(); });

  // The caller's thread hands out: waiting for the next line of a pipe holds up nothing that is under way.
  while (true) {
    room.acquire();
    std::optional<Target> target;
    {
      const std::lock_guard lock(one_at_a_time);
      if (thrown) break;
    }
    target = next();
    if (!target) break;
    Thread& thread = **std::ranges::min_element(threads, {}, [](const auto& each) { return each->under_way.load(); });
    ++thread.under_way;
    asio::post(thread.worker.wire.io, [&, text = std::move(*target)]() mutable {
      asio::co_spawn(thread.worker.wire.io, scan(thread, request, std::move(text)),
                     [&](const std::exception_ptr& failed, Reading reading) {
                       {
                         const std::lock_guard lock(one_at_a_time);
                         try {
                           if (failed) std::rethrow_exception(failed);
                           if (!thrown) done(std::move(reading));
                         } catch (...) {
                           if (!thrown) thrown = std::current_exception();
                         }
                       }
                       --thread.under_way;
                       room.release();
                     });
    });
  }
  kept_running.clear();
  running.clear();
  if (thrown) std::rethrow_exception(thrown);
}

}  // namespace wiretight::endpoint
