portico_fuzzer(text base)
