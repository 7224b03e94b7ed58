#include "sources/endpoint/randomness.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <fmt/format.h>

namespace wiretight::endpoint {

namespace {

// More would teach nothing and cost memory.
constexpr std::size_t most_samples = 512;
// Fewer values than this pass any test by luck.
constexpr std::size_t fewest_samples = 8;
// Random bytes that nobody guesses.
constexpr std::size_t unguessable = 16;

// Values that stand in the list more than once.
std::size_t repeats(std::vector<std::string> values) {
  std::ranges::sort(values);
  std::size_t count = 0;
  for (std::size_t i = 1; i < values.size(); ++i) count += values[i] == values[i - 1];
  return count;
}

// What a broken generator shows, as a sentence; empty when nothing does.
std::string pattern_in(const std::vector<std::string>& values) {
  const std::size_t length = std::ranges::min(values, {}, &std::string::size).size();
  if (length == 0) return "";
  // With n values a position is the same in all of them by chance once in 256^(n-1).
  std::vector<std::size_t> varying;
  for (std::size_t at = 0; at < length; ++at)
    if (std::ranges::any_of(values, [&](const std::string& value) { return value[at] != values[0][at]; }))
      varying.push_back(at);
  // A part that stands still is no weakness as long as the rest is long enough: Botan begins its session ids with the
  // time, others with the number of a server.
  const std::size_t constant = length - varying.size();
  if (constant >= std::max<std::size_t>(2, length / 8) && varying.size() < unguessable)
    return fmt::format("{} of {} bytes are the same in all values", constant, length);

  // Monobit test: the number of ones among n fair bits is within 6 standard deviations of n/2 but once in 5e8.
  double bits = 0;
  double ones = 0;
  for (const std::string& value : values) {
    bits += static_cast<double>(8 * varying.size());
    for (const std::size_t at : varying) ones += std::popcount(static_cast<unsigned char>(value[at]));
  }
  const double deviations = std::abs(ones - bits / 2) / std::sqrt(bits / 4);
  if (deviations > 6) return fmt::format("{:.0f} % of the bits are ones", 100 * ones / bits);

  // Counters: consecutive values that differ by a small constant in their last eight bytes.
  std::vector<std::uint64_t> ends;
  for (const std::string& value : values) {
    std::uint64_t end = 0;
    for (std::size_t at = length - std::min<std::size_t>(length, 8); at < length; ++at)
      end = end << 8 | static_cast<unsigned char>(value[at]);
    ends.push_back(end);
  }
  std::ranges::sort(ends);
  std::size_t small_steps = 0;
  for (std::size_t i = 1; i < ends.size(); ++i) small_steps += ends[i] - ends[i - 1] < 65536;
  if (length >= 8 && small_steps > ends.size() / 2) return "the values count up in small steps";
  return "";
}

RandomnessTest judge(std::string kind, const std::vector<std::string>& values, bool shares) {
  RandomnessTest test{.kind = std::move(kind), .samples = static_cast<int>(values.size())};
  const std::size_t same = repeats(values);
  if (same > 0) {
    test.predictable = observed(true);
    test.observation = same + 1 == values.size() ? "always the same value" : "values come again";
    // A share that comes again and again is a cached key pair; it needs no broken generator.
    test.key_reuse_only = test.kind.ends_with("share");
    return test;
  }
  if (values.size() < fewest_samples) {
    test.predictable = unresolved<bool>("too few values to judge by");
    test.observation = test.predictable.why;
    return test;
  }
  // Points on a curve and residues have structure of their own; only repeats mean something there.
  const std::string pattern = shares ? "" : pattern_in(values);
  test.predictable = observed(!pattern.empty());
  test.observation = pattern.empty() ? "no value came twice and no pattern shows" : pattern;
  return test;
}

}  // namespace

void Randomness::add(Values& values, std::span<const std::uint8_t> value) {
  if (value.empty() || values.size() >= most_samples) return;
  values.emplace_back(reinterpret_cast<const char*>(value.data()), value.size());
}

void Randomness::server_random(std::span<const std::uint8_t> value, bool tls13) {
  if (value.size() != 32) return;
  // Before TLS 1.3 the first four bytes may be the time and the last eight may be the mark of RFC 8446 4.1.3.
  add(randoms_, tls13 ? value : value.subspan(4, 20));
}

std::vector<RandomnessTest> Randomness::test() const {
  std::vector<RandomnessTest> tests;
  const auto run = [&](const char* kind, Values values, bool shares) {
    if (values.empty()) return;
    const std::size_t least = std::ranges::min(values, {}, &std::string::size).size();
    // Values of several lengths (TLS 1.2 and 1.3 randoms) are compared over what they have in common.
    if (!shares)
      for (std::string& value : values) value.resize(least);
    tests.push_back(judge(kind, values, shares));
  };
  run("server random", randoms_, false);
  run("session id", session_ids_, false);
  run("ticket", tickets_, true);
  run("DH share", dh_shares_, true);
  run("ECDH share", ecdh_shares_, true);
  return tests;
}

}  // namespace wiretight::endpoint
