#include "report/clean.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "core/text.h"

namespace wiretight::report {
namespace {

// Names of secrets: in lower case and without "-" and "_", which spellings differ in. They are looked for at the end of
// a word, so that "aws_secret_access_key" is one too. "signature" and "token" alone are too common in prose.
constexpr std::array<std::string_view, 8> secret_names = {"secretaccesskey", "sessiontoken",  "securitytoken",
                                                          "xamzsignature",   "authorization", "password",
                                                          "passphrase",      "privatekey"};

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }
bool is_name_character(char c) { return is_letter_or_digit(c) || c == '_' || c == '-'; }

std::string visible(std::string_view text, bool lines) {
  if (!lines) return sanitise(text, SIZE_MAX);
  std::string out;
  for (std::string_view line : split(text, '\n')) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    out += sanitise(line, SIZE_MAX) + "\n";
  }
  out.pop_back();
  return out;
}

// From the sign behind a name to the first character of the value: `": "`, ` = `, `=`. npos where none is given one.
std::size_t value_behind(std::string_view text, std::size_t at) {
  constexpr std::string_view quotes = "\\\"'";
  while (at < text.size() && (text[at] == ' ' || quotes.find(text[at]) != std::string_view::npos)) ++at;
  if (at == text.size() || (text[at] != '=' && text[at] != ':')) return std::string_view::npos;
  ++at;
  while (at < text.size() && (text[at] == ' ' || quotes.find(text[at]) != std::string_view::npos)) ++at;
  return at;
}

// "password=hunter2&x=1" → "password=***&x=1". An Authorization header has blanks in it and ends with the line.
void hide_named(std::string& text) {
  for (std::size_t begin = 0; begin < text.size();) {
    if (!is_name_character(text[begin])) {
      ++begin;
      continue;
    }
    std::size_t end = begin;
    while (end < text.size() && is_name_character(text[end])) ++end;
    const std::string_view name = std::string_view(text).substr(begin, end - begin);
    begin = end;
    if (!names_secret(name)) continue;
    const bool header = lower(name).ends_with("authorization");
    const std::size_t from = value_behind(text, end);
    if (from == std::string::npos) continue;
    const std::size_t to = std::min(text.find_first_of(header ? "\"'<>\n" : "& \\\"'<>\n,;(){}", from), text.size());
    if (to == from) continue;
    text.replace(from, to - from, "***");
    begin = from + 3;
  }
}

// "https://user:password@host/" → "https://***@host/".
void hide_user_info(std::string& text) {
  for (std::size_t at = text.find("://"); at != std::string::npos; at = text.find("://", at)) {
    at += 3;
    const std::size_t end = std::min(text.find_first_of("/?# \"'<>\n", at), text.size());
    const std::size_t sign = text.rfind('@', end == 0 ? 0 : end - 1);
    if (sign == std::string::npos || sign < at || sign >= end) continue;
    text.replace(at, sign - at, "***");
  }
}

bool is_key_character(char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

// Access key ids are AKIA or ASIA and 16 more capitals and digits (AWS IAM reference, unique identifiers).
void shorten_access_keys(std::string& text) {
  constexpr std::size_t length = 20;
  for (std::size_t at = 0; at + length <= text.size(); ++at) {
    const std::string_view rest = std::string_view(text).substr(at);
    if (!rest.starts_with("AKIA") && !rest.starts_with("ASIA")) continue;
    if (at > 0 && is_key_character(text[at - 1])) continue;
    if (!std::ranges::all_of(rest.substr(0, length), is_key_character)) continue;
    if (rest.size() > length && is_key_character(rest[length])) continue;
    text.replace(at, length, mask_key_id(rest.substr(0, length)));
  }
}

}  // namespace

bool names_secret(std::string_view key) {
  std::string plain = lower(key);
  std::erase_if(plain, [](char c) { return !is_letter_or_digit(c); });
  return std::ranges::any_of(secret_names, [&](std::string_view name) { return plain.ends_with(name); });
}

std::string clean(std::string_view text, bool lines) {
  std::string out = visible(text, lines);
  hide_named(out);
  hide_user_info(out);
  shorten_access_keys(out);
  return out;
}

}  // namespace wiretight::report
