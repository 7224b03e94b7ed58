#include "app/target_lines.h"

#include <algorithm>
#include <fmt/format.h>

#include "core/text.h"
#include "core/utf8.h"

namespace wiretight {
namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

std::string_view without_comment(std::string_view line) {
  for (std::size_t at = line.find('#'); at != std::string_view::npos; at = line.find('#', at + 1)) {
    if (at == 0 || line[at - 1] == ' ' || line[at - 1] == '\t') return line.substr(0, at);
  }
  return line;
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

}  // namespace

// Takes one line without its end; false where there is none. The rest of a line that is too long is passed over.
bool TargetLines::read_line(std::string& line, bool& cut) {
  line.clear();
  cut = false;
  char c = 0;
  bool any = false;
  while (bytes_.get(c)) {
    any = true;
    if (c == '\n') return true;
    if (line.size() < limits::target_bytes) {
      line += c;
    } else {
      cut = true;
    }
  }
  return any;
}

std::optional<TargetLine> TargetLines::next() {
  std::string line;
  bool cut = false;
  while (read_line(line, cut)) {
    ++line_;
    std::string_view text = line;
    if (line_ == 1) {
      if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) {
        bytes_.setstate(std::ios::eofbit);
        return TargetLine{.number = 1, .text = failure("the list is UTF-16: save it as UTF-8")};
      }
      if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    }
    if (text.ends_with('\r')) text.remove_suffix(1);
    const std::string_view before_comment = without_comment(text);
    if (cut && before_comment.size() == text.size()) {
      return TargetLine{.number = line_,
                        .text = failure(fmt::format("the line is longer than {} bytes", limits::target_bytes))};
    }
    text = trim(before_comment);
    if (text.empty()) continue;
    if (!is_utf8(text)) return TargetLine{.number = line_, .text = failure("the line is no UTF-8")};
    if (std::ranges::any_of(text, is_control)) {
      return TargetLine{.number = line_, .text = failure("the line has control characters")};
    }
    return TargetLine{.number = line_, .text = std::string(text)};
  }
  return std::nullopt;
}

}  // namespace wiretight
