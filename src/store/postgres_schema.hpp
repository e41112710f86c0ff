#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "store/schema_writer.hpp"

namespace portico::store {

/// The schema that holds a mode's tables, where production's is `production`: `portico`, `portico_sandbox`.
[[nodiscard]] std::string postgres_schema(std::string_view production, model::Mode mode);

/// `"schema"."name"`.
[[nodiscard]] std::string postgres_name(std::string_view schema, std::string_view name);

/// `text COLLATE "C"`: how a column of that type is declared.
[[nodiscard]] std::string_view postgres_type(ColumnType type);

/// Of one schema, whose name is written out everywhere: no search_path is relied on.
class PostgresSchemaWriter final : public SchemaWriter {
 public:
  explicit PostgresSchemaWriter(std::string schema) : schema_(std::move(schema)) {}

  [[nodiscard]] std::string create_schema() const override;
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
  [[nodiscard]] Change change_type(const std::string& table, const ColumnChange& column) const;
  [[nodiscard]] Change change_nullability(const std::string& table, const ColumnChange& column) const;
  [[nodiscard]] std::string alter_column(const std::string& table, const std::string& column) const;

  const std::string schema_;
};

}  // namespace portico::store
