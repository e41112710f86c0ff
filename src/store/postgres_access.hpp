#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "store/key_registry.hpp"
#include "store/postgres_connection.hpp"

namespace portico::store {

/// The schema that holds the keys of a description whose production schema is `schema`: `portico_access`.
[[nodiscard]] std::string access_schema(std::string_view schema);
/// Its only table, quoted and with its schema: `"portico_access"."keys"`.
[[nodiscard]] std::string keys_table(std::string_view schema);
/// The statements that make both where they are missing, and give a table of an earlier day what it lacks, in order.
[[nodiscard]] std::vector<std::string> keys_table_sql(std::string_view schema);
/// Gives a row where a table has the column of tokens, and so all that keys_table_sql makes; `$1`: the table, quoted.
inline const std::string find_token_column_sql =
    "SELECT 1 FROM pg_attribute WHERE attrelid = to_regclass($1) AND attname = 'token' AND NOT attisdropped";
/// The token of an account's newest valid public key: `$1` the account, `$2` the mode, `$3` microseconds since 1970.
[[nodiscard]] std::string find_public_key_sql(std::string_view schema);
/// The binds of it.
[[nodiscard]] std::vector<base::Value> public_key_binds(const PublicKeyQuery& query);

/// The select list that key_of() reads, in its order: independent of the session's settings.
[[nodiscard]] std::string_view key_columns();
/// A key of a row that begins with key_columns(). Throws std::runtime_error for a kind or mode that is none.
[[nodiscard]] access::KeyRecord key_of(const PostgresResult& result, int row);

/// The keys in a PostgreSQL database. Its functions wait: for commands, never on a loop.
class PostgresKeyRegistry final : public KeyRegistry {
 public:
  /// `schema`: as Api::database names it. Throws PostgresError where the database cannot be reached.
  PostgresKeyRegistry(const std::string& address, std::string_view schema);

  /// Makes schema and table, or what the table lacks, where they are missing: in one transaction, one program at a
  /// time.
  void add(const access::NewKey& key) override;
  /// Nothing, where there is no table yet.
  [[nodiscard]] std::optional<access::KeyRecord> find(std::string_view id) const override;
  [[nodiscard]] std::optional<std::string> find_public(const PublicKeyQuery& query) const override;
  [[nodiscard]] std::vector<access::KeyRecord> list() const override;
  bool revoke(std::string_view id, base::Microseconds when) override;

 private:
  [[nodiscard]] bool has_table() const;
  [[nodiscard]] bool has_tokens() const;
  void make_table();

  std::unique_ptr<PostgresConnection> connection_;
  const std::string schema_;
  const std::string table_;
};

}  // namespace portico::store
