# One static library a layer, from src/<layer>/**.cpp; a layer without sources yet is an interface library, so that
# links do not depend on how far a layer has come. tools/layers holds the same arrows against the include lines.

function(layer name)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/src/${name}/*.cpp")
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  if(sources)
    add_library(wiretight_${name} STATIC ${sources})
    set(reach PUBLIC)
  else()
    add_library(wiretight_${name} INTERFACE)
    set(reach INTERFACE)
  endif()
  list(TRANSFORM ARGN REPLACE "^(core|facts|syntax|net|sources|policy|engine|fix|report|store)$" "wiretight_\\1")
  target_link_libraries(wiretight_${name} ${reach} wiretight_settings ${ARGN})
endfunction()

layer(core ${wiretight_fmt} Threads::Threads OpenSSL::Crypto)
layer(facts core)
layer(syntax core system_yaml)
layer(net core Boost::headers OpenSSL::SSL OpenSSL::Crypto)
layer(sources core facts syntax net system_deflate system_simdjson system_z)
layer(policy core facts)
layer(engine core facts policy)
layer(fix core engine policy)
layer(report core facts engine)
layer(store core engine)
layer(app core facts syntax net sources policy engine fix report store CLI11::CLI11)
embed_text(wiretight_app knowledge/pin/sdks.md pin_sdks)

# The numbers of TLS: knowledge/tls/*.csv as constexpr arrays.
set(tls_tables "${CMAKE_BINARY_DIR}/generated/net/hello/tables.h")
file(GLOB tls_data CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/knowledge/tls/*.csv")
add_custom_command(OUTPUT "${tls_tables}"
  COMMAND "${CMAKE_COMMAND}" "-DSOURCE=${CMAKE_SOURCE_DIR}/knowledge/tls" "-DOUTPUT=${tls_tables}"
          -P "${CMAKE_SOURCE_DIR}/cmake/tls_tables.cmake"
  DEPENDS ${tls_data} "${CMAKE_SOURCE_DIR}/cmake/tls_tables.cmake"
  COMMENT "Tables of TLS numbers" VERBATIM)
target_sources(wiretight_net PRIVATE "${tls_tables}")

# Certificates whose private key anyone can download.
embed_text(wiretight_sources knowledge/tls/test_certificates.csv test_certificates)

# All headers that the build makes: clang-tidy wants them without the rest.
add_custom_target(generated DEPENDS "${tls_tables}")
