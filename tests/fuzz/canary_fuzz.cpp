// A fault planted on purpose: a fuzzer run that does not find it looks at nothing, and fails the tests.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (text.starts_with("tweet")) {
    std::fputs("the canary was found\n", stderr);
    std::abort();
  }
  return 0;
}
