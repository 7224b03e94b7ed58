# The rules: every folder rules/<name> with a rule.cpp and a rule.md. The table that the engine reads is generated,
# because an object that registers itself is dropped by the linker when nothing names it.

if(NOT EXISTS "${CMAKE_SOURCE_DIR}/src/engine/catalogue.h")
  return()
endif()

file(GLOB rule_pages CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/rules/*/rule.md")
file(GLOB rule_sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/rules/*/rule.cpp")

set(rule_names "")
foreach(source IN LISTS rule_sources rule_pages)
  get_filename_component(folder "${source}" DIRECTORY)
  get_filename_component(name "${folder}" NAME)
  foreach(part rule.cpp rule.md)
    if(NOT EXISTS "${folder}/${part}")
      message(FATAL_ERROR "rules/${name} has no ${part}")
    endif()
  endforeach()
  if(NOT name MATCHES "^[a-z][a-z0-9]*(-[a-z0-9]+)*$")
    message(FATAL_ERROR "rules/${name}: a rule's name is kebab-case")
  endif()
  list(APPEND rule_names "${name}")
endforeach()
list(REMOVE_DUPLICATES rule_names)
list(SORT rule_names)
list(LENGTH rule_names rule_count)

set(rule_table "${CMAKE_BINARY_DIR}/generated/rule_table.cpp")
set(catalogue_digest "${CMAKE_BINARY_DIR}/generated/catalogue_digest.cpp")
add_library(wiretight_rules STATIC ${rule_sources} "${rule_table}" "${catalogue_digest}")
target_link_libraries(wiretight_rules PUBLIC wiretight_settings wiretight_core wiretight_facts wiretight_engine)
# The engine reads the table, the rules use the engine's types: the two libraries need each other.
get_target_property(engine_type wiretight_engine TYPE)
if(engine_type STREQUAL "STATIC_LIBRARY")
  target_link_libraries(wiretight_engine PUBLIC wiretight_rules)
else()
  target_link_libraries(wiretight_engine INTERFACE wiretight_rules)
endif()

set(includes "")
set(declarations "")
set(entries "")
foreach(name IN LISTS rule_names)
  string(REPLACE "-" "_" symbol "${name}")
  embed_text(wiretight_rules "rules/${name}/rule.md" page_${symbol})
  string(APPEND includes "#include \"embedded/page_${symbol}.h\"\n")
  string(APPEND declarations "extern const Rule ${symbol};\n")
  string(APPEND entries "      {.rule = &rules::${symbol}, .page = embedded::page_${symbol}()},\n")
endforeach()
file(CONFIGURE OUTPUT "${rule_table}" @ONLY CONTENT [[
#include <array>

#include "engine/catalogue.h"
@includes@
namespace wiretight {
namespace rules {
@declarations@}  // namespace rules

std::span<const CatalogueEntry> rule_table() {
  static const std::array<CatalogueEntry, @rule_count@> table = {{
@entries@  }};
  return table;
}

std::string_view version() { return "@PROJECT_VERSION@"; }
}  // namespace wiretight
]])

add_custom_command(OUTPUT "${catalogue_digest}"
  COMMAND "${CMAKE_COMMAND}" "-DRULES=${CMAKE_SOURCE_DIR}/rules" "-DNAMES=${rule_names}" "-DOUTPUT=${catalogue_digest}"
          -P "${CMAKE_SOURCE_DIR}/cmake/catalogue_digest.cmake"
  DEPENDS ${rule_sources} ${rule_pages} "${CMAKE_SOURCE_DIR}/cmake/catalogue_digest.cmake"
  COMMENT "Digest of the rule catalogue" VERBATIM)
