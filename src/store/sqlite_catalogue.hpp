#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "store/present_schema.hpp"
#include "store/sqlite_connection.hpp"
#include "store/sqlite_table_text.hpp"

namespace portico::store {

/// What a SQLite file holds.
class SqliteCatalogue final : public Catalogue {
 public:
  /// `connection` must outlive the catalogue.
  explicit SqliteCatalogue(SqliteConnection& connection) : connection_(connection) {}

  [[nodiscard]] PresentSchema read() override;
  [[nodiscard]] bool has_rows(const std::string& table) override;
  [[nodiscard]] std::int64_t nulls(const Columns& columns) override;
  [[nodiscard]] std::int64_t duplicates(const Columns& columns) override;
  [[nodiscard]] Strays no_dates(const std::string& table, const PresentColumn& column) override;

  /// Values that are not null, and for which the expression is; the column and the table stand in it quoted.
  [[nodiscard]] Strays without_equal(const std::string& table, const PresentColumn& column,
                                     const std::string& expression);

  /// The statement that made the table, with what was added since.
  [[nodiscard]] SqliteTableText text_of(const std::string& table);
  /// The statements that make what goes with the table: the indexes that it lists, and its triggers.
  [[nodiscard]] std::vector<std::string> companions_of(const PresentTable& table);
  /// Columns that hold values of their own, in order: all but generated ones.
  [[nodiscard]] std::vector<std::string> stored_columns(const std::string& table);

 private:
  void read_columns(PresentTable& table);
  void read_view(PresentTable& view);
  void read_indexes(PresentTable& table);
  [[nodiscard]] Strays strays(const std::string& table, const std::string& value, const std::string& condition);
  [[nodiscard]] std::int64_t number(const std::string& sql);

  SqliteConnection& connection_;
};

/// A connection that changes nothing; where there is no such file, to an empty database in memory. Throws
/// SqliteError.
[[nodiscard]] SqliteConnection opened_to_look(const std::filesystem::path& file);

}  // namespace portico::store
