#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace portico::store {

/// What a column's values are, whatever its database calls them.
enum class ColumnKind : std::uint8_t {
  Integer,         ///< whole numbers of 64 bits
  Decimal,         ///< `scale` digits behind the point, `precision` in all
  Number,          ///< floating, or with digits without end
  Boolean,         ///< PostgreSQL's own; in SQLite 0 and 1
  Instant,         ///< PostgreSQL's `timestamptz`; in SQLite microseconds since 1970
  LocalTimestamp,  ///< without a zone; in SQLite text: `2005-05-24 22:53:30`
  EpochSeconds,    ///< seconds since 1970, in a number column that its declaration calls a time
  Date,            ///< PostgreSQL's own; in SQLite text: `2005-05-24`
  Text,
  TextLike,    ///< compared as its text: uuid, citext, char(n); in SQLite texts and numbers in one column
  Enum,        ///< one of `labels`, of a type of its own
  Json,        ///< PostgreSQL's json and jsonb; in SQLite text that is JSON
  Array,       ///< of PostgreSQL
  Binary,      ///< bytes
  Opaque,      ///< anything else that has a text of its own: interval, inet, a range
  Unreadable,  ///< what no text should be made of: tsvector, geometry
};

/// How many bytes of an example are kept.
inline constexpr std::size_t example_bytes = 60;

struct Column {
  std::string name;
  std::string declared_type;  ///< as the database writes it: `character varying(50)`; empty where SQLite has none
  ColumnKind kind = ColumnKind::Text;
  bool nullable = true;
  std::optional<std::int64_t> length = {};     ///< texts: characters at most
  std::optional<std::int64_t> precision = {};  ///< Decimal
  std::int64_t scale = 0;                      ///< Decimal
  std::string default_expression = {};         ///< SQL; empty: none
  std::string comment = {};
  bool has_immutable_text = true;           ///< PostgreSQL: so that an index can hold it
  bool has_immutable_day = true;            ///< the same of its date
  std::vector<std::string> labels = {};     ///< Enum, or what a check lists: the only values, in their order
  std::optional<std::string> example = {};  ///< a value there, as text; cut where it is long
};

struct ForeignKey {
  std::vector<std::string> columns = {};
  std::string schema = {};  ///< of `table`; empty in SQLite
  std::string table;
  std::vector<std::string> target_columns = {};  ///< as many as `columns`
};

struct Index {
  std::vector<std::string> columns;  ///< those before the first expression
  bool is_unique = false;            ///< over exactly `columns`, of all rows
  bool is_bytewise = true;           ///< serves the order of the first column's bytes, not some language's
};

/// A table or a view.
struct Table {
  enum class Kind : std::uint8_t { Table, View };
  Kind kind = Kind::Table;
  std::string unindexable = {};  ///< what it is, where no index can be made on it: `view`, `foreign table`
  std::string schema;            ///< empty in SQLite
  std::string name;
  std::string comment = {};
  std::vector<Column> columns = {};
  std::vector<std::string> primary_key = {};
  std::vector<ForeignKey> foreign_keys = {};
  std::vector<Index> indexes = {};       ///< those of keys and unique constraints too; none that is partial
  std::vector<std::string> checks = {};  ///< SQL
  std::int64_t rows = 0;                 ///< about
  bool rows_are_more = false;            ///< `rows` were counted, and there are more
  /// Columns without null that hold no value twice, in all rows as they are now; looked for where no key is declared
  /// and there are few rows.
  std::vector<std::string> seen_unique = {};

  [[nodiscard]] const Column* find_column(std::string_view column) const;
};

/// What cannot be served, and why not.
struct LeftOut {
  std::string schema;
  std::string name;
  std::string reason;
};

/// What a database says of itself.
struct Catalog {
  std::string database;              ///< a name for people
  std::vector<std::string> schemas;  ///< PostgreSQL: those asked for, in that order
  std::vector<Table> tables;         ///< by schema and name
  std::vector<LeftOut> left_out = {};
  std::vector<std::string> names = {};  ///< SQLite: those of indexes too, which no other index can have

  [[nodiscard]] const Table* find_table(std::string_view schema, std::string_view table) const;
};

/// A database that cannot be read, or not what it was taken for; the words say what would be right.
class IntrospectionError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// How many rows of a table are looked at, at each end, and how many are counted.
inline constexpr std::int64_t rows_looked_at = 10'000;

/// Reads a SQLite file without changing it; types are told by declaration and by the values there. Throws
/// IntrospectionError or SqliteError.
[[nodiscard]] Catalog introspect_sqlite(const std::filesystem::path& file);

struct PostgresCatalogQuery {
  std::string address;               ///< as PostgresConnection takes it
  std::vector<std::string> schemas;  ///< empty: public
};
/// Reads a PostgreSQL database's schemas, in a transaction that is read-only. Throws IntrospectionError or
/// PostgresError.
[[nodiscard]] Catalog introspect_postgres(const PostgresCatalogQuery& query);

/// What a check on one column lists as its only values.
struct ListedValues {
  std::string column;
  std::vector<std::string> values;  ///< texts without their quotes, numbers as written
};
/// Reads `CHECK (col IN ('a', 'b'))`, `col = ANY (ARRAY[…])`, `col = 'a' OR col = 'b'`, each also with
/// `OR col IS NULL`; what stands before the first parenthesis is skipped. Nothing for any other check, or
/// for a single value.
[[nodiscard]] std::optional<ListedValues> listed_values(std::string_view check);

/// The checks in a CREATE TABLE statement of SQLite, as they stand there: `(length(name) > 2)`.
[[nodiscard]] std::vector<std::string> checks_in(std::string_view create_table);

}  // namespace portico::store
