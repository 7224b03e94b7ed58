#include <array>
#include <doctest/doctest.h>
#include <filesystem>

#include "core/file.h"
#include "core/text.h"
#include "sources/certificate/certificate.h"
#include "sources/certificate/fixture.h"

using namespace wiretight;
using namespace wiretight::certificate;

namespace {

std::string fingerprint(const std::string& path) {
  const auto text = read_file(path, 1024 * 1024);
  REQUIRE_MESSAGE(text, path);
  const Bio bio(BIO_new_mem_buf(text->data(), static_cast<int>(text->size())));
  const Cert parsed(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  REQUIRE_MESSAGE(parsed, path);
  const auto certificate =
      read_certificate(test::Issued{.x509 = {X509_dup(parsed.get()), X509_free}, .key = nullptr}.der());
  REQUIRE(certificate);
  return certificate->sha256;
}

}  // namespace

TEST_CASE("the table of published certificates is sound") {
  const auto text = read_file("knowledge/tls/test_certificates.csv", 1024 * 1024);
  REQUIRE(text);
  std::string before;
  const auto lines = split(trim(*text), '\n');
  CHECK(lines.front() == "sha256,what,key");
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const std::string line(lines[i]);
    CAPTURE(line);
    const auto cells = split(line, ',');
    REQUIRE(cells.size() == 3);
    CHECK(cells[0].size() == 64);
    CHECK(cells[0].find_first_not_of("0123456789abcdef") == std::string_view::npos);
    CHECK(std::string(cells[0]) > before);
    before = cells[0];
    CHECK_FALSE(cells[1].empty());
    CHECK_FALSE(cells[2].empty());
    CHECK(known_test(cells[0]) == cells[1]);
  }
  CHECK(known_test(std::string(64, '0')).empty());
  CHECK(known_test("").empty());
  CHECK(known_test("sha256").empty());
}

TEST_CASE("dynalite's certificate is the one of the table") {
  const std::string folder = "tests/peers/node_modules/dynalite/ssl";
  if (!std::filesystem::exists(folder)) {
    MESSAGE("no npm packages here: ./dev setup test");
    return;
  }
  CHECK(known_test(fingerprint(folder + "/server-crt.pem")) == "dynalite's built-in certificate");
  CHECK(known_test(fingerprint(folder + "/ca-crt.pem")) == "dynalite's built-in authority");
}
