#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "store/count_memory.hpp"
#include "store/key_registry.hpp"
#include "store/maintenance_look.hpp"
#include "store/sqlite_reader.hpp"
#include "store/sqlite_workers.hpp"
#include "store/sqlite_writer.hpp"
#include "store/store.hpp"

namespace portico::store {

/// The threads of a store, shared by all loops.
struct SqliteThreads {
  std::shared_ptr<SqliteWorkers> workers;
  std::shared_ptr<SqliteWriters> writers = nullptr;  ///< of the same files; null: nothing is ever changed
};

/// The databases of `threads`, as one loop uses them. Queries of bounded work run in place, on the loop; the others
/// go to the workers, changes to the writers.
class SqliteStore final : public Store {
 public:
  /// How a worker's answer gets back onto the loop; thread-safe. http::Post is one.
  using Post = std::function<void(std::function<void()>)>;

  /// Throws SqliteError where a file cannot be opened. Whoever made `threads` must keep them until they are stopped.
  SqliteStore(SqliteThreads threads, std::unique_ptr<KeyRegistry> keys, Post post);
  ~SqliteStore() override;

  void find_key(std::string_view id, Freshness freshness, KeyFound done) override;
  void find_grant(std::string_view id, GrantFound done) override;
  void find_public_key(const PublicKeyQuery& query, PublicKeyFound done) override;
  void add_token(const access::KeyRecord& token, TokenKept done) override;
  [[nodiscard]] const access::MaintenanceState* maintenance() override { return &maintenance_.at(*keys_); }
  void read_maintenance(MaintenanceRead done) override { done(maintenance()); }
  Ticket run(const Query& query, Answered done) override;
  void change(std::shared_ptr<Mutation> mutation, model::Mode mode, Changed done) override;
  void consult(std::shared_ptr<Mutation> looking, model::Mode mode, Changed done) override;
  void abandon(Ticket ticket) override;
  [[nodiscard]] base::Status health() const override;
  [[nodiscard]] base::Status health_of_changes() const override;
  [[nodiscard]] bool remembers_keys() const noexcept override { return false; }

 private:
  /// What the loop itself has of one mode.
  struct Side {
    Side(const std::filesystem::path& file, const FunctionRules& rules);
    SqliteReader reader;
    CountMemory counts;
  };
  struct Errand;
  class Landing;
  struct FileErrand;
  struct Change;
  /// A landing that is awaited, and the task that will fill it.
  struct Awaited {
    std::weak_ptr<Landing> landing;
    SqliteWorkers::TaskId task = 0;
  };

  Side& side(model::Mode mode) { return mode == model::Mode::Sandbox ? *sandbox_ : production_; }
  Ticket run_list(const plan::ListPlan& plan, model::Mode mode, Answered done);
  void run_retrieve(const plan::RetrievePlan& plan, model::Mode mode, Answered done);
  void run_file(const plan::FilePlan& plan, model::Mode mode, Answered done);
  void read_in_place(const Selection& selection, model::Mode mode, const Answered& done);
  /// Whether page and count could be had in place, soon enough; else nothing has happened.
  base::Result<bool> list_in_place(const plan::ListPlan& plan, Side& side);
  /// 0 where nothing was sent: `done` knows then.
  Ticket send_to_worker(const plan::ListPlan& plan, model::Mode mode, Answered done);
  Ticket send_to_worker(const plan::RetrievePlan& plan, model::Mode mode, Answered done);
  void send(Errand errand);

  std::shared_ptr<SqliteWorkers> workers_;  // and the rules that the readers refer to
  std::shared_ptr<SqliteWriters> writers_;
  std::shared_ptr<const Post> post_;
  Side production_;
  std::optional<Side> sandbox_;
  std::unique_ptr<KeyRegistry> keys_;
  MaintenanceLook maintenance_;
  std::unordered_map<Ticket, Awaited> awaited_;
  Ticket last_ticket_ = 0;
  Answer answer_;  // of the query that runs in place; its room is reused
};

}  // namespace portico::store
