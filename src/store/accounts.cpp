#include "store/accounts.hpp"

#include <array>

#include "store/postgres_connection.hpp"
#include "store/postgres_schema.hpp"
#include "store/sqlite_connection.hpp"

namespace portico::store {
namespace {

std::string key_column(const model::Api& api) {
  return quoted_name(api.accounts->leaves[api.accounts->key.front()].column);
}

std::string postgres_table(const AccountsPlace& accounts) {
  const model::Resource& resource = *accounts.api.accounts;
  const std::string& production = resource.schema.empty() ? accounts.api.database.schema : resource.schema;
  return postgres_name(postgres_schema(production, accounts.mode), resource.table);
}

const std::filesystem::path& file_of(const SqliteFiles& files, model::Mode mode) {
  return mode == model::Mode::Sandbox ? files.sandbox : files.production;
}

std::optional<std::string> first_row(const SqliteFiles& files, const AccountsPlace& accounts, const std::string& rest,
                                     const std::optional<std::string>& bind) {
  SqliteConnection connection(file_of(files, accounts.mode), {.mode = OpenMode::ReadOnly});
  SqliteStatement query(connection, "SELECT CAST(" + key_column(accounts.api) + " AS TEXT) FROM " +
                                        quoted_name(accounts.api.accounts->table) + rest);
  if (bind) query.bind_text(1, *bind);
  if (!query.step()) return std::nullopt;
  return query.text(0);
}

std::optional<std::string> first_row(const PostgresAddress& address, const AccountsPlace& accounts,
                                     const std::string& rest, const std::optional<std::string>& bind) {
  PostgresConnection connection(address.text, SessionAccess::ReadOnly);
  std::vector<base::Value> binds;
  if (bind) binds.emplace_back(*bind);
  const PostgresResult found =
      connection.run("SELECT " + key_column(accounts.api) + "::text FROM " + postgres_table(accounts) + rest, binds);
  if (found.rows() == 0) return std::nullopt;
  return std::string(found.text(0, 0));
}

}  // namespace

std::optional<std::string> find_account(const AccountsPlace& accounts, const std::string& id) {
  try {
    return std::visit(
        [&](const auto& place) {
          const std::string one = " WHERE " + key_column(accounts.api) + " = $1 LIMIT 1";
          return first_row(place, accounts, one, id);
        },
        accounts.place);
  } catch (const PostgresError& error) {
    // A key of another type (bigint, uuid), which that text is none of: class 22, data exception.
    if (error.sqlstate().starts_with("22")) return std::nullopt;
    throw;
  }
}

std::optional<std::string> first_account(const AccountsPlace& accounts) {
  const std::string first = " ORDER BY " + key_column(accounts.api) + " LIMIT 1";
  return std::visit([&](const auto& place) { return first_row(place, accounts, first, std::nullopt); },
                    accounts.place);
}

}  // namespace portico::store
