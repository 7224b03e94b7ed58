#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>

#include "app/target_lines.h"
#include "core/text.h"
#include "core/utf8.h"

// Whatever a list holds: every line is a target fit to be shown or a problem, and the numbers go up.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wiretight;
  std::istringstream in(std::string(reinterpret_cast<const char*>(data), size));
  TargetLines lines(in);
  std::uint64_t before = 0;
  while (const auto line = lines.next()) {
    if (line->number <= before || line->number > size) std::abort();
    before = line->number;
    if (!line->text) continue;
    const std::string& text = *line->text;
    if (text.empty() || text.size() > limits::target_bytes || !is_utf8(text) || trim(text) != text) std::abort();
  }
  if (lines.broken()) std::abort();
  return 0;
}
