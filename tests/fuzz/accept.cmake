portico_fuzzer(accept contract)
