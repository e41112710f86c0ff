# PORTICO_SANITIZE, for everything of ours at once: a program with half of its objects sanitized reports nonsense.
if(PORTICO_SANITIZE)
  add_compile_options(-fsanitize=${PORTICO_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer -g1)
  add_link_options(-fsanitize=${PORTICO_SANITIZE})
  if(PORTICO_FUZZERS)
    add_compile_options(-fsanitize=fuzzer-no-link)
  endif()
endif()
