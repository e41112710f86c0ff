# The libraries, all from Debian packages (the list that `./run` installs stands in tools/packages-build).
find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(PostgreSQL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(CLI11 REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(re2 REQUIRED IMPORTED_TARGET re2)
pkg_check_modules(simdjson REQUIRED IMPORTED_TARGET simdjson)
pkg_check_modules(xxhash REQUIRED IMPORTED_TARGET libxxhash)
pkg_check_modules(idn2 REQUIRED IMPORTED_TARGET libidn2)
pkg_check_modules(libzip REQUIRED IMPORTED_TARGET libzip)
find_package(mimalloc REQUIRED)
find_library(UTF8PROC_LIBRARY utf8proc REQUIRED)
find_library(DATE_TZ_LIBRARY date-tz REQUIRED)

add_library(portico_asio INTERFACE)
target_compile_definitions(portico_asio INTERFACE
  BOOST_ASIO_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED
  BOOST_ASIO_DISABLE_BOOST_COROUTINE)
target_link_libraries(portico_asio INTERFACE Threads::Threads OpenSSL::SSL OpenSSL::Crypto)
