# Language, warnings, sanitizers and the compiler launcher: what every target has in common.

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "Build type" FORCE)
endif()

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

find_program(WIRETIGHT_CCACHE ccache)
if(WIRETIGHT_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${WIRETIGHT_CCACHE}")
endif()

add_library(wiretight_settings INTERFACE)
target_include_directories(wiretight_settings INTERFACE "${CMAKE_SOURCE_DIR}/src" "${CMAKE_BINARY_DIR}/generated")
target_compile_options(wiretight_settings INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wpedantic -Wshadow -Wconversion>
  $<$<AND:$<BOOL:${WIRETIGHT_WERROR}>,$<COMPILE_LANGUAGE:CXX>>:-Werror>
  # g++ 12 takes the frames of Boost.Asio's coroutines, which are recycled, for a mismatch (GCC bug 109224).
  $<$<AND:$<COMPILE_LANGUAGE:CXX>,$<CXX_COMPILER_ID:GNU>>:-Wno-mismatched-new-delete>
  # No absolute path in the program or its debug information: the same source gives the same bytes anywhere, and
  # ccache hits across work trees.
  "-ffile-prefix-map=${CMAKE_BINARY_DIR}/=build/"
  "-ffile-prefix-map=${CMAKE_SOURCE_DIR}/=")

if(WIRETIGHT_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "WIRETIGHT_FUZZ needs clang: cmake --preset fuzz")
  endif()
  target_compile_options(wiretight_settings INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-fsanitize=fuzzer-no-link>)
endif()
if(WIRETIGHT_SANITIZE)
  # Global, so that test and fuzz programs and all layers agree on it.
  add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-fsanitize=${WIRETIGHT_SANITIZE}>
                      $<$<COMPILE_LANGUAGE:CXX>:-fno-omit-frame-pointer>
                      $<$<COMPILE_LANGUAGE:CXX>:-fno-sanitize-recover=all>)
  add_link_options(-fsanitize=${WIRETIGHT_SANITIZE})
endif()
