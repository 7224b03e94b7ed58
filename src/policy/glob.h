#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// Wildcards of IAM as finite automata, for matching and for products. Text is bytes: what DynamoDB's names are made of
// is ASCII.
namespace wiretight::policy {

// A pattern: bytes that stand for themselves, and the symbols below.
using Pattern = std::u16string;
inline constexpr char16_t any_one = 0x100;             // "?": one byte
inline constexpr char16_t any_run = 0x101;             // "*": any bytes, also none
inline constexpr char16_t any_one_in_segment = 0x102;  // "?": one byte other than ':'
inline constexpr char16_t any_run_in_segment = 0x103;  // "*": any bytes other than ':', also none
inline constexpr char16_t either_case = 0x200;         // plus a lower-case byte: that byte in either case

// Positions of a pattern that a text may have reached, ascending. Empty: no continuation matches. Positions before the
// last free "*" that was reached are left out, because whatever matches from them matches from that star too.
using Positions = std::vector<std::uint16_t>;

Positions positions_after(const Pattern& pattern, std::string_view text);
Positions next_positions(const Pattern& pattern, const Positions& at, char byte);
bool accepts(const Pattern& pattern, const Positions& at);
// Every continuation matches: what is left is a free "*".
bool accepts_all(const Pattern& pattern, const Positions& at);

// Takes at most |pattern| times |text| steps.
bool matches(const Pattern& pattern, std::string_view text);

}  // namespace wiretight::policy
