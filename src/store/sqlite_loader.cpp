#include "store/sqlite_loader.hpp"

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <fcntl.h>
#include <optional>
#include <stdexcept>
#include <string>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <unordered_map>
#include <utility>
#include <vector>

#include "store/schema.hpp"
#include "store/sqlite_access.hpp"
#include "store/sqlite_connection.hpp"
#include "store/sqlite_schema.hpp"

namespace portico::store {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t load_cache_bytes = 256 * 1024 * 1024;
constexpr std::int64_t load_mmap_bytes = std::int64_t{2047} * 1024 * 1024;  // as much as SQLite takes
constexpr int sort_threads = 2;                                             // beside the one that reads the table
constexpr int analysis_rows_per_index = 2000;  // enough to tell a selective index from another

[[noreturn]] void fail(const fs::path& file, std::string_view tried, int error) {
  throw std::runtime_error(file.string() + ": " + std::string(tried) + ": " + std::generic_category().message(error));
}

class Descriptor {
 public:
  Descriptor(const fs::path& file, int flags) : value_(::open(file.c_str(), flags | O_CLOEXEC, 0600)) {
    if (value_ < 0) fail(file, "open", errno);
  }
  ~Descriptor() { ::close(value_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int value() const noexcept { return value_; }

  void sync(const fs::path& path) const {
    if (::fsync(value_) != 0) fail(path, "sync", errno);
  }

 private:
  int value_;
};

fs::path beside(const fs::path& file, std::string_view suffix) {
  fs::path path = file;
  path += suffix;
  return path;
}

const fs::path& absent(const fs::path& file) {
  if (fs::exists(file)) {
    throw std::runtime_error(file.string() +
                             ": exists already, and is not overwritten; remove it or name another directory");
  }
  // SQLite would take these for the new file's own and replay another database's changes into it.
  for (const std::string_view suffix : {"-wal", "-journal"}) {
    const fs::path stray = beside(file, suffix);
    if (!fs::exists(stray)) continue;
    throw std::runtime_error(stray.string() +
                             ": belongs to a database that is no longer there; remove it, then load again");
  }
  return file;
}

/// The file while it is being made; ours alone, and gone with this object unless put in place.
class LoadingFile {
 public:
  explicit LoadingFile(const fs::path& target)
      : target_(target), made_(beside(target, ".loading")), descriptor_(made_, O_RDWR | O_CREAT) {
    // The lock keeps a second load of the same file out. Had another load put the file in place between our opening
    // and our lock, we would hold the finished database: what we hold must still be what the path names.
    struct stat held {};
    struct stat named {};
    if (::flock(descriptor_.value(), LOCK_EX | LOCK_NB) != 0 || ::fstat(descriptor_.value(), &held) != 0 ||
        ::stat(made_.c_str(), &named) != 0 || held.st_ino != named.st_ino || held.st_dev != named.st_dev) {
      throw std::runtime_error(target_.string() + ": is being loaded by another process; wait until it is done");
    }
    if (::ftruncate(descriptor_.value(), 0) != 0) fail(made_, "truncate", errno);  // what a killed load has left
    ours_ = true;
  }

  ~LoadingFile() {
    if (!ours_) return;
    std::error_code ignored;
    for (const std::string_view suffix : {"-wal", "-shm", ""}) fs::remove(beside(made_, suffix), ignored);
  }

  LoadingFile(const LoadingFile&) = delete;
  LoadingFile& operator=(const LoadingFile&) = delete;
  [[nodiscard]] const fs::path& path() const noexcept { return made_; }

  void put_in_place() {
    descriptor_.sync(made_);
    if (::renameat2(AT_FDCWD, made_.c_str(), AT_FDCWD, target_.c_str(), RENAME_NOREPLACE) != 0) {
      fail(target_, "put the loaded database in place", errno);
    }
    ours_ = false;
    const fs::path directory = target_.has_parent_path() ? target_.parent_path() : fs::path(".");
    Descriptor(directory, O_RDONLY | O_DIRECTORY).sync(directory);
  }

 private:
  fs::path target_;
  fs::path made_;
  Descriptor descriptor_;
  bool ours_ = false;
};

}  // namespace

class SqliteFileLoader::Impl {
 public:
  Impl(const model::Api& api, const fs::path& target)
      : schema_(wanted_schema(api, plan::SqlFlavor::Sqlite)), file_(absent(target)) {
    connection_.emplace(file_.path(), SqliteOptions{.mode = OpenMode::Create,
                                                    .durability = Durability::None,
                                                    .cache_bytes = load_cache_bytes,
                                                    .mmap_bytes = load_mmap_bytes});
    connection_->execute("PRAGMA threads=" + std::to_string(sort_threads));
    for (const auto& table : schema_.tables) connection_->execute(sqlite_table_sql(table));
    connection_->execute("BEGIN EXCLUSIVE");
  }

