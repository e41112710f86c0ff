#pragma once

#include <string>
#include <vector>

#include "store/migrations.hpp"
#include "store/present_schema.hpp"
#include "store/schema.hpp"

namespace portico::store {

/// A column that is there, and what it ought to be. One that is left over from another description keeps its type.
struct ColumnChange {
  const PresentColumn& present;
  const WantedColumn& wanted;
  std::int64_t nulls = 0;  ///< rows without a value in it; counted only where it may no longer be null
  bool is_left_over = false;
  [[nodiscard]] bool changes_nullability() const { return present.nullable != wanted.nullable; }
};

/// The SQL of one store for one database, or one schema of it. Two implementations: SqliteSchemaWriter and
/// PostgresSchemaWriter.
class SchemaWriter {
 public:
  virtual ~SchemaWriter() = default;
  SchemaWriter(const SchemaWriter&) = delete;
  SchemaWriter& operator=(const SchemaWriter&) = delete;

  /// What makes the schema itself; empty on SQLite, where the file is all there is to it.
  [[nodiscard]] virtual std::string create_schema() const = 0;
  [[nodiscard]] virtual std::string create_table(const WantedTable& table) const = 0;
  [[nodiscard]] virtual std::string add_column(const std::string& table, const WantedColumn& column) const = 0;
  [[nodiscard]] virtual std::string create_index(const WantedIndex& index) const = 0;
  [[nodiscard]] virtual std::string drop_index(const PresentTable& table, const PresentIndex& index) const = 0;
  [[nodiscard]] virtual std::string drop_column(const std::string& table, const std::string& column) const = 0;
  [[nodiscard]] virtual std::string drop_table(const std::string& table) const = 0;
  /// The table as statements name it.
  [[nodiscard]] virtual std::string quoted_table(const std::string& table) const = 0;

  /// Whether the column is of the type that a migration would give it.
  [[nodiscard]] virtual bool is_of_type(const PresentColumn& column, ColumnType type) const = 0;
  /// What changes columns of a table; Change::place is left empty.
  [[nodiscard]] virtual std::vector<Change> alter(const PresentTable& table,
                                                  const std::vector<ColumnChange>& columns) = 0;
  /// What to know before an index is made over rows that are there.
  [[nodiscard]] virtual std::string index_advice(const std::string& table) const = 0;

 protected:
  SchemaWriter() = default;
};

/// Shared by both: what to do about a column that may no longer be null while rows have no value in it.
struct NullRows {
  const std::string& quoted_table;
  const std::string& column;
  std::int64_t rows = 0;
};
[[nodiscard]] std::string advice_on(const NullRows& nulls);

/// What rows have that is none of the column's new type: `2 rows have something else there: 'x', 'y'`.
[[nodiscard]] std::string advice_on(const Catalogue::Strays& strays);

/// Shared by both: why a column that is left over may be null.
[[nodiscard]] std::string advice_on_left_over(const std::string& column);

}  // namespace portico::store
