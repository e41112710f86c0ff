portico_fuzzer(archive platform)
