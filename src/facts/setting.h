#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/place.h"

namespace wiretight {

// How a value came to be known.
//   unresolved  it is not known; `why` says what is missing
//   defaulted   nobody set it: the default of the program that reads it
//   stated      somebody wrote it down ("explicit" in the JSON)
//   observed    it was seen in traffic, or a probe was answered
enum class How { unresolved, defaulted, stated, observed };

// One step on the way of a value from where it was written to where it is used.
struct Step {
  Place place = {};
  std::string message = {};
};

// A value with its origin. `is` and `isnt` are both false while it is unresolved, and there is no operator! and no
// conversion to bool: "not known to be on" can never read as "off".
template <class T>
struct Setting {
  T value = {};
  How how = How::unresolved;
  Place at = {};
  std::vector<Step> trace = {};
  std::string why = {};

  bool known() const { return how != How::unresolved; }
  bool is(const T& wanted) const { return known() && value == wanted; }
  bool isnt(const T& unwanted) const { return known() && !(value == unwanted); }
};

template <class T>
Setting<T> observed(T value, std::string why = {}) {  // NOLINT(performance-unnecessary-value-param): it is moved
  return {.value = std::move(value), .how = How::observed, .at = {}, .trace = {}, .why = std::move(why)};
}

template <class T>
Setting<T> unresolved(std::string why) {  // NOLINT(performance-unnecessary-value-param): it is moved
  return {.value = {}, .how = How::unresolved, .at = {}, .trace = {}, .why = std::move(why)};
}

}  // namespace wiretight
