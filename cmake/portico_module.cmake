# portico_module(NAME SOURCES a.cpp … [USES module …] [LIBRARIES target …])
# One folder of src/ is one static library, portico_NAME; headers lie beside sources and are included from src/.
function(portico_module name)
  cmake_parse_arguments(module "" "" "SOURCES;USES;LIBRARIES" ${ARGN})
  add_library(portico_${name} STATIC ${module_SOURCES})
  target_include_directories(portico_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  portico_warnings(portico_${name})
  foreach(used IN LISTS module_USES)
    target_link_libraries(portico_${name} PUBLIC portico_${used})
  endforeach()
  target_link_libraries(portico_${name} PUBLIC ${module_LIBRARIES})
  target_precompile_headers(portico_${name} PRIVATE
    <algorithm> <array> <cstdint> <functional> <map> <memory> <optional> <string> <string_view> <unordered_map>
    <utility> <variant> <vector>)
  if(PORTICO_TIDY)
    set_target_properties(portico_${name} PROPERTIES CXX_CLANG_TIDY clang-tidy-16)
  endif()
endfunction()
