# portico_console(TARGET): builds the developer space's pages (web/, with Node and npm) where the build is, and embeds
# them in TARGET as `"platform/console_files.cpp"` says. Nothing is made again that is as new as what it is made of.
# Without npm's registry, `npm ci` once where there is one, or PORTICO_CONSOLE_DIST=FOLDER: pages built elsewhere.
set(PORTICO_CONSOLE_DIST "" CACHE PATH "The developer space's pages, built elsewhere (web/dist); empty: built here")

function(portico_console target)
  find_program(NODE_PROGRAM NAMES node nodejs)
  find_program(NPM_PROGRAM npm)
  if(NOT NODE_PROGRAM OR (NOT NPM_PROGRAM AND NOT PORTICO_CONSOLE_DIST))
    message(FATAL_ERROR "The developer space is built with Node and npm, which are missing: tools/install build")
  endif()
  set(web ${CMAKE_SOURCE_DIR}/web)
  set(made ${CMAKE_BINARY_DIR}/console)
  file(MAKE_DIRECTORY ${made})
  if(PORTICO_CONSOLE_DIST)
    set(pages ${PORTICO_CONSOLE_DIST})
    file(GLOB_RECURSE built CONFIGURE_DEPENDS ${pages}/*)
  else()
    set(pages ${made}/dist)
    set(built ${made}/built.stamp)
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${web}/src/* ${web}/public/*)
    file(GLOB settings CONFIGURE_DEPENDS ${web}/*.html ${web}/*.ts ${web}/*.json)
    string(SHA256 names "${sources}")  # in the command, so that a file that is gone is noticed
    add_custom_command(
      OUTPUT ${built}
      COMMAND ${CMAKE_COMMAND} -DWEB=${web} -DOUT=${pages} -DNPM=${NPM_PROGRAM} -DNAMES=${names}
              -P ${CMAKE_SOURCE_DIR}/cmake/build_console.cmake
      COMMAND ${CMAKE_COMMAND} -E touch ${built}
      DEPENDS ${sources} ${settings} ${CMAKE_SOURCE_DIR}/cmake/build_console.cmake
      COMMENT "Building the developer space's pages" VERBATIM)
  endif()
  add_custom_command(
    OUTPUT ${made}/console_files.cpp
    COMMAND ${NODE_PROGRAM} ${CMAKE_SOURCE_DIR}/cmake/embed_console.mjs ${pages} ${made}/console_files.cpp
    DEPENDS ${built} ${CMAKE_SOURCE_DIR}/cmake/embed_console.mjs
    COMMENT "Compressing the developer space's pages" VERBATIM)
  target_sources(${target} PRIVATE ${made}/console_files.cpp)
  # Literals longer than the 65,536 characters that the standard promises; both compilers take any.
  set_source_files_properties(${made}/console_files.cpp PROPERTIES SKIP_PRECOMPILE_HEADERS ON
                                                                   COMPILE_OPTIONS -Wno-overlength-strings)
endfunction()
