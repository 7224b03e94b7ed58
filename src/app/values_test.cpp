#include "app/values.h"

#include <doctest/doctest.h>
#include <limits>

using namespace wiretight;

TEST_CASE("categories: TLS is all of them, wherever it stands") {
  const auto of = [](std::vector<std::string> words) { return categories_from(words); };
  CHECK(of({"TLS"}) == std::vector<Category>{});
  CHECK(of({"cipher", "tls"}) == std::vector<Category>{});
  CHECK(of({"cipher", "ai"}) == std::vector{Category::cipher, Category::ai});
  CHECK(of({"ciphr"}).error().what.starts_with("'ciphr' is no category: did you mean cipher?"));
}

TEST_CASE("severities") {
  CHECK(least_severity_from("info") == Severity::info);
  CHECK(least_severity_from("none").error().what == "'none' is no severity: critical, high, medium, low, info");
  CHECK(fail_on_from("none").value() == std::nullopt);
  CHECK(fail_on_from("low").value() == Severity::low);
  CHECK(fail_on_from("enormous").error().what == "'enormous' is no severity: critical, high, medium, low, info, none");
}

TEST_CASE("numbers are whole words within bounds") {
  CHECK(duration_from("5") == std::chrono::milliseconds(5000));
  CHECK(duration_from("0.25") == std::chrono::milliseconds(250));
  for (const char* bad : {"soon", "0", "-1", "5s", "", "nan", "inf", "1e3", "3601", " 5"}) {
    CAPTURE(bad);
    CHECK_FALSE(duration_from(bad));
  }
  CHECK(rate_from("0.5") == 0.5);
  for (const char* bad : {"-3", "0", "many", "nan", "10000000"}) CHECK_FALSE(rate_from(bad));
  CHECK(count_from("16", 1, 16) == 16);
  for (const char* bad : {"17", "0", "1.5", "+1", "99999999999999999999", ""}) CHECK_FALSE(count_from(bad, 1, 16));
}

TEST_CASE("depths are told by their names") {
  CHECK(depth_from("fast") == endpoint::Depth::fast);
  CHECK(depth_from("full") == endpoint::Depth::full);
  CHECK(depth_from("economy") == endpoint::Depth::economy);
  CHECK_FALSE(depth_from("deep"));
}

TEST_CASE("formats with and without their file") {
  const auto plain = output_from("json");
  REQUIRE(plain);
  CHECK(plain->format == Format::json);
  CHECK(plain->file.empty());
  const auto filed = output_from("sarif=out=1.sarif");
  REQUIRE(filed);
  CHECK(filed->format == Format::sarif);
  CHECK(filed->file == "out=1.sarif");
  CHECK(output_from("jsonl=-")->file.empty());
  CHECK_FALSE(output_from("json="));
  CHECK(output_from("html=a.html").error().what.starts_with("the format html is not in this version"));
  CHECK(output_from("papyrus").error().what.starts_with("'papyrus' is no format: console, json"));
  CHECK(output_from("jsn").error().what.starts_with("'jsn' is no format: did you mean json?"));
}
