#include "report/junit.h"

#include <doctest/doctest.h>

#include "report/sample.h"

using namespace wiretight;
using namespace wiretight::report;

namespace {

int count(const std::string& text, std::string_view what) {
  int n = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++n;
  return n;
}

}  // namespace

TEST_CASE("a suite a target, with its numbers") {
  const std::string text = junit(sample::several(), Severity::high);
  CHECK(
      text.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                       "<testsuites name=\"wiretight\" tests=\"8\" failures=\"3\" errors=\"1\" time=\"0.340\">\n"));
  CHECK(text.ends_with("</testsuites>\n"));
  CHECK(count(text, "<testsuite ") == 4);
  CHECK(count(text, "<testcase ") == 8);
  CHECK(text.find(
            "<testsuite name=\"db.example:443\" tests=\"4\" failures=\"2\" errors=\"0\" skipped=\"0\" time=\"0.212\" "
            "timestamp=\"2026-11-24T03:03:52\">") != std::string::npos);
}

TEST_CASE("what could not be assessed is an error, and silence no pass") {
  const std::string text = junit(sample::incomplete(), Severity::high);
  CHECK(text.find("name=\"assessed: 192.0.2.9:443\" time=\"0\"><error message=\"the connection was refused\" "
                  "type=\"incomplete\"/></testcase>") != std::string::npos);
  Results wordless = sample::incomplete();
  wordless.targets[0].problems.clear();
  CHECK(count(junit(wordless, Severity::high), "<error ") == 1);
}

TEST_CASE("--fail-on-severity decides what fails; the rest passes and says so") {
  CHECK(count(junit(sample::leaking(), Severity::critical), "<failure ") == 1);
  CHECK(count(junit(sample::leaking(), Severity::info), "<failure ") == 3);
  const std::string text = junit(sample::leaking(), std::nullopt);
  CHECK(count(text, "<failure ") == 0);
  CHECK(text.find("severity: critical, confidence: certain") != std::string::npos);
}

TEST_CASE("suppressed is skipped, with the reason") {
  CHECK(junit(sample::suppressed(), Severity::high)
            .find("<skipped message=\"suppressed by configuration: a test bench\"/>") != std::string::npos);
}

TEST_CASE("a case keeps its name, whatever else is found") {
  Results results = sample::leaking();
  results.findings[1].identity = "TLS_RSA_WITH_RC4_128_MD5";
  const std::string name = "name=\"cipher-broken at db.example:443 (192.0.2.1) (TLS_RSA_WITH_RC4_128_MD5)\"";
  CHECK(junit(results, Severity::high).find(name) != std::string::npos);
  results.findings.erase(results.findings.begin());
  CHECK(junit(results, Severity::high).find(name) != std::string::npos);
}

TEST_CASE("foreign text stays text") {
  const std::string text = junit(sample::hostile(), Severity::high);
  CHECK(text.find("<script") == std::string::npos);
  CHECK(text.find("]]>") == std::string::npos);
  CHECK(text.find("&lt;script&gt;alert(1)") != std::string::npos);
  CHECK(text.find("&quot;quoted&quot;") != std::string::npos);
  CHECK(text.find("&amp;amp;") != std::string::npos);
  for (const char c : text) CHECK((static_cast<unsigned char>(c) >= 0x20 || c == '\n'));
}
