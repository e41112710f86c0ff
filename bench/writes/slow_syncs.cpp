// A disk that takes longer, for a program that this library is loaded into (LD_PRELOAD): after each fsync and
// fdatasync the caller sleeps SLOW_SYNCS_MICROSECONDS.

#include <chrono>
#include <cstdlib>
#include <dlfcn.h>
#include <thread>

namespace {

int sync_slowly(const char* name, int descriptor) {
  static const char* const text = std::getenv("SLOW_SYNCS_MICROSECONDS");
  static const std::chrono::microseconds pause(text == nullptr ? 0 : std::atoi(text));
  const int result = reinterpret_cast<int (*)(int)>(dlsym(RTLD_NEXT, name))(descriptor);
  std::this_thread::sleep_for(pause);
  return result;
}

}  // namespace

extern "C" {

int fsync(int descriptor) {
  return sync_slowly("fsync", descriptor);
}
int fdatasync(int descriptor) {
  return sync_slowly("fdatasync", descriptor);
}
}
