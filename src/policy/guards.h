#pragma once

#include "policy/document.h"
#include "policy/tri.h"

// Statements that their author meant as a guard against requests without TLS.
namespace wiretight::policy {

// What a test has to do with TLS.
enum class TlsTest {
  none,
  real,  // on aws:SecureTransport
  dead,  // on what was taken for it: a misspelt name, "s3:TlsVersion"
};
TlsTest tls_test(const Test& test);

// Whether a Deny, or an Allow, that tests TLS or what was taken for it, and is about DynamoDB at all.
bool is_guard(const Statement& statement);

// Whether the statement's tests on TLS hold with that value of aws:SecureTransport; nullptr: without the key.
Tri tls_tests_hold(const Statement& statement, const char* secure_transport);

}  // namespace wiretight::policy
