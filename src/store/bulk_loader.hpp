#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/value.hpp"
#include "model/api.hpp"
#include "store/migrations.hpp"

namespace portico::store {

/// A row on its way into a database.
struct LoadRow {
  model::Mode mode = model::Mode::Production;
  const model::Resource& resource;
  std::string_view owner;  ///< for the owner column, unless that is itself a leaf's
  std::span<const base::Cell>
      cells;  ///< Resource::leaves, in order, as base::Value says; those of joins are left out
};

/// Fills new tables quickly, of production and the sandbox: rows first, indexes after; all appear in finish(), or
/// nothing of them is left. Tables that are there are never touched. One thread. Throws std::runtime_error on
/// failures of the disk or the database, and for values that a column does not take.
class BulkLoader {
 public:
  /// How many of all indexes of a mode are made.
  using Progress = std::function<void(model::Mode mode, std::size_t done, std::size_t all)>;
  struct Made {
    std::string name;  ///< for people: the file, the schema
    std::uint64_t bytes = 0;
  };

  virtual ~BulkLoader() = default;  ///< without finish(): removes what was made
  BulkLoader(const BulkLoader&) = delete;
  BulkLoader& operator=(const BulkLoader&) = delete;

  virtual void add(const LoadRow& row) = 0;
  /// Builds the indexes, calling `progress` before each and at the end of each mode, gathers statistics, and puts all
  /// in place.
  virtual void finish(const Progress& progress) = 0;
  /// After finish().
  [[nodiscard]] virtual Made made(model::Mode mode) = 0;

 protected:
  BulkLoader() = default;
};

/// Makes the tables that `api`, which must live as long, needs: in new files of the directory, or in schemas of the
/// PostgreSQL database, with the table for keys. Throws std::runtime_error where there are some already.
[[nodiscard]] std::unique_ptr<BulkLoader> make_bulk_loader(const model::Api& api, const SchemaTarget& target);

/// Where a row's cells go. Several leaves may share a column, which the first one fills.
struct LoadColumns {
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  std::vector<std::string> names;
  std::vector<std::size_t> of_leaf;  ///< index into `names`; none: not this leaf
  std::size_t of_owner = none;

  explicit LoadColumns(const model::Resource& resource);
  /// Throws std::logic_error unless the row has a cell for each leaf.
  void require_fit(const LoadRow& row) const;
};

}  // namespace portico::store
