#include "store/bulk_loader.hpp"

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
#include "store/sqlite_connection.hpp"

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

class BulkLoader::Impl {
 public:
  Impl(const model::Api& api, const fs::path& target) : schema_(sqlite_schema(api)), file_(absent(target)) {
    connection_.emplace(file_.path(), SqliteOptions{.mode = OpenMode::Create,
                                                    .durability = Durability::None,
                                                    .cache_bytes = load_cache_bytes,
                                                    .mmap_bytes = load_mmap_bytes});
    connection_->execute("PRAGMA threads=" + std::to_string(sort_threads));
    for (const auto& table : schema_.tables) connection_->execute(table.sql);
    connection_->execute("BEGIN EXCLUSIVE");
  }

  void add(const model::Resource& resource, std::string_view owner, std::span<const base::Cell> cells) {
    Insert& insert = insert_of(resource);
    if (cells.size() != insert.bind_of_leaf.size()) {
      throw std::logic_error("resource " + resource.name + " has " + std::to_string(insert.bind_of_leaf.size()) +
                             " leaves, a row with " + std::to_string(cells.size()) + " cells was given");
    }
    for (std::size_t leaf = 0; leaf < cells.size(); ++leaf) {
      if (const int index = insert.bind_of_leaf[leaf]; index != 0) insert.statement.bind(index, cells[leaf]);
    }
    if (insert.bind_of_owner != 0) insert.statement.bind_text(insert.bind_of_owner, owner);
    insert.statement.run();
  }

  void finish(const std::function<void(std::size_t, std::size_t)>& progress) {
    connection_->execute("COMMIT");
    const std::size_t all = schema_.indexes.size();
    for (std::size_t done = 0; done < all; ++done) {
      progress(done, all);
      connection_->execute(schema_.indexes[done].sql);
    }
    progress(all, all);
    connection_->execute("PRAGMA analysis_limit=" + std::to_string(analysis_rows_per_index) + "; ANALYZE");
    connection_->execute("PRAGMA locking_mode=NORMAL; PRAGMA journal_mode=WAL");
    inserts_.clear();
    connection_.reset();
    file_.put_in_place();
  }

 private:
  struct Insert {
    SqliteStatement statement;
    std::vector<int> bind_of_leaf;  // 0: another leaf fills the column
    int bind_of_owner = 0;          // 0: a leaf fills it
  };

  Insert& insert_of(const model::Resource& resource) {
    if (last_resource_ == &resource) return *last_insert_;
    auto found = inserts_.find(&resource);
    if (found == inserts_.end()) found = inserts_.emplace(&resource, make_insert(resource)).first;
    last_resource_ = &resource;
    last_insert_ = &found->second;
    return found->second;
  }

  Insert make_insert(const model::Resource& resource) {
    std::vector<std::string> columns;
    std::unordered_map<std::string, int> binds;
    std::vector<int> bind_of_leaf;
    const auto bind_for = [&](const std::string& column) {
      if (!binds.emplace(column, static_cast<int>(columns.size()) + 1).second) return 0;
      columns.push_back(column);
      return static_cast<int>(columns.size());
    };
    for (const auto& leaf : resource.leaves) bind_of_leaf.push_back(bind_for(leaf.column));
    const int bind_of_owner = resource.owner_column.empty() ? 0 : bind_for(resource.owner_column);

    std::string sql = "INSERT INTO " + quoted_name(resource.table) + " (";
    std::string values;
    for (const auto& column : columns) {
      sql += (values.empty() ? "" : ", ") + quoted_name(column);
      values += values.empty() ? "?" : ", ?";
    }
    sql += ") VALUES (" + values + ")";
    return {SqliteStatement(*connection_, sql), std::move(bind_of_leaf), bind_of_owner};
  }

  Schema schema_;
  LoadingFile file_;  // outlives the connection: what SQLite leaves beside it is removed after
  std::optional<SqliteConnection> connection_;
  std::unordered_map<const model::Resource*, Insert> inserts_;
  const model::Resource* last_resource_ = nullptr;
  Insert* last_insert_ = nullptr;
};

BulkLoader::BulkLoader(const model::Api& api, std::filesystem::path file)
    : impl_(std::make_unique<Impl>(api, file)) {}

BulkLoader::~BulkLoader() = default;

void BulkLoader::add(const model::Resource& resource, std::string_view owner, std::span<const base::Cell> cells) {
  impl_->add(resource, owner, cells);
}

void BulkLoader::finish(const std::function<void(std::size_t, std::size_t)>& progress) {
  impl_->finish(progress);
}

}  // namespace portico::store
