#include <cstddef>
#include <cstdint>
#include <string_view>

#include "require.h"
#include "sources/trail/partial.h"

// A partial result that somebody may have written by hand: taken as it is or refused.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wiretight;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  Outcome<trail::Partial> partial = trail::partial_from(text);
  if (!partial) return 0;
  const std::string before = to_text(*partial);
  trail::Partial same = *partial;
  require(same.merge(*partial).has_value());
  require(to_text(same) == before);
  partial->tally.facts("target");
  return 0;
}
