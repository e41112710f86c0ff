#include "store/account_rows.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "store/postgres_connection.hpp"
#include "store/postgres_schema.hpp"
#include "store/sqlite_connection.hpp"

namespace portico::store {
namespace {

std::string key_column(const model::Resource& accounts) {
  return quoted_name(accounts.leaves[accounts.key.front()].column);
}

/// The column of the field `name`; the key's where there is none.
std::string name_column(const model::Resource& accounts) {
  const auto found = std::find_if(accounts.leaves.begin(), accounts.leaves.end(), [](const model::Leaf& leaf) {
    return leaf.path == "name" && leaf.join == 0 && leaf.relation == 0 && !leaf.hidden;
  });
  return found == accounts.leaves.end() ? key_column(accounts) : quoted_name(found->column);
}

}  // namespace

class AccountRows::Lookup {
 public:
  virtual ~Lookup() = default;
  Lookup(const Lookup&) = delete;
  Lookup& operator=(const Lookup&) = delete;
  virtual std::optional<std::string> name(model::Mode mode, const std::string& id) = 0;

 protected:
  Lookup() = default;
};

class AccountRows::SqliteLookup : public AccountRows::Lookup {
 public:
  SqliteLookup(const model::Resource& accounts, SqliteFiles files)
      : sql_("SELECT CAST(coalesce(" + name_column(accounts) + ", " + key_column(accounts) + ") AS TEXT) FROM " +
             quoted_name(accounts.table) + " WHERE " + key_column(accounts) + " = $1 LIMIT 1"),
        files_(std::move(files)) {}

  std::optional<std::string> name(model::Mode mode, const std::string& id) override {
    const auto& file = mode == model::Mode::Sandbox ? files_.sandbox : files_.production;
    if (file.empty()) return std::nullopt;
    auto& connection = connections_.at(static_cast<std::size_t>(mode));
    if (connection == nullptr || connection->has_moved()) {
      connection = std::make_unique<SqliteConnection>(file, SqliteOptions{.mode = OpenMode::ReadOnly});
    }
    SqliteStatement query(*connection, sql_);
    query.bind_text(1, id);
    if (!query.step()) return std::nullopt;
    return std::string(query.text(0));
  }

 private:
  const std::string sql_;
  const SqliteFiles files_;
  std::array<std::unique_ptr<SqliteConnection>, 2> connections_;  // by mode
};

class AccountRows::PostgresLookup : public AccountRows::Lookup {
 public:
  PostgresLookup(const model::Api& api, std::string address) : address_(std::move(address)) {
    const model::Resource& accounts = *api.accounts;
    const std::string& production = accounts.schema.empty() ? api.database.schema : accounts.schema;
    for (const model::Mode mode : {model::Mode::Production, model::Mode::Sandbox}) {
      sql_.push_back("SELECT coalesce(" + name_column(accounts) + "::text, " + key_column(accounts) +
                     "::text) FROM " + postgres_name(postgres_schema(production, mode), accounts.table) + " WHERE " +
                     key_column(accounts) + " = $1 LIMIT 1");
    }
  }

  std::optional<std::string> name(model::Mode mode, const std::string& id) override {
    if (connection_ == nullptr) {
      connection_ = std::make_unique<PostgresConnection>(address_, SessionAccess::ReadOnly);
    }
    const std::vector<base::Value> binds = {base::Value(id)};
    try {
      const PostgresResult found = connection_->run(sql_.at(static_cast<std::size_t>(mode)), binds);
      if (found.rows() == 0) return std::nullopt;
      return std::string(found.text(0, 0));
    } catch (const PostgresError& error) {
      // A key of another type (bigint, uuid), which that text is none of: class 22, data exception.
      if (error.sqlstate().starts_with("22")) return std::nullopt;
      connection_.reset();
      throw;
    }
  }

 private:
  const std::string address_;
  std::vector<std::string> sql_;  // by mode
  std::unique_ptr<PostgresConnection> connection_;
};

AccountRows::AccountRows(std::shared_ptr<const model::Api> api, DataPlace place) : api_(std::move(api)) {
  if (api_->accounts == nullptr) return;
  if (auto* files = std::get_if<SqliteFiles>(&place)) {
    lookup_ = std::make_unique<SqliteLookup>(*api_->accounts, std::move(*files));
  } else {
    lookup_ = std::make_unique<PostgresLookup>(*api_, std::get<PostgresAddress>(place).text);
  }
}

AccountRows::~AccountRows() = default;

std::optional<std::string> AccountRows::name(model::Mode mode, const std::string& id) {
  return lookup_ == nullptr ? std::optional(id) : lookup_->name(mode, id);
}

}  // namespace portico::store
