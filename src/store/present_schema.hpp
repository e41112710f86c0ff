#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/schema.hpp"

namespace portico::store {

struct PresentColumn {
  std::string name;
  std::string declared;            ///< its type as the database names it, for messages
  std::optional<ColumnType> type;  ///< nothing: one that no migration makes
  bool nullable = true;
  bool given = false;    ///< a statement that gives it no value leaves that to the database: a default, a counter
  bool own = true;       ///< defined as a migration would, but for its type
  bool readable = true;  ///< by the role that looked

  [[nodiscard]] bool must_be_given() const { return !nullable && !given; }
};

struct PresentIndex {
  std::string name;
  bool unique = false;
  bool usable = true;                ///< its making was finished
  std::vector<IndexColumn> columns;  ///< empty where it is over expressions, partial, or in an order of its own
  std::string constraint;            ///< PostgreSQL: what it belongs to; SQLite: of the table's own definition
  bool primary = false;              ///< of the primary key, whose columns may not be null
};

/// A table, or what else stands under the name of one.
struct PresentTable {
  std::string name;
  std::string kind;  ///< `table`, `view`, …
  std::vector<PresentColumn> columns;
  std::vector<PresentIndex> indexes;

  [[nodiscard]] bool is_table() const { return kind == "table"; }
};

/// What a database, or a schema of one, holds.
struct PresentSchema {
  bool exists = false;
  std::vector<PresentTable> tables;  ///< views too
};

/// Looks into one database, or one schema of it, as its connection sees it now. Throws SqliteError or PostgresError.
/// Two implementations: SqliteCatalogue and PostgresCatalogue.
class Catalogue {
 public:
  struct Columns {
    const std::string& table;
    std::vector<std::string> columns;
  };

  /// What stands in a column and is none of its values, or of those of the type that it is to have.
  struct Strays {
    std::int64_t rows = 0;
    std::vector<std::string> examples = {};  ///< as SQL writes them, a few of them, each once
  };

  virtual ~Catalogue() = default;
  Catalogue(const Catalogue&) = delete;
  Catalogue& operator=(const Catalogue&) = delete;

  [[nodiscard]] virtual PresentSchema read() = 0;
  [[nodiscard]] virtual bool has_rows(const std::string& table) = 0;
  /// Rows in which one of the columns is null.
  [[nodiscard]] virtual std::int64_t nulls(const Columns& columns) = 0;
  /// Values of the columns together, none of them null, that several rows have.
  [[nodiscard]] virtual std::int64_t duplicates(const Columns& columns) = 0;
  /// Values of a column that are no dates, where the database itself cannot tell: SQLite, whose dates are texts. None
  /// of a column of timestamps, each of which has a date.
  [[nodiscard]] virtual Strays no_dates(const std::string& table, const PresentColumn& column) = 0;

 protected:
  Catalogue() = default;
};

}  // namespace portico::store
