# Everything that ctest runs. Labels: unit, pages, lab, golden, hostile, bench, fuzz, format, tools.

# Unit tests: one program of all src/**/*_test.cpp and rules/**/*_test.cpp, one row a file. A file without a test case
# fails its row.
file(GLOB_RECURSE unit_sources CONFIGURE_DEPENDS
  "${CMAKE_SOURCE_DIR}/src/*_test.cpp" "${CMAKE_SOURCE_DIR}/rules/*_test.cpp")
find_path(DOCTEST_INCLUDE doctest/doctest.h REQUIRED)
find_package(rapidcheck REQUIRED)
add_executable(unit_tests tests/unit_main.cpp ${unit_sources})
target_include_directories(unit_tests SYSTEM PRIVATE "${DOCTEST_INCLUDE}")
target_link_libraries(unit_tests PRIVATE wiretight_app rapidcheck)
set_target_properties(unit_tests PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
foreach(source IN LISTS unit_sources)
  file(RELATIVE_PATH path "${CMAKE_SOURCE_DIR}" "${source}")
  string(REGEX REPLACE "^src/|_test\\.cpp$" "" row "${path}")
  add_test(NAME unit/${row} COMMAND unit_tests --source-file=*${path} WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}")
  set_tests_properties(unit/${row} PROPERTIES LABELS unit TIMEOUT 120 FAIL_REGULAR_EXPRESSION "test cases: +0 ")
endforeach()

# Whole-program tests: tests/**/test_*.py, one row a file. The label is the name of the folder below tests/ or, for a
# file straight in tests/, what follows test_ up to the next underscore (test_lab_nginx.py is "lab").
# Debian's interpreter by its full path: another python3 earlier on the PATH lacks Debian's pytest.
file(GLOB_RECURSE python_tests CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/tests/test_*.py")
list(FILTER python_tests EXCLUDE REGEX "/node_modules/")
foreach(source IN LISTS python_tests)
  file(RELATIVE_PATH path "${CMAKE_SOURCE_DIR}/tests" "${source}")
  string(REGEX REPLACE "(^|/)test_([^/]*)\\.py$" "\\1\\2" row "${path}")
  string(REGEX REPLACE "[/_].*$" "" label "${row}")
  if(NOT row MATCHES "/")
    string(REGEX REPLACE "^([^_]*)_" "\\1/" row "${row}")
  endif()
  add_test(NAME ${row}
    COMMAND /usr/bin/python3 -B -m pytest -q -p no:cacheprovider "${source}" WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}")
  set_tests_properties(${row} PROPERTIES LABELS ${label} TIMEOUT 1500
    ENVIRONMENT "WIRETIGHT=$<TARGET_FILE:wiretight>;WIRETIGHT_BUILD=${CMAKE_BINARY_DIR}")
endforeach()

# The page of a rule is its test: each server that a fence of rules/RULE/rule.md describes is started and scanned.
file(GLOB pages CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/rules/*/rule.md")
foreach(page IN LISTS pages)
  get_filename_component(folder "${page}" DIRECTORY)
  get_filename_component(rule "${folder}" NAME)
  add_test(NAME pages/${rule} COMMAND "${CMAKE_SOURCE_DIR}/tests/pages/check" ${rule}
    WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}")
  set_tests_properties(pages/${rule} PROPERTIES LABELS pages TIMEOUT 300 SKIP_RETURN_CODE 77
    ENVIRONMENT "WIRETIGHT=$<TARGET_FILE:wiretight>;WIRETIGHT_BUILD=${CMAKE_BINARY_DIR}")
endforeach()

# The tools that ./dev lint relies on.
add_test(NAME tools/layers COMMAND "${CMAKE_SOURCE_DIR}/tools/layers_test")
set_tests_properties(tools/layers PROPERTIES LABELS tools TIMEOUT 60)
