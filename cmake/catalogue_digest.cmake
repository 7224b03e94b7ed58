# Script: writes OUTPUT with the SHA-256 over "<name> <sha256 of rule.cpp> <sha256 of rule.md>\n" of every rule in NAMES
# (sorted), so that two programs with the same value judge alike.
set(lines "")
foreach(name IN LISTS NAMES)
  file(SHA256 "${RULES}/${name}/rule.cpp" code)
  file(SHA256 "${RULES}/${name}/rule.md" page)
  string(APPEND lines "${name} ${code} ${page}\n")
endforeach()
string(SHA256 digest "${lines}")
file(WRITE "${OUTPUT}" "#include \"engine/catalogue.h\"

namespace wiretight {
std::string_view catalogue_sha256() { return \"${digest}\"; }
}  // namespace wiretight
")
