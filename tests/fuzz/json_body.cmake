portico_fuzzer(json_body operation)
target_link_libraries(fuzz_json_body PRIVATE PkgConfig::simdjson)
