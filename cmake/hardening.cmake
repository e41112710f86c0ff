# What a server that reads strangers' bytes is compiled with; sanitizers bring their own checks.
if(NOT PORTICO_SANITIZE AND CMAKE_BUILD_TYPE STREQUAL "Release")
  add_compile_options(-O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fstack-protector-strong -fstack-clash-protection
                      -fcf-protection=full -ftrivial-auto-var-init=zero)
  add_compile_definitions(_GLIBCXX_ASSERTIONS)
  # With `-z now` every library function's place is known from the start: calls go there without a stub in between,
  # of which a page of rows would take ten thousand.
  add_compile_options(-fno-plt)
  add_link_options(-pie -Wl,-z,relro,-z,now,-z,noexecstack)
endif()
