portico_fuzzer(path operation)
