# Every warning is an error, in our code; libraries come in as SYSTEM headers.
function(portico_warnings target)
  target_compile_options(${target} PRIVATE
    -Wall -Wextra -Wpedantic -Werror -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor
    -Wold-style-cast -Woverloaded-virtual -Wnull-dereference -Wdouble-promotion -Wformat=2
    -Wimplicit-fallthrough -Wswitch-enum -Wno-missing-field-initializers)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # g++ 12 sees null dereferences, overlaps and overruns inside its own std::string (GCC bugs 105329, 105651, 105562).
    target_compile_options(${target} PRIVATE -Wno-restrict -Wno-null-dereference -Wno-array-bounds
                           -Wno-stringop-overflow -Wno-stringop-overread)
  endif()
endfunction()
