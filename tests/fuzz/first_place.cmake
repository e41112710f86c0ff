portico_fuzzer(first_place platform)
