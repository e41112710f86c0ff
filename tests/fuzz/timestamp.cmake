portico_fuzzer(timestamp base)
