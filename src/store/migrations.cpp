#include "store/migrations.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <unistd.h>

#include "store/schema.hpp"
#include "store/sqlite_access.hpp"
#include "store/sqlite_connection.hpp"

namespace portico::store {
namespace {

constexpr std::array<model::Mode, 2> modes = {model::Mode::Production, model::Mode::Sandbox};

/// What one database has; of a file that is not there: nothing.
class Catalogue {
 public:
  explicit Catalogue(const std::filesystem::path& file) {
    if (std::filesystem::exists(file)) connection_.emplace(file, SqliteOptions{.mode = OpenMode::ReadOnly});
  }

  [[nodiscard]] bool has_object(const std::string& name) {
    return found("SELECT 1 FROM sqlite_schema WHERE name = ?1 COLLATE NOCASE", {name});
  }
  [[nodiscard]] bool has_column(const std::string& table, const std::string& column) {
    return found("SELECT 1 FROM pragma_table_info(?1) WHERE name = ?2 COLLATE NOCASE", {table, column});
  }

 private:
  bool found(std::string_view sql, const std::vector<base::Value>& binds) {
    if (!connection_) return false;
    SqliteStatement query(*connection_, sql);
    query.bind_all(binds);
    return query.step();
  }
  std::optional<SqliteConnection> connection_;
};

/// The columns that a resource reads and its table lacks, as `table.column`.
std::vector<std::string> missing_columns(const model::Resource& resource, Catalogue& catalogue) {
  std::vector<std::string> missing;
  const auto look = [&](const std::string& column) {
    if (!catalogue.has_column(resource.table, column)) missing.push_back(resource.table + "." + column);
  };
  for (const model::Leaf& leaf : resource.leaves) look(leaf.column);
  look(resource.owner_column);
  return missing;
}

void add_missing(const std::vector<SchemaObject>& objects, std::string_view kind, model::Mode mode,
                 Catalogue& catalogue, std::vector<Change>& changes) {
  for (const SchemaObject& object : objects) {
    if (catalogue.has_object(object.name)) continue;
    changes.push_back({.mode = mode, .what = std::string(kind) + " " + object.name, .sql = object.sql});
  }
}

}  // namespace

std::vector<Change> pending_changes(const model::Api& api, const std::filesystem::path& directory) {
  const Schema schema = sqlite_schema(api);
  std::vector<Change> changes;
  for (const model::Mode mode : modes) {
    Catalogue catalogue(database_file(directory, mode));
    add_missing(schema.tables, "table", mode, catalogue, changes);
    for (const auto& resource : api.resources) {
      if (!catalogue.has_object(resource->table)) continue;  // it is made whole
      for (const std::string& column : missing_columns(*resource, catalogue)) {
        const std::string name = column.substr(resource->table.size() + 1);
        changes.push_back({.mode = mode, .what = "column " + column, .sql = add_column_sql(*resource, name)});
      }
    }
    add_missing(schema.indexes, "index", mode, catalogue, changes);
  }
  return changes;
}

namespace {

/// Makes the file, for its owner alone, before SQLite would make it for everybody.
void make_private_file(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) throw std::system_error(errno, std::generic_category(), file.string());
  ::close(descriptor);
}

}  // namespace

void apply_changes(const std::vector<Change>& changes, const std::filesystem::path& directory) {
  std::filesystem::create_directories(directory);
  for (const model::Mode mode : modes) {
    make_private_file(database_file(directory, mode));
    SqliteConnection connection(database_file(directory, mode), {.mode = OpenMode::Create});
    connection.execute("BEGIN IMMEDIATE");
    for (const Change& change : changes) {
      if (change.mode == mode) connection.execute(change.sql);
    }
    connection.execute("COMMIT");  // what failed above was rolled back when the connection closed
  }
}

void require_schema(const model::Api& api, const std::filesystem::path& directory) {
  std::string missing;
  for (const model::Mode mode : modes) {
    const auto file = database_file(directory, mode);
    Catalogue catalogue(file);
    for (const auto& resource : api.resources) {
      const auto lacks = catalogue.has_object(resource->table) ? missing_columns(*resource, catalogue)
                                                               : std::vector<std::string>{"table " + resource->table};
      for (const std::string& what : lacks) missing += "\n  " + file.string() + ": " + what;
    }
  }
  if (missing.empty()) return;
  throw std::runtime_error(
      "the database lacks what the description needs; `portico migrate` shows it, and makes it with --yes:" +
      missing);
}

}  // namespace portico::store
