portico_fuzzer(render render)
target_include_directories(fuzz_render PRIVATE ${CMAKE_SOURCE_DIR}/tests)
target_link_libraries(fuzz_render PRIVATE PkgConfig::simdjson)
