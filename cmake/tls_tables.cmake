# Script: writes OUTPUT, a header of constexpr arrays, from the tables of SOURCE (knowledge/tls/*.csv). The rows keep
# the order of the files, which is ascending by code; src/net/hello/registry.cpp refuses to compile when it is not.

cmake_minimum_required(VERSION 3.25)

# Reads <SOURCE>/<name>.csv into `rows`, a list whose cells are joined by "|".
function(read_table name)
  file(STRINGS "${SOURCE}/${name}.csv" lines)
  list(POP_FRONT lines)
  list(TRANSFORM lines REPLACE "," "|")
  set(rows "${lines}" PARENT_SCOPE)
endfunction()

set(ssl2 "")
set(legacy "")
set(tls13 "")
read_table(suites)
foreach(row IN LISTS rows)
  string(REPLACE "|" ";" cell "${row}")
  list(GET cell 0 code)
  list(GET cell 1 name)
  list(GET cell 2 openssl)
  list(GET cell 3 key_exchange)
  list(GET cell 4 authentication)
  list(GET cell 5 cipher)
  list(GET cell 6 bits)
  list(GET cell 7 mode)
  list(GET cell 8 mac)
  list(GET cell 9 rank)
  set(suite "    Suite{${code}, \"${name}\", \"${openssl}\", KeyExchange::${key_exchange}, Authentication::${authentication}, Cipher::${cipher}, ${bits}, Mode::${mode}, Mac::${mac}, ${rank}},\n")
  string(LENGTH "${code}" digits)
  if(digits EQUAL 8)
    string(APPEND ssl2 "${suite}")
  elseif(key_exchange STREQUAL "any")
    string(APPEND tls13 "${suite}")
  else()
    string(APPEND legacy "${suite}")
  endif()
endforeach()

set(groups "")
read_table(groups)
foreach(row IN LISTS rows)
  string(REGEX REPLACE "^(.*)\\|(.*)\\|(.*)\\|(.*)\\|(.*)\\|(.*)\\|(.*)$"
    "    Group{\\1, \"\\2\", \"\\3\", GroupKind::\\4, \\5, \\6, \\7},\n" row "${row}")
  string(APPEND groups "${row}")
endforeach()

set(schemes "")
read_table(signature_schemes)
foreach(row IN LISTS rows)
  string(REGEX REPLACE "^(.*)\\|(.*)\\|(.*)\\|(.*)$" "    SignatureScheme{\\1, \"\\2\", \"\\3\", \"\\4\"},\n" row "${row}")
  string(APPEND schemes "${row}")
endforeach()

foreach(table alerts extensions)
  set(${table} "")
  read_table(${table})
  foreach(row IN LISTS rows)
    string(REGEX REPLACE "^(.*)\\|(.*)$" "    Name{\\1, \"\\2\"},\n" row "${row}")
    string(APPEND ${table} "${row}")
  endforeach()
endforeach()

set(prime_bytes "")
set(primes "")
set(number 0)
read_table(dh_primes)
foreach(row IN LISTS rows)
  string(REGEX MATCH "^(.*)\\|(.*)\\|(.*)\\|(.*)$" row "${row}")
  set(name "${CMAKE_MATCH_1}")
  set(bits "${CMAKE_MATCH_2}")
  set(standard "${CMAKE_MATCH_3}")
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${CMAKE_MATCH_4}")
  string(APPEND prime_bytes "inline constexpr std::uint8_t prime_${number}[] = {${bytes}};\n")
  string(APPEND primes "    DhPrime{\"${name}\", ${bits}, ${standard} != 0, prime_${number}},\n")
  math(EXPR number "${number} + 1")
endforeach()

file(WRITE "${OUTPUT}" "// Generated from knowledge/tls by cmake/tls_tables.cmake.
#pragma once

#include \"net/hello/registry.h\"

namespace wiretight::tls::tables {

struct Name {
  std::uint16_t code = 0;
  std::string_view name = {};
};

inline constexpr Suite ssl2[] = {\n${ssl2}};
inline constexpr Suite legacy[] = {\n${legacy}};
inline constexpr Suite tls13[] = {\n${tls13}};
inline constexpr Group groups[] = {\n${groups}};
inline constexpr SignatureScheme signature_schemes[] = {\n${schemes}};
inline constexpr Name alerts[] = {\n${alerts}};
inline constexpr Name extensions[] = {\n${extensions}};
${prime_bytes}inline constexpr DhPrime dh_primes[] = {\n${primes}};

}  // namespace wiretight::tls::tables
")
