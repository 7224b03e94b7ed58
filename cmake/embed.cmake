# Data files become part of the program.
#
#   embed_text(target file symbol)
#       #include "embedded/<symbol>.h" then has  std::string_view wiretight::embedded::<symbol>()
#
# The bytes come in with the assembler's .incbin, so size and content are free (a string literal's are not) and a
# change of the file rebuilds one object. One more zero byte follows, which the view does not count.

function(embed_text target file symbol)
  get_filename_component(path "${file}" ABSOLUTE BASE_DIR "${CMAKE_SOURCE_DIR}")
  set(generated "${CMAKE_BINARY_DIR}/generated/embedded/${symbol}")
  file(CONFIGURE OUTPUT "${generated}.S" @ONLY CONTENT [[
    .section .rodata
    .global wiretight_embedded_@symbol@
    .global wiretight_embedded_@symbol@_size
    .balign 8
wiretight_embedded_@symbol@_size:
    .quad 1f - wiretight_embedded_@symbol@
wiretight_embedded_@symbol@:
    .incbin "@path@"
1:  .byte 0
    .section .note.GNU-stack, "", %progbits
]])
  file(CONFIGURE OUTPUT "${generated}.h" @ONLY CONTENT [[
#pragma once

#include <cstdint>
#include <string_view>

extern "C" {
extern const char wiretight_embedded_@symbol@[];
extern const std::uint64_t wiretight_embedded_@symbol@_size;
}

namespace wiretight::embedded {
inline std::string_view @symbol@() {
  return {wiretight_embedded_@symbol@, wiretight_embedded_@symbol@_size};
}
}  // namespace wiretight::embedded
]])
  set_source_files_properties("${generated}.S" PROPERTIES OBJECT_DEPENDS "${path}")
  target_sources(${target} PRIVATE "${generated}.S")
endfunction()
