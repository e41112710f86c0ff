portico_fuzzer(token access)
