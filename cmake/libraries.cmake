# What the layers take from the system. Debian 12 and Ubuntu 24.04 names: tools/packages/debian-build.txt.

find_package(Threads REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(Boost 1.81 REQUIRED)  # header-only: Asio and Beast
find_package(CLI11 REQUIRED)

# fmt as headers: Debian has no static libfmt, and one shared library less keeps the start short.
find_package(fmt REQUIRED)

function(system_library name header)
  find_path(${name}_INCLUDE ${header} REQUIRED)
  find_library(${name}_LIBRARY ${name} REQUIRED)
  add_library(system_${name} INTERFACE)
  target_include_directories(system_${name} SYSTEM INTERFACE "${${name}_INCLUDE}")
  target_link_libraries(system_${name} INTERFACE "${${name}_LIBRARY}")
endfunction()
system_library(yaml yaml.h)
system_library(deflate libdeflate.h)