  void add(const LoadRow& row) {
    Insert& insert = insert_of(row.resource);
    insert.columns.require_fit(row);
    for (std::size_t leaf = 0; leaf < row.cells.size(); ++leaf) {
      const std::size_t column = insert.columns.of_leaf[leaf];
      if (column != LoadColumns::none) insert.statement.bind(bind_of(column), row.cells[leaf]);
    }
    if (insert.columns.of_owner != LoadColumns::none) {
      insert.statement.bind_text(bind_of(insert.columns.of_owner), row.owner);
    }
    insert.statement.run();
  }

  void build(const std::function<void(std::size_t, std::size_t)>& progress) {
    connection_->execute("COMMIT");
    const std::size_t all = schema_.indexes.size();
    for (std::size_t done = 0; done < all; ++done) {
      progress(done, all);
      connection_->execute(sqlite_index_sql(schema_.indexes[done]));
    }
    progress(all, all);
    connection_->execute("PRAGMA analysis_limit=" + std::to_string(analysis_rows_per_index) + "; ANALYZE");
    connection_->execute("PRAGMA locking_mode=NORMAL; PRAGMA journal_mode=WAL");
    inserts_.clear();
    connection_.reset();
  }

  void put_in_place() { file_.put_in_place(); }

 private:
  struct Insert {
    LoadColumns columns;
    SqliteStatement statement;
  };

  static int bind_of(std::size_t column) { return static_cast<int>(column) + 1; }

  Insert& insert_of(const model::Resource& resource) {
    if (last_resource_ == &resource) return *last_insert_;
    auto found = inserts_.find(&resource);
    if (found == inserts_.end()) found = inserts_.emplace(&resource, make_insert(resource)).first;
    last_resource_ = &resource;
    last_insert_ = &found->second;
    return found->second;
  }

  Insert make_insert(const model::Resource& resource) {
    LoadColumns columns(resource);
    std::string sql = "INSERT INTO " + quoted_name(resource.table) + " (";
    std::string values;
    for (const std::string& column : columns.names) {
      sql += (values.empty() ? "" : ", ") + quoted_name(column);
      values += values.empty() ? "?" : ", ?";
    }
    sql += ") VALUES (" + values + ")";
    return {std::move(columns), SqliteStatement(*connection_, sql)};
  }

  Schema schema_;
  LoadingFile file_;  // outlives the connection: what SQLite leaves beside it is removed after
  std::optional<SqliteConnection> connection_;
  std::unordered_map<const model::Resource*, Insert> inserts_;
  const model::Resource* last_resource_ = nullptr;
  Insert* last_insert_ = nullptr;
};

SqliteFileLoader::SqliteFileLoader(const model::Api& api, const std::filesystem::path& file)
    : impl_(std::make_unique<Impl>(api, file)) {}

SqliteFileLoader::~SqliteFileLoader() = default;

void SqliteFileLoader::add(const LoadRow& row) {
  impl_->add(row);
}

void SqliteFileLoader::build(const std::function<void(std::size_t, std::size_t)>& progress) {
  impl_->build(progress);
}

void SqliteFileLoader::put_in_place() {
  impl_->put_in_place();
}

SqliteLoader::SqliteLoader(const model::Api& api, const std::filesystem::path& directory) : directory_(directory) {
  std::filesystem::create_directories(directory);
  for (const model::Mode mode : {model::Mode::Production, model::Mode::Sandbox}) {
    files_[static_cast<std::size_t>(mode)].emplace(api, database_file(directory, mode));
  }
}

void SqliteLoader::add(const LoadRow& row) {
  files_[static_cast<std::size_t>(row.mode)]->add(row);
}

void SqliteLoader::finish(const Progress& progress) {
  for (const model::Mode mode : {model::Mode::Production, model::Mode::Sandbox}) {
    files_[static_cast<std::size_t>(mode)]->build(
        [&](std::size_t done, std::size_t all) { progress(mode, done, all); });
  }
  for (auto& file : files_) file->put_in_place();
  for (auto& file : files_) file.reset();
}

BulkLoader::Made SqliteLoader::made(model::Mode mode) {
  const std::filesystem::path file = database_file(directory_, mode);
  return {.name = file.string(), .bytes = std::filesystem::file_size(file)};
}

}  // namespace portico::store
