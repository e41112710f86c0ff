portico_fuzzer(http_head http)
