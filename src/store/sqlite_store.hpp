#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "store/sqlite_access.hpp"
#include "store/sqlite_reader.hpp"
#include "store/sqlite_workers.hpp"
#include "store/store.hpp"

namespace portico::store {

/// Exact counts, remembered for as long as the database they were counted in stays as it is (P12).
class CountCache {
 public:
  explicit CountCache(std::size_t capacity) : capacity_(capacity) {}
  /// The count of `statement` in the database of that version, or null.
  [[nodiscard]] const std::int64_t* find(const plan::Statement& statement, std::uint64_t version);
  /// Statements of more than some kilobytes are counted each time anew.
  void keep(const plan::Statement& statement, std::uint64_t version, std::int64_t count);

 private:
  /// Text and binds as one key, unambiguous: each bind with its kind and length before it.
  const std::string& key_of(const plan::Statement& statement);
  void forget_others(std::uint64_t version);

  std::size_t capacity_;
  std::uint64_t version_ = 0;
  std::unordered_map<std::string, std::int64_t> counts_;
  std::string key_;
};

/// A directory with `production.db`, `sandbox.db` and `access.db`, as one loop uses it. Queries of bounded work run
/// in place, on the loop; the others go to the workers.
class SqliteStore final : public Store {
 public:
  /// How a worker's answer gets back onto the loop; thread-safe. http::Post is one.
  using Post = std::function<void(std::function<void()>)>;

  /// Throws SqliteError where a file cannot be opened. Whoever made `workers` must keep them until they are stopped.
  SqliteStore(const std::filesystem::path& directory, std::shared_ptr<SqliteWorkers> workers, Post post);
  ~SqliteStore() override;

  void find_key(std::string_view id, Freshness freshness, KeyFound done) override;
  Ticket run(const Query& query, Answered done) override;
  void abandon(Ticket /*ticket*/) override {}
  [[nodiscard]] base::Status health() const override { return base::ok(); }

 private:
  /// What the loop itself has of one mode.
  struct Side {
    SqliteReader reader;
    CountCache counts;
  };
  struct Errand;
  class Landing;

  Side& side(model::Mode mode) { return mode == model::Mode::Sandbox ? sandbox_ : production_; }
  void run_list(const plan::ListPlan& plan, model::Mode mode, Answered done);
  void run_retrieve(const plan::RetrievePlan& plan, model::Mode mode, Answered done);
  /// Whether page and count could be had in place, soon enough; else nothing has happened.
  base::Result<bool> list_in_place(const plan::ListPlan& plan, Side& side);
  enum class Counting : std::uint8_t { IfUnknown, Anew };
  void send_to_worker(const plan::ListPlan& plan, model::Mode mode, Counting counting, Answered done);

  std::shared_ptr<SqliteWorkers> workers_;  // and the rules that the readers refer to
  std::shared_ptr<const Post> post_;
  Side production_;
  Side sandbox_;
  KeyRegistry keys_;
  Answer answer_;  // of the query that runs in place; its room is reused
};

}  // namespace portico::store
