// A disk with faults, for a program that this library is loaded into (LD_PRELOAD). Of all files it opens below
// FAULTY_DIRECTORY, the calls fail that the file FAULTY_CONTROL names; the tests write that file while the program
// runs. It holds the fault's name (`none` where all works), a zero byte, and from byte 16 on two numbers of 64 bits:
// how many more calls fail, and how many have failed.

#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fcntl.h>
#include <string_view>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

namespace {

constexpr std::size_t name_bytes = 16;

struct Control {
  char fault[name_bytes];
  std::atomic<std::int64_t> left;
  std::atomic<std::int64_t> failed;
};

constexpr int descriptors_most = 65'536;
std::atomic<bool> is_ours[descriptors_most];

/// Null where nothing is to fail.
Control* control() {
  static Control* const mapped = []() -> Control* {
    const char* const name = std::getenv("FAULTY_CONTROL");
    if (name == nullptr) return nullptr;
    static const auto real_open = reinterpret_cast<int (*)(const char*, int, ...)>(dlsym(RTLD_NEXT, "open"));
    const int file = real_open(name, O_RDWR | O_CLOEXEC);
    if (file < 0) std::abort();
    void* const place = mmap(nullptr, sizeof(Control), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (place == MAP_FAILED) std::abort();
    return static_cast<Control*>(place);
  }();
  return mapped;
}

bool is_planted(std::string_view fault) {
  Control* const planted = control();
  return planted != nullptr && fault == std::string_view(planted->fault, strnlen(planted->fault, name_bytes));
}

/// Whether this call is one that fails.
bool fails(std::string_view fault) {
  if (!is_planted(fault)) return false;
  if (control()->left.fetch_sub(1) <= 0) {
    control()->left.store(0);
    return false;
  }
  control()->failed.fetch_add(1);
  return true;
}

bool is_below_directory(const char* path) {
  static const char* const directory = std::getenv("FAULTY_DIRECTORY");
  return directory != nullptr && std::string_view(path).starts_with(directory);
}

bool is_faulty(int descriptor) {
  return descriptor >= 0 && descriptor < descriptors_most && is_ours[descriptor];
}

bool writes(int flags) {
  return (flags & O_ACCMODE) != O_RDONLY || (flags & (O_CREAT | O_TRUNC)) != 0;
}

int failed_with(int code) {
  errno = code;
  return -1;
}

/// `real` opens it.
template <typename Open>
int open_file(const char* path, int flags, Open real) {
  const bool ours = is_below_directory(path);
  if (ours && writes(flags) && fails("read-only")) return failed_with(EROFS);
  const int descriptor = real();
  if (descriptor >= 0 && descriptor < descriptors_most) is_ours[descriptor] = ours;
  return descriptor;
}

/// `real` writes so many of the bytes.
template <typename Write>
ssize_t write_bytes(int descriptor, std::size_t count, Write real) {
  static thread_local int cut_short = -1;  // the descriptor whose last write was: the rest of it does not come
  if (!is_faulty(descriptor)) return real(count);
  if (fails("full")) return failed_with(ENOSPC);
  if (fails("read-only")) return failed_with(EROFS);
  if (fails("write")) return failed_with(EIO);
  if (cut_short == descriptor) {
    cut_short = -1;
    if (is_planted("short")) return failed_with(EIO);
  }
  if (count > 1 && fails("short")) {
    cut_short = descriptor;
    return real(count / 2);
  }
  return real(count);
}

template <typename Sync>
int sync_file(int descriptor, Sync real) {
  if (is_faulty(descriptor) && fails("sync")) return failed_with(EIO);
  return real();
}

template <typename Cut>
int cut_file(int descriptor, Cut real) {
  if (is_faulty(descriptor) && fails("read-only")) return failed_with(EROFS);
  return real();
}

template <typename Function>
Function real_one(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

unsigned mode_of(int flags, va_list more) {
  return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(more, unsigned) : 0;
}

}  // namespace

// NOLINTBEGIN(readability-identifier-naming): the names of the C library
extern "C" {

int open(const char* path, int flags, ...) {
  static const auto real = real_one<int (*)(const char*, int, ...)>("open");
  va_list more;
  va_start(more, flags);
  const unsigned mode = mode_of(flags, more);
  va_end(more);
  return open_file(path, flags, [&] { return real(path, flags, mode); });
}

int open64(const char* path, int flags, ...) {
  static const auto real = real_one<int (*)(const char*, int, ...)>("open64");
  va_list more;
  va_start(more, flags);
  const unsigned mode = mode_of(flags, more);
  va_end(more);
  return open_file(path, flags, [&] { return real(path, flags, mode); });
}

int close(int descriptor) {
  static const auto real = real_one<int (*)(int)>("close");
  if (descriptor >= 0 && descriptor < descriptors_most) is_ours[descriptor] = false;
  return real(descriptor);
}

ssize_t write(int descriptor, const void* bytes, std::size_t count) {
  static const auto real = real_one<ssize_t (*)(int, const void*, std::size_t)>("write");
  return write_bytes(descriptor, count, [&](std::size_t most) { return real(descriptor, bytes, most); });
}

ssize_t pwrite(int descriptor, const void* bytes, std::size_t count, off_t offset) {
  static const auto real = real_one<ssize_t (*)(int, const void*, std::size_t, off_t)>("pwrite");
  return write_bytes(descriptor, count, [&](std::size_t most) { return real(descriptor, bytes, most, offset); });
}

ssize_t pwrite64(int descriptor, const void* bytes, std::size_t count, off64_t offset) {
  static const auto real = real_one<ssize_t (*)(int, const void*, std::size_t, off64_t)>("pwrite64");
  return write_bytes(descriptor, count, [&](std::size_t most) { return real(descriptor, bytes, most, offset); });
}

int fsync(int descriptor) {
  static const auto real = real_one<int (*)(int)>("fsync");
  return sync_file(descriptor, [&] { return real(descriptor); });
}

int fdatasync(int descriptor) {
  static const auto real = real_one<int (*)(int)>("fdatasync");
  return sync_file(descriptor, [&] { return real(descriptor); });
}

int ftruncate(int descriptor, off_t length) noexcept {
  static const auto real = real_one<int (*)(int, off_t)>("ftruncate");
  return cut_file(descriptor, [&] { return real(descriptor, length); });
}

int ftruncate64(int descriptor, off64_t length) noexcept {
  static const auto real = real_one<int (*)(int, off64_t)>("ftruncate64");
  return cut_file(descriptor, [&] { return real(descriptor, length); });
}
}
// NOLINTEND(readability-identifier-naming)
