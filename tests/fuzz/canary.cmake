portico_fuzzer(canary base)
