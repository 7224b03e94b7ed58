#include "sources/trail/splitter.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "sources/trail/bytes.h"
#include "sources/trail/record.h"

namespace wiretight::trail {
namespace {

// CloudTrail's events have 256 KB at most; lookup-events escapes them once more.
constexpr std::size_t longest = std::size_t{2} << 20;
constexpr std::size_t longest_name = 256;  // that matters

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

}  // namespace

Splitter::Splitter(std::string& window, More more, Take take)
    : window_(window), more_(std::move(more)), take_(std::move(take)) {}

bool Splitter::fail(const char* why) {
  if (why_.empty()) why_ = why;
  return false;
}

bool Splitter::refill() {
  if (ended_) return false;
  if (mark_ != std::string::npos && at_ - mark_ > longest) {
    mark_ = std::string::npos;
    too_long_now_ = true;
  }
  if (name_ != std::string::npos && at_ - name_ > longest_name) name_ = std::string::npos;
  const std::size_t keep = std::min({mark_, name_, at_});
  window_.erase(0, keep);
  at_ -= keep;
  if (mark_ != std::string::npos) mark_ -= keep;
  if (name_ != std::string::npos) name_ -= keep;
  ended_ = !more_(window_);
  return !ended_;
}

bool Splitter::skip_blanks() {
  while (!at_end()) {
    if (!is_blank(window_[at_])) return true;
    ++at_;
  }
  return false;
}

// At a quotation mark; leaves behind the one that ends the string.
bool Splitter::skip_string() {
  ++at_;
  for (;;) {
    if (at_end()) return fail("it ends within a string");
    const std::string_view left = std::string_view(window_.data(), window_.size()).substr(at_);
    const std::size_t length = std::min(left.find('"'), left.size());
    std::size_t escapes = 0;
    while (escapes < length && left[length - escapes - 1] == '\\') ++escapes;
    at_ += length;
    if (length == left.size()) {
      if (escapes % 2 == 0) continue;
      // The escaped byte comes with the next piece.
      if (at_end()) return fail("it ends within a string");
      ++at_;
      continue;
    }
    ++at_;
    if (escapes % 2 == 0) return true;
  }
}

bool Splitter::skip_value() {
  std::size_t depth = 0;
  for (;;) {
    if (at_end()) return fail("it ends within a document");
    const char c = window_[at_];
    if (c == '"') {
      if (!skip_string()) return false;
      if (depth == 0) return true;
      continue;
    }
    if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      if (depth == 0) return true;  // of what is around a number or word
      if (--depth == 0) return ++at_, true;
    } else if (depth == 0 && (c == ',' || is_blank(c))) {
      return true;
    }
    ++at_;
  }
}

// One element of a list, handed out.
bool Splitter::element() {
  mark_ = at_;
  const bool scalar = window_[at_] != '{' && window_[at_] != '[';
  if (!skip_value()) return mark_ = std::string::npos, false;
  if (scalar && at_ == mark_) return fail("a value was expected");
  if (std::exchange(too_long_now_, false)) {
    ++too_long_;
  } else {
    const std::size_t length = at_ - mark_;
    window_.reserve(window_.size() + padding);
    take_(std::string_view(window_).substr(mark_, length));
  }
  mark_ = std::string::npos;
  return true;
}

// Behind the bracket of a list; leaves behind the one that ends it.
bool Splitter::elements() {
  found_list_ = true;
  if (!skip_blanks()) return fail("it ends within a list");
  if (window_[at_] == ']') return ++at_, true;
  for (;;) {
    if (!skip_blanks()) return fail("it ends within a list");
    if (!element()) return false;
    if (!skip_blanks()) return fail("it ends within a list");
    const char c = window_[at_++];
    if (c == ']') return true;
    if (c != ',') return fail("',' or ']' was expected");
  }
}

// At its brace. It is handed out whole unless a list of records is in it, whose elements are.
bool Splitter::object() {
  mark_ = at_++;
  bool list = false;
  if (!skip_blanks()) return fail("it ends within a document");
  if (window_[at_] == '}') {
    ++at_;
  } else {
    for (;;) {
      if (!skip_blanks()) return fail("it ends within a document");
      if (window_[at_] != '"') return fail("a member's name was expected");
      name_ = at_;
      if (!skip_string()) return false;
      const bool names_list = name_ != std::string::npos &&
                              is_list_of_records(std::string_view(window_).substr(name_ + 1, at_ - name_ - 2));
      name_ = std::string::npos;
      if (!skip_blanks() || window_[at_] != ':') return fail("':' was expected");
      ++at_;
      if (!skip_blanks()) return fail("it ends within a document");
      if (window_[at_] == '[' && names_list) {
        mark_ = std::string::npos;
        too_long_now_ = false;
        list = true;
        ++at_;
        if (!elements()) return false;
      } else if (!skip_value()) {
        return false;
      }
      if (!skip_blanks()) return fail("it ends within a document");
      const char c = window_[at_++];
      if (c == '}') break;
      if (c != ',') return fail("',' or '}' was expected");
    }
  }
  if (!list && !std::exchange(too_long_now_, false)) {
    window_.reserve(window_.size() + padding);
    take_(std::string_view(window_).substr(mark_, at_ - mark_));
  } else if (!list) {
    ++too_long_;
  }
  mark_ = std::string::npos;
  return true;
}

bool Splitter::document() {
  if (window_[at_] == '{') return object();
  if (window_[at_] == '[') return ++at_, elements();
  // "2024-05-06T07:08:09.123Z {…}"
  if (window_[at_] >= '0' && window_[at_] <= '9') {
    constexpr std::size_t longest_time = 40;
    for (std::size_t count = 0; count < longest_time && !at_end(); ++count, ++at_)
      if (window_[at_] == '{') return object();
  }
  return fail("it is no JSON");
}

bool Splitter::run() {
  if (!at_end()) {
    while (window_.size() < 3 && refill()) {
    }
    if (window_.starts_with("\xef\xbb\xbf")) at_ = 3;
  }
  while (skip_blanks())
    if (!document()) return false;
  return true;
}

}  // namespace wiretight::trail
