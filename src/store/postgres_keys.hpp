#pragma once

#include <chrono>
#include <functional>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "access/key.hpp"
#include "access/maintenance.hpp"
#include "base/result.hpp"
#include "store/postgres_memory.hpp"
#include "store/postgres_pool.hpp"
#include "store/store.hpp"

namespace portico::store {

/// The tables of keys, access tokens and maintenance as one loop asks for them. Its end drops what is under way
/// without calling a completion.
class PostgresKeys {
 public:
  PostgresKeys(PostgresPool& pool, PostgresMemory& memory, std::string schema);
  ~PostgresKeys();
  PostgresKeys(const PostgresKeys&) = delete;
  PostgresKeys& operator=(const PostgresKeys&) = delete;

  /// The key, or the access token, of that id, as it is now; kept in the memory. Those who ask while it is looked for
  /// share the next look, so that a key in constant use is looked for once at a time.
  void find(std::string_view id, Store::KeyFound done);
  /// What that token of an extension stands for, as it is now; nothing of it is kept.
  void find_grant(std::string_view id, Store::GrantFound done);
  /// The newest public key that is valid, as clients send it.
  void find_public(const PublicKeyQuery& query, Store::PublicKeyFound done);
  void add_token(const access::KeyRecord& token, Store::TokenKept done);

  /// As it was read within the last second; null: not so lately. Where that was a while ago it is read again, for
  /// those who ask next.
  [[nodiscard]] const access::MaintenanceState* maintenance();
  void read_maintenance(Store::MaintenanceRead done);

  /// Nothing is called back after it.
  void close();

 private:
  using Clock = std::chrono::steady_clock;
  class Run;
  /// What a statement gave; no rows: there is no such table, or it lacks a column.
  struct Given {
    const PostgresResult* rows = nullptr;
    const PostgresSession::Server* server = nullptr;
  };
  using Ended = std::function<void(base::Result<Given>)>;

  using Askers = std::vector<Store::KeyFound>;
  void look(const std::string& id, Askers askers);
  void end_look(const std::string& id, const Askers& askers, const base::Result<Given>& given);
  void send(plan::Statement statement, PostgresWork work, Ended ended);
  void end(Run& run, base::Result<Given> given);
  [[nodiscard]] base::Result<std::optional<access::KeyRecord>> found(const std::string& id, const Given& given);
  void begin_reading();
  void look_for_table();
  void end_reading(base::Status status);

  PostgresPool& pool_;
  PostgresMemory& memory_;
  const std::string schema_;
  const std::string find_key_;
  const std::string find_token_;
  const std::string find_public_;
  const std::string find_grant_;
  std::list<Run> runs_;
  std::unordered_map<std::string, Askers> looks_;  // under way, by id; with those who came since
  access::MaintenanceState maintenance_;
  Clock::time_point read_at_ = {};  // when it was asked for; the beginning of time: never
  Clock::time_point asked_at_ = {};
  std::vector<Store::MaintenanceRead> readers_;
  bool reading_ = false;
  bool has_maintenance_table_ = true;  // as far as is known
  bool closed_ = false;
};

}  // namespace portico::store
