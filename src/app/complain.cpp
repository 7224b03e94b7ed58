#include "app/complain.h"

#include <fmt/format.h>

#include "report/clean.h"

namespace wiretight {

std::string presentable(std::string_view text) {
  const std::size_t at = text.rfind('@');
  const bool hidden = at != std::string_view::npos && text.find("://") == std::string_view::npos &&
                      text.substr(0, at).find(':') != std::string_view::npos && !text.starts_with("aws:");
  return report::clean(hidden ? fmt::format("***{}", text.substr(at)) : std::string(text));
}

void complain(const Problem& problem, Stream& error) {
  const std::string where = problem.where.empty() ? "" : presentable(problem.where) + ": ";
  error.write(fmt::format("wiretight: {}{}\n", where, report::clean(problem.what)));
}

}  // namespace wiretight
