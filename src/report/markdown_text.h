#pragma once

#include <string>
#include <string_view>

// Foreign text in GitHub-flavoured Markdown. All of it goes through `clean`.

namespace wiretight::report {

// One line in which nothing is markup but code between backticks: no link, no mention, no HTML. Good in a table's cell,
// in a list and in a paragraph.
std::string markdown_text(std::string_view text);

// Code, also good in a table's cell. Empty for an empty text.
std::string markdown_code(std::string_view text);

// A fenced block, each line behind `indent` blanks.
std::string markdown_block(std::string_view text, std::size_t indent);

// Text between HTML tags.
std::string html_text(std::string_view text);

// The first `most` characters, with "…" when some are left out.
std::string shortened(std::string_view text, std::size_t most);

}  // namespace wiretight::report
