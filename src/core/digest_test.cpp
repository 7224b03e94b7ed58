#include "core/digest.h"

#include <doctest/doctest.h>

using namespace wiretight;

TEST_CASE("SHA-256 of FIPS 180-4's examples") {
  CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("base64 of RFC 4648's examples") {
  CHECK(base64("") == "");
  CHECK(base64("f") == "Zg==");
  CHECK(base64("fo") == "Zm8=");
  CHECK(base64("foo") == "Zm9v");
  CHECK(base64("foobar") == "Zm9vYmFy");
  CHECK(base64("\xff\xef") == "/+8=");
  CHECK(hex(std::string_view("\x00\xfe", 2)) == "00fe");
}

TEST_CASE("SHA-256 piece by piece") {
  Sha256 digest;
  CHECK(digest.hex() == sha256_hex(""));
  digest.add("a");
  digest.add("");
  digest.add("bc");
  CHECK(digest.hex() == sha256_hex("abc"));
  digest.add("d");
  CHECK(digest.hex() == sha256_hex("abcd"));
}
