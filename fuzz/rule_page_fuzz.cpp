#include <cstdint>
#include <string_view>

#include "engine/catalogue.h"
#include "engine/markdown.h"
#include "require.h"

// A rule's page. Beyond "no crash": what is taken for a page has all that a report says of a weakness, each complaint
// names the page, and sections are views into the text.
namespace {

using namespace wiretight;

constexpr Rule rule = {.name = "some-rule", .check = nullptr};

bool lies_within(std::string_view part, std::string_view text) {
  return part.empty() || (part.data() >= text.data() && part.data() + part.size() <= text.data() + text.size());
}

void check_blocks(const PageSection& section) {
  bool after_item = false;
  for (const PageBlock& block : blocks_of(section.body)) {
    if (block.kind == PageBlock::Kind::item) after_item = true;
    require(!block.under_item || (block.kind == PageBlock::Kind::code && after_item));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto page = split_page(text)) {
    for (const PageSection& section : page->sections) {
      require(lies_within(section.title, text) && lies_within(section.body, text));
      check_blocks(section);
    }
  }
  const auto weakness = parse_page({.rule = &rule, .page = text});
  if (!weakness) {
    require(!weakness.error().what.empty() && weakness.error().where.starts_with("rules/some-rule/rule.md"));
    return 0;
  }
  require(!weakness->title.empty() && !weakness->since.empty());
  require(!weakness->cwe.empty() && !weakness->controls.empty() && !weakness->detectors.empty());
  require(!weakness->cap || (*weakness->cap >= 0 && *weakness->cap <= 100));
  require(!weakness->remediation.summary.empty() && !weakness->remediation.steps.empty());
  require(!weakness->remediation.references.empty());
  return 0;
}
