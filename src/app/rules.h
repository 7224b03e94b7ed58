#pragma once

#include <span>
#include <string>

#include "engine/catalogue.h"
#include "report/console.h"

// What `wiretight rules` prints.
namespace wiretight {

// By category: name, severity, CWE, title.
std::string rules_table(std::span<const Weakness> weaknesses, const report::ConsoleStyle& style);
std::string rules_json(std::span<const Weakness> weaknesses);

// One rule: what its front matter says, then its page.
std::string rule_page(const Weakness& weakness, const report::ConsoleStyle& style);
std::string rule_json(const Weakness& weakness);

}  // namespace wiretight
