#pragma once

#include <string>
#include <vector>

#include "store/schema_writer.hpp"
#include "store/sqlite_catalogue.hpp"

namespace portico::store {

[[nodiscard]] std::string sqlite_table_sql(const WantedTable& table);
[[nodiscard]] std::string sqlite_index_sql(const WantedIndex& index);

/// SQLite changes nothing of a column that is there: the table is made anew beside it, filled from it, and takes its
/// name, with the indexes and triggers that it had.
class SqliteSchemaWriter final : public SchemaWriter {
 public:
  /// `catalogue` must outlive the writer.
  explicit SqliteSchemaWriter(SqliteCatalogue& catalogue) : catalogue_(catalogue) {}

  [[nodiscard]] std::string create_schema() const override { return {}; }
  [[nodiscard]] std::string create_table(const WantedTable& table) const override;
  [[nodiscard]] std::string add_column(const std::string& table, const WantedColumn& column) const override;
  [[nodiscard]] std::string create_index(const WantedIndex& index) const override;
  [[nodiscard]] std::string drop_index(const PresentTable& table, const PresentIndex& index) const override;
  [[nodiscard]] std::string drop_column(const std::string& table, const std::string& column) const override;
  [[nodiscard]] std::string drop_table(const std::string& table) const override;
  [[nodiscard]] std::string quoted_table(const std::string& table) const override;
  [[nodiscard]] bool is_of_type(const PresentColumn& column, ColumnType type) const override;
  [[nodiscard]] std::vector<Change> alter(const PresentTable& table,
                                          const std::vector<ColumnChange>& columns) override;
  [[nodiscard]] std::string index_advice(const std::string& table) const override;

 private:
  SqliteCatalogue& catalogue_;
};

}  // namespace portico::store
