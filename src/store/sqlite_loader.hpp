#pragma once

#include <array>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

#include "store/bulk_loader.hpp"

namespace portico::store {

/// Fills one new SQLite database: a file made beside the target and renamed into place when whole, so that a load
/// that is stopped leaves nothing. One thread. Throws SqliteError, or std::runtime_error on failures of the disk.
class SqliteFileLoader {
 public:
  /// Creates the tables that `api` needs (see store/schema.hpp) in a new file that will become `file`.
  SqliteFileLoader(const model::Api& api, const std::filesystem::path& file);
  ~SqliteFileLoader();  ///< without put_in_place(): removes what was made
  SqliteFileLoader(const SqliteFileLoader&) = delete;
  SqliteFileLoader& operator=(const SqliteFileLoader&) = delete;

  void add(const LoadRow& row);  ///< LoadRow::mode is the caller's affair
  /// Builds the indexes, calling `progress(done, all)` before each and at the end, and gathers statistics.
  void build(const std::function<void(std::size_t, std::size_t)>& progress);
  /// Syncs and renames; after build().
  void put_in_place();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// Both databases of a store's directory.
class SqliteLoader final : public BulkLoader {
 public:
  /// Makes the directory where it is missing.
  SqliteLoader(const model::Api& api, const std::filesystem::path& directory);

  void add(const LoadRow& row) override;
  void finish(const Progress& progress) override;
  [[nodiscard]] Made made(model::Mode mode) override;

 private:
  const std::filesystem::path directory_;
  std::array<std::optional<SqliteFileLoader>, 2> files_;  // by mode
};

}  // namespace portico::store
