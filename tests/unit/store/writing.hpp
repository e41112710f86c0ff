#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "store/sqlite_writer.hpp"
#include "support/scripted_change.hpp"

namespace portico::store {

/// A database of things with numbers, and its writer.
class WritingTest : public testing::Test {
 protected:
  using Change = support::ScriptedChange;
  using Step = Procedure::Step;

  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "portico-writer-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
    make_database(file());
  }
  void TearDown() override {
    writer_.reset();
    std::filesystem::remove_all(directory_);
  }

  [[nodiscard]] std::filesystem::path file() const { return database_file(directory_, model::Mode::Production); }

  static void make_database(const std::filesystem::path& file) {
    SqliteConnection connection(file, {.mode = OpenMode::Create});
    connection.execute(
        "CREATE TABLE things(id TEXT PRIMARY KEY, number INTEGER NOT NULL CHECK (number >= 0)) STRICT");
  }

  void open(const base::Limits& limits = {}) {
    writer_.reset();
    rules_.limits = limits;
    writer_ = std::make_unique<SqliteWriter>(file(), rules_);
  }

  static std::shared_ptr<Change> insert(const std::string& id, Step end = Step::Commit) {
    return Change::of("INSERT INTO things VALUES (?, 1)", {id}, end);
  }
  /// The same by a statement after which nothing comes.
  static std::shared_ptr<Change> insert_last(const std::string& id, Step end = Step::Commit) {
    std::vector<Ask> asks(1);
    asks[0] = {.statement = {.sql = "INSERT INTO things VALUES (?, 1) RETURNING id", .binds = {id}}, .columns = 1};
    asks[0].is_last = true;
    return std::make_shared<Change>(std::move(asks), end);
  }
  /// A statement that does not end, and would write.
  static std::shared_ptr<Change> endless(bool is_last = false) {
    std::vector<Ask> asks(1);
    asks[0].statement.sql =
        "INSERT INTO things SELECT 'never', count(*) FROM (WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 "
        "FROM n) SELECT x FROM n)";
    asks[0].is_last = is_last;
    return std::make_shared<Change>(std::move(asks));
  }

  /// Who is told, and leaves the rest.
  static SqliteWriter::Ended told(std::function<void(base::Status)> ended) {
    return [ended = std::move(ended)](base::Status status, const Rest&) { ended(std::move(status)); };
  }
  base::Status submit(std::shared_ptr<Change> change) {
    return writer_->submit(std::move(change), nullptr, told(endings_.of(submitted_++)));
  }
  /// Submits it, and waits for what comes of it and of all before it.
  base::Status make(std::shared_ptr<Change> change) {
    if (auto refused = submit(std::move(change)); !refused) return refused;
    const auto endings = endings_.wait(submitted_);
    if (endings.size() != submitted_) return base::Error{.message = "not told"};
    return endings.back().status;
  }
  /// The ids, in their order, `|` between them.
  [[nodiscard]] static std::string ids_in(const std::filesystem::path& database) {
    SqliteConnection connection(database, {.mode = OpenMode::ReadWrite});
    SqliteStatement query(connection,
                          "SELECT coalesce(group_concat(id, '|'), '') FROM (SELECT id FROM things ORDER BY id)");
    return query.step() ? query.text(0) : "no answer";
  }
  [[nodiscard]] std::string ids() const { return ids_in(file()); }
  /// What a start after a crash of the machine would find, had everything that was written reached the disk.
  [[nodiscard]] std::string ids_after_crash() const {
    const std::filesystem::path copy = directory_ / "crashed.db";
    for (const char* suffix : {"", "-wal"}) {
      std::filesystem::copy_file(file().string() + suffix, copy.string() + suffix,
                                 std::filesystem::copy_options::overwrite_existing);
    }
    std::filesystem::remove(copy.string() + "-shm");
    return ids_in(copy);
  }

  std::filesystem::path directory_;
  FunctionRules rules_;
  support::Endings endings_;  // outlives the writer
  std::size_t submitted_ = 0;
  std::unique_ptr<SqliteWriter> writer_;
};

}  // namespace portico::store
