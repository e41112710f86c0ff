#include <algorithm>
#include <array>
#include <stdexcept>

#include "store/left_over.hpp"
#include "store/migrations.hpp"
#include "store/postgres_access.hpp"
#include "store/postgres_catalogue.hpp"
#include "store/postgres_schema.hpp"
#include "store/schema.hpp"
#include "store/sqlite_access.hpp"
#include "store/sqlite_catalogue.hpp"

namespace portico::store {
namespace {

/// A column that statements name; its type where the tables are ours.
struct NeededColumn {
  std::string name;
  std::optional<ColumnType> type;
};

struct NeededTable {
  std::string schema;
  std::string name;
  std::vector<NeededColumn> columns;
};

using Needs = std::vector<NeededTable>;

NeededTable& table_in(Needs& needs, const std::string& schema, const std::string& name) {
  const auto found = std::find_if(needs.begin(), needs.end(), [&](const NeededTable& table) {
    return table.schema == schema && table.name == name;
  });
  if (found != needs.end()) return *found;
  return needs.emplace_back(NeededTable{.schema = schema, .name = name, .columns = {}});
}

void need(NeededTable& table, const std::string& column) {
  const auto is_it = [&](const NeededColumn& known) { return known.name == column; };
  if (column.empty() || std::any_of(table.columns.begin(), table.columns.end(), is_it)) return;
  table.columns.push_back({.name = column, .type = {}});
}

/// Every table and column that the description names, of tables that others made.
Needs named_by(const model::Api& api) {
  Needs needs;
  const auto schema_of = [&](const std::string& own) { return own.empty() ? api.database.schema : own; };
  for (const auto& resource : api.resources) {
    const std::string schema = schema_of(resource->schema);
    need(table_in(needs, schema, resource->table), resource->owner_column);
    for (const model::Join& join : resource->joins) {
      need(table_in(needs, schema, resource->table), join.column);
      NeededTable& joined = table_in(needs, schema_of(join.schema), join.table);
      need(joined, join.key_column);
      need(joined, join.owner_column);
    }
    for (const model::Leaf& leaf : resource->leaves) {
      if (leaf.join == 0) {
        need(table_in(needs, schema, resource->table), leaf.column);
      } else if (leaf.is_joined()) {
        const model::Join& join = resource->joins[leaf.join - 1];
        need(table_in(needs, schema_of(join.schema), join.table), leaf.column);
      }
    }
  }
  return needs;
}

Needs made_for(const Schema& wanted) {
  Needs needs;
  for (const WantedTable& table : wanted.tables) {
    NeededTable& needed = needs.emplace_back(NeededTable{.schema = table.schema, .name = table.name, .columns = {}});
    for (const WantedColumn& column : table.columns) needed.columns.push_back({column.name, column.type});
  }
  return needs;
}

/// Whether values of the column are what statements take them for. SQLite's checks are no reason not to serve.
bool reads_as(plan::SqlFlavor flavor, const PresentColumn& column, ColumnType type) {
  if (flavor == plan::SqlFlavor::Postgres) return column.type == type;
  const auto is_number = [](ColumnType kind) {
    return stored_type(kind, plan::SqlFlavor::Sqlite) == ColumnType::Integer || kind == ColumnType::Boolean;
  };
  return column.type && is_number(*column.type) == is_number(type);
}

struct Look {
  plan::SqlFlavor flavor;
  std::string place;  ///< for messages
  const Needs& needs;
  const Schema* wanted = nullptr;  ///< nothing: others made the tables
};

/// By what an earlier description left there, rows that this one allows are refused: an answer of 500, or of 409.
std::vector<std::string> refusals_of(const Schema& schema, const WantedTable& wanted, const PresentTable& present) {
  std::vector<std::string> refusals;
  if (wanted.is_added_to) {
    for (const PresentColumn* column : columns_in_the_way(schema.flavor, wanted, present)) {
      refusals.push_back("column " + present.name + "." + column->name +
                         " may not be null, and the description does not have it");
    }
  }
  if (!wanted.is_written) return refusals;
  for (const PresentIndex& index : present.indexes) {
    if (!is_lapsed_rule(schema, wanted, index)) continue;
    refusals.push_back("index " + index.name + " of " + present.name +
                       " lets no two rows be alike, and the description does");
  }
  return refusals;
}

/// What is missing, a line each.
std::string missing_in(const Look& look, const std::string& schema, Catalogue& catalogue) {
  const PresentSchema present = catalogue.read();
  std::string missing;
  const auto say = [&](const std::string& what) { missing += "\n  " + look.place + ": " + what; };
  const auto same = [&](const std::string& a, const std::string& b) { return same_name(look.flavor, a, b); };
  for (const NeededTable& table : look.needs) {
    if (look.flavor == plan::SqlFlavor::Postgres && table.schema != schema) continue;
    const auto there = std::find_if(present.tables.begin(), present.tables.end(),
                                    [&](const PresentTable& other) { return same(other.name, table.name); });
    if (there == present.tables.end()) {
      say("table " + table.name);
      continue;
    }
    for (const NeededColumn& column : table.columns) {
      const std::string name = table.name + "." + column.name;
      const auto found = std::find_if(there->columns.begin(), there->columns.end(),
                                      [&](const PresentColumn& other) { return same(other.name, column.name); });
      if (found == there->columns.end()) {
        say("column " + name);
      } else if (!found->readable) {
        say("column " + name + " may not be read by this user (GRANT SELECT, and USAGE on the schema)");
      } else if (column.type && !reads_as(look.flavor, *found, *column.type)) {
        say("column " + name + " is " + found->declared + ", and the description says otherwise");
      }
    }
    if (look.wanted == nullptr) continue;
    for (const WantedTable& wanted : look.wanted->tables) {
      if (wanted.schema != table.schema || wanted.name != table.name) continue;
      for (const std::string& refusal : refusals_of(*look.wanted, wanted, *there)) say(refusal);
    }
  }
  return missing;
}

std::string missing_in_file(const std::filesystem::path& file, const Needs& needs, const Schema* wanted = nullptr) {
  const Look look{.flavor = plan::SqlFlavor::Sqlite, .place = file.string(), .needs = needs, .wanted = wanted};
  SqliteConnection connection = opened_to_look(file);
  SqliteCatalogue catalogue(connection);
  return missing_in(look, {}, catalogue);
}

std::string missing_in_sqlite(const model::Api& api, const std::filesystem::path& place) {
  if (api.database.existing) return missing_in_file(place, named_by(api));
  const Schema wanted = wanted_schema(api, plan::SqlFlavor::Sqlite);
  const Needs needs = made_for(wanted);
  return missing_in_file(database_file(place, model::Mode::Production), needs, &wanted) +
         missing_in_file(database_file(place, model::Mode::Sandbox), needs, &wanted);
}

/// The table of access tokens, which a server writes to; an older Portico has not made it.
std::string missing_for_tokens(const model::Api& api, PostgresConnection& connection) {
  if (!api.oauth || api.database.existing) return {};
  const std::array<base::Value, 1> tokens = {tokens_table(api.database.schema)};
  if (!connection.run("SELECT to_regclass($1)", tokens).is_null(0, 0)) return {};
  return "\n  table " + tokens_table(api.database.schema) + " (for `oauth`)";
}

std::string missing_in_postgres(const model::Api& api, const std::string& address) {
  const bool ours = !api.database.existing;
  const Schema wanted = ours ? wanted_schema(api, plan::SqlFlavor::Postgres) : Schema{};
  const Needs needs = ours ? made_for(wanted) : named_by(api);
  std::vector<std::string> schemas;
  for (const NeededTable& table : needs) {
    if (std::find(schemas.begin(), schemas.end(), table.schema) == schemas.end()) schemas.push_back(table.schema);
  }
  PostgresConnection connection(address, SessionAccess::ReadOnly);
  std::string missing = missing_for_tokens(api, connection);
  for (const model::Mode mode : {model::Mode::Production, model::Mode::Sandbox}) {
    if (mode == model::Mode::Sandbox && !api.has_sandbox()) continue;
    for (const std::string& schema : schemas) {
      const std::string name = postgres_schema(schema, mode);
      PostgresCatalogue catalogue(connection, name);
      missing += missing_in({.flavor = plan::SqlFlavor::Postgres,
                             .place = "schema " + name,
                             .needs = needs,
                             .wanted = ours ? &wanted : nullptr},
                            schema, catalogue);
    }
  }
  return missing;
}

}  // namespace

void require_schema(const model::Api& api, const SchemaTarget& target) {
  const auto* path = std::get_if<std::filesystem::path>(&target);
  const std::string missing = path != nullptr ? missing_in_sqlite(api, *path)
                                              : missing_in_postgres(api, std::get<PostgresAddress>(target).text);
  if (missing.empty()) return;
  if (api.database.existing) {
    throw std::runtime_error(
        "the database lacks what the description names (it is only read, so nothing is made "
        "there; correct `table:`, `column:` or `schema:`):" +
        missing);
  }
  throw std::runtime_error(
      "the database lacks what the description needs; `portico migrate` shows it, and makes it with --yes:" +
      missing);
}

}  // namespace portico::store
