#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace wiretight::trail {

// Cuts JSON of any size into its records without reading them: the elements of the list of records in a document, the
// elements of an array, or the documents themselves, one behind the other (JSON lines, with or without the time that
// CloudWatch Logs puts before each). Memory is that of one piece and one record, whatever the document.
class Splitter {
 public:
  // Appends more bytes to the window; false at the end.
  using More = std::function<bool(std::string& window)>;
  // One record as it stands, with room for `padding` bytes behind it.
  using Take = std::function<void(std::string_view record)>;

  Splitter(std::string& window, More more, Take take);

  // Until the end. False where the text is no JSON or ends within a document; why() says it.
  bool run();
  const std::string& why() const { return why_; }
  // Elements that were longer than any record and so left out.
  std::uint64_t too_long() const { return too_long_; }
  // Whether there was a list of records, be it of none.
  bool found_list() const { return found_list_; }

 private:
  bool refill();
  bool at_end() { return at_ == window_.size() && !refill(); }
  bool skip_blanks();
  bool skip_string();
  bool skip_value();
  bool document();
  bool object();
  bool elements();
  bool element();
  bool fail(const char* why);

  std::string& window_;
  More more_;
  Take take_;
  std::size_t at_ = 0;
  std::size_t mark_ = std::string::npos;  // where what has to stay in the window begins
  std::size_t name_ = std::string::npos;  // a member's name, as long as it may be that of a list
  bool too_long_now_ = false;
  bool ended_ = false;
  bool found_list_ = false;
  std::uint64_t too_long_ = 0;
  std::string why_ = {};
};

}  // namespace wiretight::trail
