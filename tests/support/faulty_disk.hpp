#pragma once

#include <atomic>

#include <sqlite3.h>

namespace portico::support {

/// SQLite's disk, for all files that this process opens while the object lives, with faults in the log of changes
/// (`-wal`). One at a time.
class FaultyDisk {
 public:
  FaultyDisk() {
    real_ = sqlite3_vfs_find(nullptr);
    ours_ = *real_;
    ours_.zName = "faulty";
    ours_.xOpen = open;
    syncs = 0;
    failing_syncs = 0;
    is_full = false;
    is_read_only = false;
    sqlite3_vfs_register(&ours_, 1);
  }
  ~FaultyDisk() {
    sqlite3_vfs_unregister(&ours_);
    sqlite3_vfs_register(real_, 1);
  }
  FaultyDisk(const FaultyDisk&) = delete;
  FaultyDisk& operator=(const FaultyDisk&) = delete;

  static inline std::atomic<int> syncs = 0;          ///< of the log, those that worked
  static inline std::atomic<int> failing_syncs = 0;  ///< so many more fail, after all was written
  static inline std::atomic<bool> is_full = false;   ///< writing fails
  static inline std::atomic<bool> is_read_only =
      false;  ///< databases opened from now on are; as SQLite does it itself

 private:
  static int open(sqlite3_vfs* /*ours*/, const char* name, sqlite3_file* file, int flags, int* out_flags) {
    if (is_read_only && (flags & SQLITE_OPEN_MAIN_DB) != 0) {
      flags = (flags & ~(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)) | SQLITE_OPEN_READONLY;
    }
    const int code = real_->xOpen(real_, name, file, flags, out_flags);
    if (code != SQLITE_OK || (flags & SQLITE_OPEN_WAL) == 0) return code;
    real_methods_ = file->pMethods;
    static const sqlite3_io_methods methods = [file] {
      sqlite3_io_methods changed = *file->pMethods;
      changed.xSync = sync;
      changed.xWrite = write;
      return changed;
    }();
    file->pMethods = &methods;
    return code;
  }
  static int sync(sqlite3_file* file, int flags) {
    if (failing_syncs > 0) {
      --failing_syncs;
      return SQLITE_IOERR_FSYNC;
    }
    ++syncs;
    return real_methods_.load()->xSync(file, flags);
  }
  static int write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 offset) {
    return is_full ? SQLITE_FULL : real_methods_.load()->xWrite(file, bytes, count, offset);
  }

  static inline sqlite3_vfs* real_ = nullptr;
  static inline sqlite3_vfs ours_ = {};
  static inline std::atomic<const sqlite3_io_methods*> real_methods_ = nullptr;
};

}  // namespace portico::support
