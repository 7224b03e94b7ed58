# What the layers take from the system. Debian 12 and Ubuntu 24.04 names: tools/packages/debian-build.txt.

option(WIRETIGHT_STATIC "Link all but libc and libm statically, for a program that is copied to other machines" OFF)
if(WIRETIGHT_STATIC)
  set(OPENSSL_USE_STATIC_LIBS ON)
  set(CMAKE_FIND_LIBRARY_SUFFIXES .a)
  add_link_options(-static-libstdc++ -static-libgcc)
endif()

find_package(Threads REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(Boost 1.81 REQUIRED)  # header-only: Asio and Beast
find_package(CLI11 REQUIRED)
find_package(fmt REQUIRED)

# fmt as headers alone costs each file that formats 3.9 s more at -O2 (0.75 s against 4.6 s here), so only the static
# program has it that way: Debian has no static libfmt.
if(WIRETIGHT_STATIC)
  set(wiretight_fmt fmt::fmt-header-only)
else()
  set(wiretight_fmt fmt::fmt)
endif()

function(system_library name header)
  find_path(${name}_INCLUDE ${header} REQUIRED)
  find_library(${name}_LIBRARY ${name} REQUIRED)
  add_library(system_${name} INTERFACE)
  target_include_directories(system_${name} SYSTEM INTERFACE "${${name}_INCLUDE}")
  target_link_libraries(system_${name} INTERFACE "${${name}_LIBRARY}")
endfunction()
system_library(yaml yaml.h)
system_library(deflate libdeflate.h)
system_library(z zlib.h)
# Debian has no static libsimdjson: the static program takes the shared one along.
if(WIRETIGHT_STATIC)
  set(CMAKE_FIND_LIBRARY_SUFFIXES .a .so)
endif()
system_library(simdjson simdjson.h)
