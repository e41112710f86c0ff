# portico_embed(MODULE FOLDER): the files of src/MODULE/FOLDER/ become the function portico::MODULE::FOLDER() that
# MODULE/FOLDER.hpp declares; it gives path and bytes of each. Run as a script, this writes that function's source.
if(CMAKE_SCRIPT_MODE_FILE)
  file(GLOB_RECURSE files RELATIVE ${FOLDER} ${FOLDER}/*)
  list(SORT files)
  set(source "#include \"${MODULE}/${FUNCTION}.hpp\"\n\nnamespace portico::${MODULE} {\nnamespace {\n\n")
  set(rows "")
  set(number 0)
  foreach(file IN LISTS files)
    file(READ ${FOLDER}/${file} hex HEX)
    file(SIZE ${FOLDER}/${file} size)
    string(REGEX REPLACE "(..)" "'\\\\x\\1'," bytes "${hex}")
    string(APPEND source "constexpr char file_${number}[] = {${bytes}'\\0'};\n")
    string(APPEND rows "      {\"${file}\", {&file_${number}[0], ${size}}},\n")
    math(EXPR number "${number} + 1")
  endforeach()
  string(APPEND source "\n}  // namespace\n\nstd::vector<UploadedFile> ${FUNCTION}() {\n  return {\n${rows}  };\n}\n\n"
         "}  // namespace portico::${MODULE}\n")
  file(WRITE ${OUTPUT} "${source}")
  return()
endif()

set(PORTICO_EMBED_SCRIPT ${CMAKE_CURRENT_LIST_FILE})

function(portico_embed module folder)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${folder}.cpp)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DMODULE=${module} -DFUNCTION=${folder} -DFOLDER=${CMAKE_CURRENT_SOURCE_DIR}/${folder}
            -DOUTPUT=${output} -P ${PORTICO_EMBED_SCRIPT}
    DEPENDS ${files} ${PORTICO_EMBED_SCRIPT}
    VERBATIM)
  target_sources(portico_${module} PRIVATE ${output})
endfunction()
