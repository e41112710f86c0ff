portico_fuzzer(form_body operation)
