#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/api.hpp"
#include "plan/sql_flavor.hpp"

namespace portico::store {

/// What a column holds. Both stores have a type for each; SQLite's Timestamp is a marked Integer, its Date is its
/// Text.
enum class ColumnType : std::uint8_t { Text, Integer, Boolean, Timestamp, Date, Json, Bytes };

struct WantedColumn {
  std::string name;
  ColumnType type = ColumnType::Text;
  bool nullable = false;
};

struct WantedTable {
  std::string schema;  ///< PostgreSQL: production's; empty on SQLite
  std::string name;
  std::vector<WantedColumn> columns;
  bool is_added_to = false;  ///< by operations of the description: rows are made
  bool is_written = false;   ///< rows are made or changed
};

enum class Uniqueness : std::uint8_t { Plain, Unique, Key };

struct IndexColumn {
  std::string name;
  model::Direction direction = model::Direction::Ascending;
  bool operator==(const IndexColumn&) const = default;
};

struct WantedIndex {
  std::string schema;  ///< its table's
  std::string table;
  std::string name;  ///< at most 60 bytes; no other index or table of the schema has it
  Uniqueness uniqueness = Uniqueness::Plain;
  std::vector<IndexColumn> columns;
};

/// What a description needs of a database, whichever: tables, and the indexes that serve keys, uniqueness, each
/// allowed ordering and each `index: true`, per owner.
struct Schema {
  plan::SqlFlavor flavor = plan::SqlFlavor::Sqlite;
  std::vector<WantedTable> tables;
  std::vector<WantedIndex> indexes;
};

/// Whether clients can change anything by the description: then there is a table of answers, too.
[[nodiscard]] bool declares_changes(const model::Api& api);

/// Whether that is one of the tables that Portico has for itself, beside the resources'.
[[nodiscard]] bool is_own_table(std::string_view name);

/// Precondition: the tables are ours, not those of a database that others made.
[[nodiscard]] Schema wanted_schema(const model::Api& api, plan::SqlFlavor flavor);

/// What holds `type` on a store: one of fewer types on SQLite.
[[nodiscard]] ColumnType stored_type(ColumnType type, plan::SqlFlavor flavor);

/// Whether two names are one: SQLite does not tell the case of ASCII letters apart.
[[nodiscard]] bool same_name(plan::SqlFlavor flavor, std::string_view a, std::string_view b);

}  // namespace portico::store
