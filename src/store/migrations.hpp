#pragma once

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

#include "model/api.hpp"

namespace portico::store {

/// A PostgreSQL database: a URL (`postgres://…`) or libpq's key=value words.
struct PostgresAddress {
  std::string text;
};

/// Where the tables are: SQLite, a store's directory (or the file itself of a database that others made), or
/// PostgreSQL.
using SchemaTarget = std::variant<std::filesystem::path, PostgresAddress>;

/// What making a change would do to the rows that are there.
enum class Effect : std::uint8_t {
  Harmless,
  LosesData,   ///< columns, tables, or a part of the values are gone after
  Impossible,  ///< the rows lack a value, or hold one, that the change cannot do with; Change::advice says what helps
};
[[nodiscard]] std::string_view name_of(Effect effect);  ///< `harmless`, `loses data`, `impossible`

/// One thing in which a database differs from what the description needs.
struct Change {
  std::string place;             ///< `production`, `sandbox`, or `keys` (PostgreSQL)
  std::string what;              ///< in words: `table orders is made`
  std::vector<std::string> sql;  ///< what does it, in order
  Effect effect = Effect::Harmless;
  std::string advice = {};  ///< what to know, or to do first; may be empty
  bool operator==(const Change&) const = default;
};

/// Something that is there and that the description does not have: never touched unless Unused::Drop is asked for.
struct Remark {
  std::string place;
  std::string what;
  bool operator==(const Remark&) const = default;
};

/// What the database and the description differ in. The changes stand in the order to make them.
struct Difference {
  std::vector<Change> changes;
  std::vector<Remark> remarks;
};

/// What becomes of tables, columns and indexes that the description does not have.
enum class Unused : std::uint8_t { Leave, Drop };

/// The changes that somebody has seen and agreed to.
struct Agreement {
  Difference difference;
  Unused unused = Unused::Leave;    ///< as pending_changes was asked
  Effect worst = Effect::Harmless;  ///< worse changes are left out; never Impossible
};

/// Why a migration was not made; nothing has changed then, but for what apply_changes says.
class MigrationError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Reads both databases, or schemas. A file or schema that is missing lacks everything. Changes nothing. Throws
/// MigrationError where the database was made by others (`database: {existing: true}`), SqliteError or PostgresError
/// where it cannot be read.
[[nodiscard]] Difference pending_changes(const model::Api& api, const SchemaTarget& target,
                                         Unused unused = Unused::Leave);

/// Makes the agreed changes, each database in one transaction: PostgreSQL as a whole; SQLite production.db, then
/// sandbox.db. Waits for another migration to end; throws MigrationError where the difference is then no longer the
/// agreed one, or a change is impossible. Creates directory and files that are missing. Throws SqliteError or
/// PostgresError; what was committed before (production.db) stays. How many changes were made.
std::size_t apply_changes(const model::Api& api, const SchemaTarget& target, const Agreement& agreement);

/// Throws std::runtime_error that lists what is missing and how to get it, unless every table and column that the
/// description names is there, can be read, and (where the database is ours) is of its type. A missing index only
/// costs time and is no reason not to serve.
void require_schema(const model::Api& api, const SchemaTarget& target);

}  // namespace portico::store
