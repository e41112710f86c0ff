#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "store/own_tables.hpp"
#include "store/postgres_connection.hpp"

namespace portico::store {

/// The tables of ours in the schema of keys of a PostgreSQL database. Its functions wait: never on a loop.
class PostgresOwnTables final : public OwnTables {
 public:
  /// `schema`: as Api::database names it. Throws PostgresError where the database cannot be reached.
  PostgresOwnTables(std::string address, std::string_view schema);

  OwnAnswer run(std::string_view sql, std::span<const OwnValue> binds) override;
  void begin() override;
  void commit() override;
  void roll_back() noexcept override;

 private:
  /// The connection, opened anew where it was lost, with all tables.
  [[nodiscard]] PostgresConnection& connection();
  void open();
  void make_tables();
  /// What `error`, which ended a transaction, means; throws what is no answer.
  [[nodiscard]] OwnRefusal refusal_of(const PostgresError& error);

  const std::string address_;
  const std::string schema_;  // of the keys
  std::unique_ptr<PostgresConnection> connection_;
  bool is_open_ = false;  // a transaction is
};

}  // namespace portico::store
