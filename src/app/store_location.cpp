#include "app/store_location.hpp"

#include <array>
#include <stdexcept>
#include <system_error>
#include <unistd.h>

#include "app/misuse.hpp"
#include "store/postgres_access.hpp"
#include "store/postgres_address.hpp"
#include "store/postgres_own_tables.hpp"
#include "store/sqlite_access.hpp"
#include "store/sqlite_own_tables.hpp"

namespace portico::app {
namespace {

constexpr std::string_view sqlite_scheme = "sqlite:";
constexpr std::array<std::string_view, 2> postgres_schemes = {"postgres://", "postgresql://"};

template <typename... Visitors>
struct Overloaded : Visitors... {
  using Visitors::operator()...;
};
template <typename... Visitors>
Overloaded(Visitors...) -> Overloaded<Visitors...>;

bool is_postgres(const std::string& store) {
  return store.starts_with(postgres_schemes[0]) || store.starts_with(postgres_schemes[1]);
}

std::filesystem::path sqlite_path(const std::string& option, const std::string& value) {
  if (value.size() == sqlite_scheme.size()) {
    throw MisuseError(option + " " + value + ": names no directory; write it as sqlite:data");
  }
  return value.substr(sqlite_scheme.size());
}

store::PostgresAddress postgres_address(const std::string& store) {
  const std::string mistake = store::address_mistake(store);
  if (mistake.empty()) return {.text = store};
  throw MisuseError("--store " + shown_store(store) + ": " + mistake +
                    ". A URL looks like postgres://user@host:5432/database; in a user's name or a password the "
                    "signs % : / ? # @ and spaces are written %25 %3A %2F %3F %23 %40 %20");
}

/// All that is ours of a directory's files must be there.
void require_databases(const std::filesystem::path& directory) {
  if (std::filesystem::exists(directory) && ::access(directory.c_str(), W_OK) != 0) {
    throw std::runtime_error(directory.string() + " must be writable: SQLite keeps its log beside each database");
  }
  const store::SqliteFiles files = store::files_in(directory);
  for (const std::filesystem::path& file : {files.production, files.sandbox}) {
    if (!std::filesystem::exists(file)) {
      throw std::runtime_error(file.string() + " is missing; `portico migrate --store sqlite:" + directory.string() +
                               " --yes` makes it");
    }
  }
}

void require_fit(const SqliteDirectory& directory, const model::Api& api) {
  if (!api.database.existing) return require_databases(directory.path);
  const std::string name = "--store sqlite:" + directory.path.string();
  if (!std::filesystem::exists(directory.path)) {
    throw std::runtime_error(name +
                             ": there is no such file; `existing: true` in the description's `database` takes "
                             "a database that is there");
  }
  throw std::runtime_error(name +
                           ": is a directory; `existing: true` in the description's `database` takes the "
                           "database's file, such as sqlite:shop.db");
}

void require_fit(const SqliteFile& file, const model::Api& api) {
  if (api.database.existing) return;
  throw std::runtime_error("--store sqlite:" + file.path.string() +
                           ": is a file; a store is a directory, such as sqlite:data. A database that others made is "
                           "served where the description says `database: {existing: true}`");
}

void require_fit(const store::PostgresAddress& /*address*/, const model::Api& /*api*/) {}

/// Where none is made, a schema that is not there is one that was misspelt.
void require_schema_named(const KeysLocation& location) {
  const StoreLocation place = parse_store(location.store);
  const auto* address = std::get_if<store::PostgresAddress>(&place);
  if (address == nullptr || store::has_portico_schema(address->text, location.schema)) return;
  throw std::runtime_error("--store " + shown_store(location.store) + ": there is no schema '" + location.schema +
                           "', nor keys beside it; `--schema` names the one of the description's `database`, and "
                           "`portico migrate` makes it");
}

/// What is kept where the keys are.
template <typename Interface, typename Sqlite, typename Postgres>
std::unique_ptr<Interface> opened(const KeysLocation& location, WhenMissing when_missing) {
  if (!location.access.empty()) {
    const std::filesystem::path directory = access_directory(location.access);
    if (when_missing == WhenMissing::Make) std::filesystem::create_directories(directory);
    if (!std::filesystem::exists(directory)) {
      throw std::runtime_error("--access " + location.access +
                               ": there is no such directory; `portico keys create` makes it");
    }
    return std::make_unique<Sqlite>(directory);
  }
  const StoreLocation place = parse_store(location.store);
  if (const auto* address = std::get_if<store::PostgresAddress>(&place)) {
    return std::make_unique<Postgres>(address->text, location.schema);
  }
  if (const auto* directory = std::get_if<SqliteDirectory>(&place)) {
    require_databases(directory->path);
    return std::make_unique<Sqlite>(directory->path);
  }
  throw std::runtime_error("--store " + location.store +
                           ": is a file; the keys of a database that others made are kept elsewhere, named by "
                           "--access sqlite:DIRECTORY");
}

}  // namespace

StoreLocation parse_store(const std::string& store) {
  if (is_postgres(store)) return postgres_address(store);
  if (store.starts_with(sqlite_scheme)) {
    std::filesystem::path path = sqlite_path("--store", store);
    std::error_code unknown;  // then it is no file that we could read
    if (std::filesystem::is_regular_file(path, unknown)) return SqliteFile{std::move(path)};
    return SqliteDirectory{std::move(path)};
  }
  throw MisuseError("--store " + shown_store(store) +
                    ": must be sqlite:DIRECTORY, such as sqlite:data; sqlite:FILE, a database that is there "
                    "already; or postgres://USER@HOST/DATABASE");
}

StoreLocation existing_store(const std::string& store, const model::Api& api) {
  StoreLocation location = parse_store(store);
  std::visit([&](const auto& place) { require_fit(place, api); }, location);
  return location;
}

std::string shown_store(const std::string& store) {
  return store::without_passwords(store);
}

plan::SqlFlavor flavor_of(const StoreLocation& location) {
  return std::holds_alternative<store::PostgresAddress>(location) ? plan::SqlFlavor::Postgres
                                                                  : plan::SqlFlavor::Sqlite;
}

store::SchemaTarget schema_target(const StoreLocation& location) {
  return std::visit(Overloaded{[](const store::PostgresAddress& address) -> store::SchemaTarget { return address; },
                               [](const auto& place) -> store::SchemaTarget { return place.path; }},
                    location);
}

store::DataPlace data_place(const StoreLocation& location) {
  return std::visit(
      Overloaded{[](const store::PostgresAddress& address) -> store::DataPlace { return address; },
                 [](const SqliteDirectory& directory) -> store::DataPlace { return store::files_in(directory.path); },
                 [](const SqliteFile& file) -> store::DataPlace {
                   return store::SqliteFiles{.production = file.path, .sandbox = {}};
                 }},
      location);
}

void require_access(const KeysLocation& location, const model::Api& api, const std::string& command) {
  if (!api.database.existing || !location.access.empty()) return;
  throw std::runtime_error(
      "nothing is written to a database that others made, so its keys are kept elsewhere: "
      "portico " +
      command + " --store " + shown_store(location.store) + " --access sqlite:keys");
}

std::filesystem::path access_directory(const std::string& access) {
  if (!access.starts_with(sqlite_scheme)) {
    throw MisuseError("--access " + shown_store(access) +
                      ": must be sqlite:DIRECTORY, such as sqlite:keys, for keys apart from the data");
  }
  std::filesystem::path directory = sqlite_path("--access", access);
  std::error_code unknown;
  if (std::filesystem::exists(directory, unknown) && !std::filesystem::is_directory(directory, unknown)) {
    throw std::runtime_error("--access " + access + ": is a file; keys are kept in a directory of their own");
  }
  return directory;
}

std::unique_ptr<store::WebhookSecrets> open_webhook_secrets(const KeysLocation& location) {
  if (!location.access.empty()) return store::open_sqlite_webhook_secrets(access_directory(location.access));
  const StoreLocation place = parse_store(location.store);
  if (const auto* address = std::get_if<store::PostgresAddress>(&place)) {
    return store::open_postgres_webhook_secrets(address->text, location.schema);
  }
  const auto* directory = std::get_if<SqliteDirectory>(&place);
  if (directory == nullptr) throw std::runtime_error("--store " + location.store + ": is a file without keys");
  require_databases(directory->path);
  return store::open_sqlite_webhook_secrets(directory->path);
}

std::unique_ptr<store::KeyRegistry> open_keys(const KeysLocation& location, WhenMissing when_missing) {
  if (when_missing == WhenMissing::Fail && location.access.empty()) require_schema_named(location);
  return opened<store::KeyRegistry, store::SqliteKeyRegistry, store::PostgresKeyRegistry>(location, when_missing);
}

std::unique_ptr<store::OwnTables> open_own_tables(const KeysLocation& location, WhenMissing when_missing) {
  return opened<store::OwnTables, store::SqliteOwnTables, store::PostgresOwnTables>(location, when_missing);
}

}  // namespace portico::app
