portico_fuzzer(web_address base)
