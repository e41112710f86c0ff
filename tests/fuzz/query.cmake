portico_fuzzer(query operation plan store)
