#include "report/clean.h"

#include <doctest/doctest.h>
#include <string>

using wiretight::report::clean;
using wiretight::report::names_secret;

TEST_CASE("what could steer a terminal or another program is gone") {
  CHECK(clean("\x1b[31mred\x1b[0m\x07") == "[31mred[0m");
  CHECK(clean("a\r\nb\nc") == "a  b c");
  CHECK(clean("a\r\nb\nc\x1b\n", true) == "a\nb\nc\n");
  CHECK(clean("", true).empty());
  CHECK(clean("\xff") == "\xef\xbf\xbd");
  const std::string long_text(5000, 'x');
  CHECK_MESSAGE(clean(long_text) == long_text, "the gate cuts nothing off");
}

TEST_CASE("user and password in a URL") {
  CHECK(clean("http://user:pw@db.example:8000/x") == "http://***@db.example:8000/x");
  CHECK(clean("from https://a:b@c to https://d:e@f") == "from https://***@c to https://***@f");
  CHECK(clean("https://user:p@ss:w@rd@db.example/") == "https://***@db.example/");
  CHECK(clean("http://db.example/@home") == "http://db.example/@home");
  CHECK(clean("http://db.example mail@home") == "http://db.example mail@home");
  CHECK_MESSAGE(clean("http://us\xe2\x80\x8b"
                      "er:pw@db.example") == "http://***@db.example",
                "no hidden character gets in between");
}

TEST_CASE("access key ids keep their ends") {
  CHECK(clean("key AKIAIOSFODNN7EXAMPLE, and ASIAIOSFODNN7EXAMPLE.") == "key AKIA…MPLE, and ASIA…MPLE.");
  CHECK(clean("Credential=AKIAIOSFODNN7EXAMPLE/20261124/eu-west-1") == "Credential=AKIA…MPLE/20261124/eu-west-1");
  CHECK_MESSAGE(clean("AKIAIOSFODNN7EXAMPLE1") == "AKIAIOSFODNN7EXAMPLE1", "one character too many is something else");
  CHECK(clean("AKIAIOSFODNN7exampl") == "AKIAIOSFODNN7exampl");
}

TEST_CASE("what stands behind the name of a secret") {
  CHECK(clean("?X-Amz-Security-Token=Fwo%2F&X-Amz-Signature=0abc&x=1") ==
        "?X-Amz-Security-Token=***&X-Amz-Signature=***&x=1");
  CHECK(clean("aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/b+x") == "aws_secret_access_key = ***");
  CHECK(clean(R"({"SecretAccessKey": "wJalr", "SessionToken":"Fwo", "Region":"eu"})") ==
        R"({"SecretAccessKey": "***", "SessionToken":"***", "Region":"eu"})");
  CHECK(clean("db_password=hunter2, user=me") == "db_password=***, user=me");
  CHECK(clean("Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/x, Signature=12\nHost: x", true) ==
        "Authorization: ***\nHost: x");
  CHECK(clean("proxy-authorization: Basic dXNlcjpwdw==") == "proxy-authorization: ***");
  CHECK_MESSAGE(
      clean("a session token was sent, and the password too") == "a session token was sent, and the password too",
      "prose is not touched");
  CHECK(clean("password=") == "password=");
}

TEST_CASE("cleaning twice changes nothing more") {
  for (const char* text :
       {"://x-amz-signature=a/b&user@host", "password=\"http://a:b@c\"",
        "authorization:authorization:", "AKIAIOSFODNN7EXAMPLE-password=AKIAIOSFODNN7EXAMPLE", "http://a@b@c://d@e"}) {
    CHECK(clean(clean(text)) == clean(text));
  }
}

TEST_CASE("names of secrets in any spelling") {
  for (const char* name : {"SecretAccessKey", "aws_session_token", "X-Amz-Security-Token", "proxyPassword"}) {
    CHECK_MESSAGE(names_secret(name), name);
  }
  for (const char* name : {"", "accessKeyId", "ticketLifetime", "tokens", "signature"}) {
    CHECK_FALSE_MESSAGE(names_secret(name), name);
  }
}
