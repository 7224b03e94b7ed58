#include "report/markdown_text.h"

#include <algorithm>
#include <cstddef>

#include "core/text.h"
#include "core/utf8.h"
#include "report/clean.h"

namespace wiretight::report {
namespace {

std::size_t run_of_ticks(std::string_view text, std::size_t at) {
  return std::min(text.find_first_not_of('`', at), text.size()) - at;
}

std::size_t longest_run_of_ticks(std::string_view text) {
  std::size_t longest = 0;
  for (std::size_t at = text.find('`'); at != std::string_view::npos; at = text.find('`', at)) {
    const std::size_t run = run_of_ticks(text, at);
    longest = std::max(longest, run);
    at += run;
  }
  return longest;
}

// Where the run of `length` backticks is that ends the code which began before `at`; npos for none.
std::size_t end_of_code(std::string_view text, std::size_t at, std::size_t length) {
  for (at = text.find('`', at); at != std::string_view::npos; at = text.find('`', at)) {
    const std::size_t run = run_of_ticks(text, at);
    if (run == length) return at;
    at += run;
  }
  return std::string_view::npos;
}

// Appends the character at `at` as text. A comment behind "@" and "#" keeps GitHub from mentions, mail addresses and
// issue numbers, which it looks for after the escapes are gone; "://" and "www." are escaped against automatic links.
void append_escaped(std::string& out, std::string_view text, std::size_t at) {
  constexpr std::string_view always = "\\`*_{}[]<>~$&";
  constexpr std::string_view at_the_beginning = "-+=#";
  const char c = text[at];
  const std::string_view rest = text.substr(at);
  const std::string_view before = text.substr(0, at);
  if (c == '|') {
    out += "&#124;";
    return;
  }
  const bool link = rest.starts_with(":/") || (c == '.' && lower(before).ends_with("www"));
  // "1." would begin a list.
  const bool number = (c == '.' || c == ')') && at > 0 && before.find_first_not_of("0123456789") == std::string::npos;
  const bool begins = at == 0 && at_the_beginning.contains(c);
  if (always.contains(c) || link || number || begins) out += '\\';
  out += c;
  if (c == '@' || c == '#') out += "<!-- -->";
}

// Of a text with a bar it is HTML: a cell ends at a bar even within code, and a backslash before it would be shown
// outside of a table.
std::string code_span(std::string_view text) {
  if (text.empty()) return {};
  if (text.contains('|')) {
    std::string inner;
    for (std::size_t at = 0; at < text.size(); ++at) append_escaped(inner, text, at);
    return "<code>" + inner + "</code>";
  }
  const std::string ticks(longest_run_of_ticks(text) + 1, '`');
  const std::string_view blank = text.front() == '`' || text.back() == '`' ? " " : "";
  return ticks + std::string(blank) + std::string(text) + std::string(blank) + ticks;
}

}  // namespace

std::string markdown_text(std::string_view text) {
  const std::string plain = clean(text);
  const std::string_view in = trim(plain);
  std::string out;
  for (std::size_t at = 0; at < in.size();) {
    const std::size_t ticks = in[at] == '`' ? run_of_ticks(in, at) : 0;
    const std::size_t end = ticks > 0 ? end_of_code(in, at + ticks, ticks) : std::string_view::npos;
    if (end != std::string_view::npos) {
      out += code_span(trim(in.substr(at + ticks, end - at - ticks)));
      at = end + ticks;
    } else if (ticks > 0) {
      for (std::size_t i = 0; i < ticks; ++i) out += "\\`";
      at += ticks;
    } else {
      append_escaped(out, in, at);
      ++at;
    }
  }
  return out;
}

std::string markdown_code(std::string_view text) {
  const std::string plain = clean(text);
  return code_span(trim(plain));
}

std::string markdown_block(std::string_view text, std::size_t indent) {
  const std::string plain = clean(text, true);
  const std::string blanks(indent, ' ');
  const std::string fence(std::max<std::size_t>(longest_run_of_ticks(plain) + 1, 3), '`');
  std::string out = blanks + fence + "\n";
  for (const std::string_view line : split(plain, '\n')) out += blanks + std::string(line) + "\n";
  return out + blanks + fence + "\n";
}

std::string html_text(std::string_view text) {
  std::string out;
  for (const char c : clean(text)) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else {
      out += c;
    }
    // Against mentions, as in append_escaped.
    if (c == '@' || c == '#') out += "<!-- -->";
  }
  return out;
}

std::string shortened(std::string_view text, std::size_t most) {
  std::size_t characters = 0;
  for (std::size_t at = 0; at < text.size(); at += decode_utf8(text, at).length) {
    if (characters++ == most) return std::string(text.substr(0, at)) + "…";
  }
  return std::string(text);
}

}  // namespace wiretight::report
