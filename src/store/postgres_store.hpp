#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "model/api.hpp"
#include "store/key_registry.hpp"
#include "store/store.hpp"

namespace boost::asio {
class io_context;
}

namespace portico::store {

struct PostgresOptions {
  std::string address;  ///< a URL (`postgres://…`) or libpq's key=value words
  std::shared_ptr<const model::Api> api;
};

/// A PostgreSQL database, as one loop uses it: connections of its own, on the loop's own sockets; nothing waits for
/// them. Its end, and the loop's, drops what is under way without calling a completion: whoever waits for
/// an answer holds the store.
class PostgresStore final : public Store {
 public:
  /// Begins to connect; whether that succeeds, health() tells. `keys` null: they are in the database, in the schema
  /// `SCHEMA_access`. Throws PostgresError where libpq does not understand the address.
  PostgresStore(boost::asio::io_context& io, PostgresOptions options, std::unique_ptr<KeyRegistry> keys);
  ~PostgresStore() override;

  void find_key(std::string_view id, Freshness freshness, KeyFound done) override;
  void find_grant(std::string_view id, GrantFound done) override;
  void find_public_key(const PublicKeyQuery& query, PublicKeyFound done) override;
  void add_token(const access::KeyRecord& token, TokenKept done) override;
  [[nodiscard]] const access::MaintenanceState* maintenance() override;
  void read_maintenance(MaintenanceRead done) override;
  Ticket run(const Query& query, Answered done) override;
  void change(std::shared_ptr<Mutation> mutation, model::Mode mode, Changed done) override;
  void consult(std::shared_ptr<Mutation> looking, model::Mode mode, Changed done) override;
  void abandon(Ticket ticket) override;
  [[nodiscard]] bool remembers_keys() const noexcept override;
  [[nodiscard]] base::Status health() const override;
  [[nodiscard]] base::Status health_of_changes() const override;

 private:
  class Core;
  class LoopEnd;
  std::shared_ptr<Core> core_;  // held too by whoever is being called back
};

}  // namespace portico::store
