#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/value.hpp"
#include "model/api.hpp"

namespace portico::store {

/// Fills a new SQLite database quickly: rows first, indexes after, one file made beside the target and renamed into
/// place when whole, so that a load that is stopped leaves nothing. One thread. Throws std::runtime_error on failures
/// of the disk or the database.
class BulkLoader {
 public:
  /// Creates the tables that `api` needs (see store/schema.hpp) in a new file that will become `file`.
  BulkLoader(const model::Api& api, std::filesystem::path file);
  ~BulkLoader();  ///< without finish(): removes what was made
  BulkLoader(const BulkLoader&) = delete;
  BulkLoader& operator=(const BulkLoader&) = delete;

  /// Adds a row. `cells` are the resource's leaves (Resource::leaves), in order, in the columns' own types
  /// (base::Value says which); `owner` goes into the owner column unless that is itself a leaf's column.
  void add(const model::Resource& resource, std::string_view owner, std::span<const base::Cell> cells);

  /// Builds the indexes, calling `progress(done, all)` before each and at the end, gathers statistics, syncs,
  /// renames.
  void finish(const std::function<void(std::size_t, std::size_t)>& progress);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace portico::store
