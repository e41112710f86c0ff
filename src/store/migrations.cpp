#include "store/migrations.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <iterator>
#include <set>
#include <system_error>
#include <unistd.h>

#include "store/own_schema.hpp"
#include "store/postgres_access.hpp"
#include "store/postgres_catalogue.hpp"
#include "store/postgres_schema.hpp"
#include "store/schema_difference.hpp"
#include "store/sqlite_access.hpp"
#include "store/sqlite_schema.hpp"
#include "store/webhook_secrets.hpp"

namespace portico::store {
namespace {

constexpr std::array<model::Mode, 2> modes = {model::Mode::Production, model::Mode::Sandbox};
constexpr std::string_view keys_place = "keys";

/// How long somebody who writes, or another migration, is waited for.
constexpr std::chrono::milliseconds sqlite_lock_wait_max{30'000};
/// How long a statement waits for a table that others use. Whoever comes after it waits behind it: so not for long.
constexpr std::chrono::milliseconds postgres_lock_wait_max{5'000};

void require_ours(const model::Api& api) {
  if (!api.database.existing) return;
  throw MigrationError(
      "the description says `database: {existing: true}`: others made these tables, and Portico changes nothing in "
      "them. What is missing is for them to add, or for the description to leave out");
}

/// What is done in the database, in its order, and nothing that must wait for a yes. Throws MigrationError.
std::vector<Change> chosen_of(const Agreement& agreement, const std::vector<Change>& found) {
  const auto& agreed = agreement.difference.changes;
  if (found.empty()) return {};  // somebody made them meanwhile
  if (found != agreed) {
    throw MigrationError("the database has changed since its changes were shown: nothing was done; look at it again");
  }
  std::vector<Change> chosen;
  for (const Change& change : agreed) {
    if (change.effect <= agreement.worst) chosen.push_back(change);
  }
  return chosen;
}

void require_possible(const std::vector<Change>& changes) {
  std::string words;
  for (const Change& change : changes) {
    if (change.effect != Effect::Impossible) continue;
    words += "\n  " + change.place + ": " + change.what + ": " + change.advice;
  }
  if (!words.empty()) throw MigrationError("nothing was done, because not all of it can be:" + words);
}

// --- SQLite

/// Makes the file, for its owner alone, before SQLite would make it for everybody.
void make_private_file(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) throw std::system_error(errno, std::generic_category(), file.string());
  ::close(descriptor);
}

Difference sqlite_difference(const Schema& wanted, model::Mode mode, Unused unused, SqliteCatalogue& catalogue) {
  SqliteSchemaWriter writer(catalogue);
  Difference difference;
  compare({.place = std::string(name_of(mode)),
           .schema = {},
           .wanted = wanted,
           .catalogue = catalogue,
           .writer = writer,
           .unused = unused},
          difference);
  return difference;
}

Difference sqlite_changes(const model::Api& api, const std::filesystem::path& directory, Unused unused) {
  const Schema wanted = wanted_schema(api, plan::SqlFlavor::Sqlite);
  Difference all;
  for (const model::Mode mode : modes) {
    SqliteConnection connection = opened_to_look(database_file(directory, mode));
    SqliteCatalogue catalogue(connection);
    Difference difference = sqlite_difference(wanted, mode, unused, catalogue);
    std::move(difference.changes.begin(), difference.changes.end(), std::back_inserter(all.changes));
    std::move(difference.remarks.begin(), difference.remarks.end(), std::back_inserter(all.remarks));
  }
  return all;
}

std::size_t apply_to_file(const Schema& wanted, const std::filesystem::path& file, model::Mode mode,
                          const Agreement& agreement) {
  make_private_file(file);
  SqliteConnection connection(file, {.mode = OpenMode::Create, .busy_timeout = sqlite_lock_wait_max});
  // A table that takes another's name takes its place in views and triggers, too, and so it does not touch them.
  connection.execute("PRAGMA legacy_alter_table=ON; PRAGMA foreign_keys=OFF");
  connection.execute("BEGIN IMMEDIATE");
  SqliteCatalogue catalogue(connection);
  const auto chosen = chosen_of(agreement, sqlite_difference(wanted, mode, agreement.unused, catalogue).changes);
  for (const Change& change : chosen) {
    for (const std::string& sql : change.sql) connection.execute(sql);
  }
  connection.execute("COMMIT");  // what failed above was rolled back when the connection closed
  return chosen.size();
}

std::size_t apply_to_directory(const model::Api& api, const std::filesystem::path& directory,
                               const Agreement& agreement) {
  std::filesystem::create_directories(directory);
  const Schema wanted = wanted_schema(api, plan::SqlFlavor::Sqlite);
  std::size_t made = 0;
  for (const model::Mode mode : modes) {
    Agreement of_mode{.difference = {}, .unused = agreement.unused, .worst = agreement.worst};
    for (const Change& change : agreement.difference.changes) {
      if (change.place == name_of(mode)) of_mode.difference.changes.push_back(change);
    }
    made += apply_to_file(wanted, database_file(directory, mode), mode, of_mode);
  }
  return made;
}

// --- PostgreSQL

Difference postgres_difference(const model::Api& api, PostgresConnection& connection, Unused unused) {
  const Schema wanted = wanted_schema(api, plan::SqlFlavor::Postgres);
  std::set<std::string> schemas = {api.database.schema};
  for (const WantedTable& table : wanted.tables) schemas.insert(table.schema);
  Difference difference;
  for (const model::Mode mode : modes) {
    for (const std::string& schema : schemas) {
      PostgresCatalogue catalogue(connection, postgres_schema(schema, mode));
      PostgresSchemaWriter writer(postgres_schema(schema, mode));
      compare({.place = std::string(name_of(mode)),
               .schema = schema,
               .wanted = wanted,
               .catalogue = catalogue,
               .writer = writer,
               .unused = unused},
              difference);
    }
  }
  const std::string& own = api.database.schema;
  const auto is_missing = [&](const std::string& table) {
    const std::array<base::Value, 1> name = {table};
    return connection.run("SELECT to_regclass($1)", name).is_null(0, 0);
  };
  const std::array<base::Value, 1> keys = {keys_table(own)};
  const bool lacks_column = connection.run(find_token_column_sql, keys).rows() == 0;
  if (lacks_column || is_missing(tokens_table(own)) || is_missing(maintenance_table(own))) {
    difference.changes.push_back(
        {.place = std::string(keys_place),
         .what = is_missing(keys_table(own)) ? "the tables of keys, access tokens and maintenance are made"
                                             : "the tables of keys, access tokens and maintenance get what they lack",
         .sql = access_tables_sql(own)});
  }
  if (api.has_webhooks() && is_missing(webhook_secrets_table(own))) {
    difference.changes.push_back({.place = std::string(keys_place),
                                  .what = "the table of webhooks' secrets is made",
                                  .sql = webhook_secrets_table_sql(api.database.schema)});
  }
  if (api.extensions && is_missing(own_table(own, last_own_index))) {
    difference.changes.push_back({.place = std::string(keys_place),
                                  .what = "the tables of users and extensions are made",
                                  .sql = own_schema_sql(own)});
  }
  return difference;
}

[[noreturn]] void fail_migration(const PostgresError& error, const std::string& sql) {
  constexpr std::string_view lock_not_available = "55P03";
  if (error.sqlstate() != lock_not_available) throw PostgresError(sql + ": " + error.what(), error.sqlstate());
  throw MigrationError("nothing was done: others used what this needs alone for more than " +
                       std::to_string(postgres_lock_wait_max.count() / 1000) +
                       " seconds, and those who came after would have waited longer: " + sql +
                       "\nTry again when no long transaction is under way (pg_stat_activity shows them)");
}

std::size_t apply_to_postgres(const model::Api& api, const std::string& address, const Agreement& agreement) {
  PostgresConnection connection(address);
  connection.run_script("BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0");
  // The lock that making the table of keys takes, too.
  const std::array<base::Value, 1> lock = {access_schema(api.database.schema)};
  connection.run("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", lock);
  const auto chosen = chosen_of(agreement, postgres_difference(api, connection, agreement.unused).changes);
  connection.run_script("SET LOCAL lock_timeout = " + std::to_string(postgres_lock_wait_max.count()));
  for (const Change& change : chosen) {
    for (const std::string& sql : change.sql) {
      try {
        connection.run_script(sql);
      } catch (const PostgresError& error) {
        fail_migration(error, sql);
      }
    }
  }
  connection.run_script("COMMIT");  // what failed above was rolled back when the connection closed
  return chosen.size();
}

}  // namespace

std::string_view name_of(Effect effect) {
  switch (effect) {
    case Effect::Harmless:
      return "harmless";
    case Effect::LosesData:
      return "loses data";
    case Effect::Impossible:
      return "impossible";
  }
  return {};
}

Difference pending_changes(const model::Api& api, const SchemaTarget& target, Unused unused) {
  require_ours(api);
  if (const auto* directory = std::get_if<std::filesystem::path>(&target)) {
    return sqlite_changes(api, *directory, unused);
  }
  PostgresConnection connection(std::get<PostgresAddress>(target).text, SessionAccess::ReadOnly);
  return postgres_difference(api, connection, unused);
}

std::size_t apply_changes(const model::Api& api, const SchemaTarget& target, const Agreement& agreement) {
  require_ours(api);
  require_possible(agreement.difference.changes);
  if (const auto* directory = std::get_if<std::filesystem::path>(&target)) {
    return apply_to_directory(api, *directory, agreement);
  }
  return apply_to_postgres(api, std::get<PostgresAddress>(target).text, agreement);
}

}  // namespace portico::store
