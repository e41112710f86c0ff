portico_fuzzer(description model)
