#include <algorithm>
#include <cstdint>
#include <string_view>

#include "policy/prove.h"
#include "require.h"

// Any document that is taken gets an answer in bounded time, and the answer holds: a witness stands before the
// evaluator, a proof has nothing that gets through, and what is unknown says what is missing.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace policy = wiretight::policy;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto read = policy::read_situations(text, "s.json");
  if (!read) {
    require(!read.error().what.empty());
    return 0;
  }
  const policy::Question question{.steps = 2'000, .product_steps = 50'000};
  for (std::size_t i = 0; i < std::min<std::size_t>(read->size(), 3); ++i) {
    const policy::Situation& situation = (*read)[i];
    const policy::Proof proof = policy::decide(situation, question);
    require((proof.verdict == policy::Verdict::witness) == !proof.openings.empty());
    require((proof.verdict == policy::Verdict::unknown) == !proof.unknown.empty());
    const policy::Rulebook rulebook(situation);
    for (const policy::Opening& opening : proof.openings) {
      require(!opening.actions.empty() && opening.actions.front() == opening.witness.request.action);
      require(policy::evaluate(rulebook, opening.witness.request).allowed == policy::Tri::yes);
    }
    for (const std::string& missing : proof.unknown) require(!missing.contains("please report this"));
    const wiretight::Proof fact = policy::prove(situation, question);
    require(fact.openings.size() == proof.openings.size());
    for (const wiretight::GuardMistake& mistake : fact.mistakes) require(mistake.number >= 1 && mistake.number <= 16);
    for (const wiretight::LockOut& lock : fact.lock_outs) require(!lock.actions.empty());
  }
  return 0;
}
