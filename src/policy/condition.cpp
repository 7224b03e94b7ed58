#include "policy/condition.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/host.h"
#include "core/text.h"

namespace wiretight::policy {
namespace {

void append_literal(Pattern& out, std::string_view text, bool ignore_case) {
  for (const char byte : ignore_case ? lower(text) : std::string(text)) {
    const auto symbol = static_cast<char16_t>(static_cast<unsigned char>(byte));
    out += ignore_case && symbol >= 'a' && symbol <= 'z' ? static_cast<char16_t>(either_case + symbol) : symbol;
  }
}

// In wide patterns every wildcard crosses colons. In a narrow one of a resource, "?" does not, and "*" only where a
// colon or the end follows.
Pattern narrowed(const Pattern& wide) {
  Pattern narrow = wide;
  for (std::size_t i = 0; i < narrow.size(); ++i) {
    if (narrow[i] == any_one) narrow[i] = any_one_in_segment;
    if (narrow[i] == any_run && i + 1 < narrow.size() && narrow[i + 1] != ':') narrow[i] = any_run_in_segment;
  }
  return narrow;
}

// Arn operators compare segment by segment. Fewer than six: nobody says what happens, so it is the caller's `maybe`.
std::optional<Pattern> segmented(const Pattern& wide) {
  Pattern out = wide;
  int colons = 0;
  for (char16_t& symbol : out) {
    if (symbol == ':') ++colons;
    if (colons < 5 && symbol == any_run) symbol = any_run_in_segment;
    if (colons < 5 && symbol == any_one) symbol = any_one_in_segment;
  }
  if (colons < 5) return {};
  return out;
}

// The text, when no part of it depends on what is not known. Wildcards stand for themselves.
struct Plain {
  Tri known = Tri::yes;  // no: a variable has no value in this request, so nothing matches
  std::string text = {};
};

Plain plain(const Text& text, const Context& context) {
  Plain out;
  for (const Piece& piece : text.pieces) {
    switch (piece.kind) {
      case Piece::Kind::literal:
        out.text += piece.text;
        break;
      case Piece::Kind::run:
        out.text += '*';
        break;
      case Piece::Kind::one:
        out.text += '?';
        break;
      case Piece::Kind::unknown:
        out.known = both(out.known, Tri::maybe);
        break;
      case Piece::Kind::variable: {
        const Key key = read_key(piece.text);
        const Context::Values* values = context.find(key.name);
        if (values && values->size() == 1)
          out.text += values->front();
        else if (values || context.is_free(key.name) || key.fate == KeyFate::unrecognised)
          out.known = both(out.known, Tri::maybe);
        else if (piece.fallback)
          out.text += *piece.fallback;
        else
          return {.known = Tri::no, .text = {}};
        break;
      }
    }
  }
  return out;
}

template <class Number>
bool compare(Comparison comparison, Number value, Number limit) {
  switch (comparison) {
    case Comparison::equal:
      return value == limit;
    case Comparison::less:
      return value < limit;
    case Comparison::less_or_equal:
      return value <= limit;
    case Comparison::greater:
      return value > limit;
    case Comparison::greater_or_equal:
      return value >= limit;
  }
  return false;
}

Tri compare_text(const Operator& op, std::string_view wanted, std::string_view value,
                 std::optional<double> (*parse)(std::string_view)) {
  const auto limit = parse(wanted);
  if (!limit) return Tri::maybe;
  const auto number = parse(value);
  return tri(number && compare(op.comparison, *number, *limit));
}

// One value of the policy against one of the request, before negation.
Tri value_matches(const Operator& op, const Text& wanted, std::string_view value, const Context& context) {
  if (op.family == Family::string || op.family == Family::arn || op.family == Family::binary)
    return matches(compile(wanted, op, context), value);
  const Plain text = plain(wanted, context);
  if (text.known != Tri::yes) return text.known;
  switch (op.family) {
    case Family::boolean: {
      if (text.text == "true" || text.text == "false") return tri(text.text == value);
      return lower(text.text) == "true" || lower(text.text) == "false"
                 ? both(Tri::maybe, tri(lower(text.text) == value))
                 : Tri::maybe;
    }
    case Family::numeric:
      return compare_text(op, text.text, value, parse_number);
    case Family::date:
      return compare_text(op, text.text, value, parse_time);
    case Family::address: {
      const auto network = parse_network(text.text);
      if (!network) return Tri::maybe;
      const auto address = parse_address(value);
      return tri(address && address->v6 == network->v6 && network->first <= address->bytes &&
                 address->bytes <= network->last);
    }
    default:
      return Tri::maybe;
  }
}

Tri one_holds(const Test& test, std::string_view value, const Context& context) {
  Tri any = Tri::no;
  for (const Text& wanted : test.values) {
    any = either(any, value_matches(test.op, wanted, value, context));
    if (any == Tri::yes) break;
  }
  return test.op.negated ? opposite(any) : any;
}

// Null {"key": "true"} asks for the key to be absent.
Tri null_holds(const Test& test, bool absent, const Context& context) {
  Tri any = Tri::no;
  for (const Text& wanted : test.values) {
    const Plain text = plain(wanted, context);
    if (text.known != Tri::yes)
      any = either(any, text.known);
    else if (text.text == "true" || text.text == "false")
      any = either(any, tri((text.text == "true") == absent));
    else
      any = either(any, Tri::maybe);
  }
  return any;
}

}  // namespace

Compiled compile(const Text& text, const Operator& op, const Context& context) {
  const Wildcards wildcards = op.family == Family::arn ? Wildcards::arn
                              : op.wildcards           ? Wildcards::free
                                                       : Wildcards::literal;
  return compile(text, wildcards, context, op.ignore_case);
}

Compiled compile(const Text& text, Wildcards wildcards, const Context& context, bool ignore_case) {
  Compiled out;
  bool certain = true;
  for (const Piece& piece : text.pieces) {
    switch (piece.kind) {
      case Piece::Kind::literal:
        append_literal(out.wide, piece.text, ignore_case);
        break;
      case Piece::Kind::run:
        out.wide += wildcards == Wildcards::literal ? u'*' : any_run;
        break;
      case Piece::Kind::one:
        out.wide += wildcards == Wildcards::literal ? u'?' : any_one;
        break;
      case Piece::Kind::variable:
      case Piece::Kind::unknown: {
        const Plain value = plain({.raw = {}, .pieces = {piece}}, context);
        if (value.known == Tri::no) return {.certainty = Compiled::Certainty::never, .wide = {}, .narrow = {}};
        if (value.known == Tri::yes) {
          append_literal(out.wide, value.text, ignore_case);
        } else {
          out.wide += any_run;
          certain = false;
        }
        break;
      }
    }
  }
  if (wildcards == Wildcards::arn) {
    if (auto pattern = segmented(out.wide); pattern && certain)
      out.wide = std::move(*pattern);
    else
      certain = certain && out.wide.find_first_of(Pattern{any_one, any_run}) == Pattern::npos;
  }
  if (!certain) {
    out.certainty = Compiled::Certainty::wide_only;
  } else if (wildcards == Wildcards::resource) {
    out.narrow = narrowed(out.wide);
    if (out.narrow == out.wide)
      out.narrow.clear();
    else
      out.certainty = Compiled::Certainty::narrower;
  }
  return out;
}

Tri matches(const Compiled& compiled, std::string_view text) {
  if (compiled.certainty == Compiled::Certainty::never || !matches(compiled.wide, text)) return Tri::no;
  switch (compiled.certainty) {
    case Compiled::Certainty::same:
      return Tri::yes;
    case Compiled::Certainty::narrower:
      return matches(compiled.narrow, text) ? Tri::yes : Tri::maybe;
    default:
      return Tri::maybe;
  }
}

std::string identity_of(const Text& text) {
  std::string key;
  for (const Piece& piece : text.pieces) {
    key += static_cast<char>('0' + static_cast<int>(piece.kind));
    key += piece.text;
    key += '\0';
    if (piece.fallback) key += *piece.fallback + '\1';
  }
  return key;
}

std::vector<std::string> free_variables(const Text& text, const Context& context) {
  std::vector<std::string> names;
  for (const Piece& piece : text.pieces)
    if (piece.kind == Piece::Kind::variable)
      if (Key key = read_key(piece.text); context.is_free(key.name)) names.push_back(std::move(key.name));
  return names;
}

Tri holds(const Test& test, const Context& context) {
  if (!test.unknown.empty()) return Tri::maybe;
  const Key key = read_key(test.key);
  if (key.fate == KeyFate::unrecognised || (key.fate == KeyFate::known && context.is_free(key.name))) return Tri::maybe;
  const Context::Values* values = key.fate == KeyFate::dead ? nullptr : context.find(key.name);
  const Operator& op = test.op;
  if (op.family == Family::null) return null_holds(test, values == nullptr, context);
  if (!values || values->empty()) {
    if (op.if_exists || op.quantifier == Quantifier::for_all_values) return Tri::yes;
    if (op.quantifier == Quantifier::for_any_value) return Tri::no;
    return tri(op.negated);
  }
  Tri all = Tri::yes, any = Tri::no;
  for (const std::string& value : *values) {
    const Tri held = one_holds(test, value, context);
    all = both(all, held);
    any = either(any, held);
  }
  if (op.quantifier == Quantifier::for_all_values) return all;
  if (op.quantifier == Quantifier::for_any_value) return any;
  return all == any ? all : Tri::maybe;
}

std::optional<double> parse_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return {};
  return value;
}

std::optional<double> parse_time(std::string_view text) {
  if (const auto seconds = parse_rfc3339(text)) return static_cast<double>(*seconds);
  return parse_number(text);
}

std::optional<Network> parse_network(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto address = parse_address(text.substr(0, slash));
  if (!address) return {};
  const unsigned width = address->v6 ? 128 : 32;
  unsigned bits = width;
  if (slash != std::string_view::npos) {
    const std::string_view number = text.substr(slash + 1);
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), bits);
    if (error != std::errc() || end != number.data() + number.size() || bits > width) return {};
  }
  Network network{.first = address->bytes, .last = address->bytes, .v6 = address->v6};
  for (unsigned bit = bits; bit < width; ++bit) {
    const auto mask = static_cast<std::uint8_t>(0x80U >> (bit % 8));
    network.first[bit / 8] = static_cast<std::uint8_t>(network.first[bit / 8] & ~mask);
    network.last[bit / 8] = static_cast<std::uint8_t>(network.last[bit / 8] | mask);
  }
  return network;
}

}  // namespace wiretight::policy
