# portico_embed_text(TARGET FILE NAME): the text of FILE becomes `inline constexpr std::string_view NAME` in the
# namespace and folder of the module, `"MODULE/NAME.hpp"`, made where the build is.
function(portico_embed_text target file name)
  get_filename_component(module ${CMAKE_CURRENT_SOURCE_DIR} NAME)
  set(source ${CMAKE_CURRENT_SOURCE_DIR}/${file})
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source})
  file(READ ${source} text)
  file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/embedded/${module}/${name}.hpp @ONLY CONTENT [[
#pragma once
// Made of @file@.
#include <string_view>

namespace portico::@module@ {
inline constexpr std::string_view @name@ = R"embedded(@text@)embedded";
}
]])
  target_include_directories(${target} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/embedded)
endfunction()
