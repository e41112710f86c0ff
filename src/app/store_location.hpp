#pragma once

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <variant>

#include "model/api.hpp"
#include "plan/sql_flavor.hpp"
#include "store/accounts.hpp"
#include "store/key_registry.hpp"
#include "store/migrations.hpp"
#include "store/own_tables.hpp"
#include "store/webhook_secrets.hpp"

namespace portico::app {

/// `sqlite:DIRECTORY`: production.db, sandbox.db and access.db, ours.
struct SqliteDirectory {
  std::filesystem::path path;
};
/// `sqlite:FILE`: a database that others made.
struct SqliteFile {
  std::filesystem::path path;
};
/// What `--store` names. PostgreSQL: a URL as libpq reads it, several hosts allowed.
using StoreLocation = std::variant<SqliteDirectory, SqliteFile, store::PostgresAddress>;

/// Takes `--store` apart: a file that is there is a database, anything else behind `sqlite:` a directory, made or to
/// be made. Throws std::runtime_error, saying what would have been right, for anything else.
[[nodiscard]] StoreLocation parse_store(const std::string& store);

/// The same, of a store that must fit the description (`database: {existing: true}` takes a file or PostgreSQL,
/// others a directory or PostgreSQL) and be there, as far as the file system tells: throws where files are missing,
/// and says how to make them.
[[nodiscard]] StoreLocation existing_store(const std::string& store, const model::Api& api);

/// For messages: without passwords.
[[nodiscard]] std::string shown_store(const std::string& store);

[[nodiscard]] plan::SqlFlavor flavor_of(const StoreLocation& location);

/// Where the tables are, as migrations take it.
[[nodiscard]] store::SchemaTarget schema_target(const StoreLocation& location);

/// Where the rows are, as commands read them.
[[nodiscard]] store::DataPlace data_place(const StoreLocation& location);

/// A description, and the store that is to fit it.
struct FittedStore {
  const model::Api& api;
  const StoreLocation& location;
};

/// What `work` gives. Where it fails over a store that lacks tables or columns, that is said in place of a database's
/// own words: throws as store::require_schema does.
template <typename Work>
auto over_schema(const FittedStore& store, const Work& work) -> decltype(work()) {
  try {
    return work();
  } catch (const std::runtime_error&) {
    store::require_schema(store.api, schema_target(store.location));
    throw;
  }
}

/// Where keys are kept: the store itself, unless `--access` says otherwise.
struct KeysLocation {
  std::string store;               ///< `--store`
  std::string access;              ///< `--access`, `sqlite:DIRECTORY`; empty: in the store
  std::string schema = "portico";  ///< PostgreSQL: as Api::database names it
};

/// Throws std::runtime_error where a database that others made comes without `--access`, with the command line
/// `portico COMMAND …` that would be right.
void require_access(const KeysLocation& location, const model::Api& api, const std::string& command);

/// The directory that `--access` names. Throws std::runtime_error for anything that is none.
[[nodiscard]] std::filesystem::path access_directory(const std::string& access);

enum class WhenMissing : bool { Fail, Make };

/// Opens them. `when_missing`: whether the directory of `--access`, or a schema for them, is made. Throws
/// std::runtime_error.
[[nodiscard]] std::unique_ptr<store::KeyRegistry> open_keys(const KeysLocation& location, WhenMissing when_missing);

/// Opens the tables of users and extensions, which are where the keys are; makes those that are missing. Throws
/// std::runtime_error.
[[nodiscard]] std::unique_ptr<store::OwnTables> open_own_tables(const KeysLocation& location,
                                                                WhenMissing when_missing);

/// Opens what accounts sign messages with, which is where their keys are. Throws std::runtime_error.
[[nodiscard]] std::unique_ptr<store::WebhookSecrets> open_webhook_secrets(const KeysLocation& location);

}  // namespace portico::app
