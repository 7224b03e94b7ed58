#include <cstdlib>
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "core/file.h"
#include "core/utf8.h"
#include "report/console.h"
#include "report/github.h"
#include "report/json.h"
#include "report/jsonl.h"
#include "report/junit.h"
#include "report/markdown.h"
#include "report/sample.h"
#include "report/sarif.h"

using namespace wiretight;
using namespace wiretight::report;

// What holds for every format. With WIRETIGHT_SAMPLES, a folder, the texts are left there for tests/test_reports.py,
// which holds them against the published schemas.
TEST_CASE("no format lets a secret, a control character or broken UTF-8 through") {
  const char* folder = std::getenv("WIRETIGHT_SAMPLES");
  for (const auto& [name, results] : sample::all()) {
    const std::pair<std::string, std::string> texts[] = {
        {"json", json(results)},
        {"jsonl", jsonl(results)},
        {"sarif", sarif(results, Severity::high)},
        {"xml", junit(results, Severity::high)},
        {"md", markdown(results)},
        {"github", github(results, Severity::high)},
        {"txt", console(results, {.width = 100, .verbose = true})},
    };
    for (const auto& [format, text] : texts) {
      const std::string which = fmt::format("{}.{}", name, format);
      CHECK_MESSAGE(text.ends_with('\n'), which);
      CHECK_MESSAGE(is_utf8(text), which);
      for (const char* secret : {"AKIAIOSFODNN7EXAMPLE", "hunter2", "0123abc", "wJalrXUtnFEMI", "FwoGZXIvYXdz"}) {
        CHECK_MESSAGE(text.find(secret) == std::string::npos, which);
      }
      bool controls = false;
      for (const char c : text) controls = controls || (static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7f;
      CHECK_MESSAGE(!controls, which);
      if (folder != nullptr) REQUIRE(write_file(fmt::format("{}/{}", folder, which), text).has_value());
    }
  }
}
