portico_fuzzer(file_request base http server)
