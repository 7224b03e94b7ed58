# fuzz/<name>_fuzz.cpp defines LLVMFuzzerTestOneInput; its seeds are the files of fuzz/seeds/<name>/. With
# WIRETIGHT_FUZZ each becomes a libFuzzer program; otherwise a player that feeds it the seeds, as a row of ctest, so that
# what a fuzzer once found stays mended under every compiler.

file(GLOB fuzz_sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/fuzz/*_fuzz.cpp")
foreach(source IN LISTS fuzz_sources)
  get_filename_component(program "${source}" NAME_WE)
  string(REGEX REPLACE "_fuzz$" "" name "${program}")
  add_executable(${program} "${source}")
  target_link_libraries(${program} PRIVATE wiretight_app)
  set_target_properties(${program} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/fuzz")
  set(seeds "${CMAKE_SOURCE_DIR}/fuzz/seeds/${name}")
  if(WIRETIGHT_FUZZ)
    target_link_options(${program} PRIVATE -fsanitize=fuzzer)
    add_test(NAME fuzz/${name} COMMAND ${program} -runs=0 "${seeds}")
  else()
    target_sources(${program} PRIVATE fuzz/seed_player.cpp)
    add_test(NAME fuzz/${name} COMMAND ${program} "${seeds}")
  endif()
  set_tests_properties(fuzz/${name} PROPERTIES LABELS fuzz TIMEOUT 300)
endforeach()
