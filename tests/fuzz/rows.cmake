portico_fuzzer(rows app)
