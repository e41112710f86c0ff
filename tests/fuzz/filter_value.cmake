portico_fuzzer(filter_value plan)
