portico_fuzzer(document operation plan render)
