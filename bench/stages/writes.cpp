// portico-bench-writes DIRECTORY [SECONDS]: durable inserts on the disk that holds DIRECTORY: one commit each, and by
// the writer of the store with 1, 8, 32 and 128 clients, each of which sends the next when it was told of the last.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "store/sqlite_writer.hpp"

namespace portico::bench {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr const char* insert_sql = "INSERT INTO orders VALUES (?, ?, ?, ?, ?)";

std::vector<base::Value> order(std::int64_t number) {
  return {base::make_id(), std::string("shop"), number, std::int64_t{12'50}, std::string(1'000, 'x')};
}

void make_database(const fs::path& file) {
  for (const char* suffix : {"", "-wal", "-shm"}) fs::remove(file.string() + suffix);
  store::SqliteConnection connection(file, {.mode = store::OpenMode::Create});
  connection.execute(
      "CREATE TABLE orders(id TEXT NOT NULL, shop TEXT NOT NULL, created INTEGER NOT NULL, total INTEGER NOT NULL, "
      "articles TEXT NOT NULL) STRICT; CREATE UNIQUE INDEX orders_key ON orders(id); "
      "CREATE INDEX orders_by_created ON orders(shop, created, id)");
}

class InsertOrder final : public store::Mutation {
 public:
  explicit InsertOrder(std::int64_t number) : ask_{.statement = {.sql = insert_sql, .binds = order(number)}} {}
  std::unique_ptr<store::Procedure> begin() override { return std::make_unique<Once>(ask_); }

 private:
  class Once final : public store::Procedure {
   public:
    explicit Once(const store::Ask& ask) : ask_(ask) {}
    Step next(store::Given&& /*given*/) override { return std::exchange(asked_, true) ? Step::Commit : Step::Ask; }
    [[nodiscard]] const store::Ask& ask() const override { return ask_; }
    void violated(const store::Violation& /*violation*/) override {}

   private:
    const store::Ask& ask_;
    bool asked_ = false;
  };
  store::Ask ask_;
};

void report(const std::string& name, std::vector<double>& milliseconds, double seconds) {
  std::sort(milliseconds.begin(), milliseconds.end());
  const auto quantile = [&](double part) {
    return milliseconds[static_cast<std::size_t>(static_cast<double>(milliseconds.size() - 1) * part)];
  };
  std::printf("%-28s %9.0f inserts/s   p50 %7.2f ms   p99 %7.2f ms\n", name.c_str(),
              static_cast<double>(milliseconds.size()) / seconds, quantile(0.5), quantile(0.99));
}

double seconds_since(Clock::time_point begun) {
  return std::chrono::duration<double>(Clock::now() - begun).count();
}

void time_one_commit_each(const fs::path& file, double seconds) {
  make_database(file);
  store::SqliteConnection connection(file, {.mode = store::OpenMode::ReadWrite});
  store::SqliteStatement insert(connection, insert_sql);
  std::vector<double> took;
  const auto begun = Clock::now();
  for (std::int64_t number = 0; seconds_since(begun) < seconds; ++number) {
    const auto values = order(number);
    const auto began = Clock::now();
    insert.bind_all(values);
    insert.run();
    took.push_back(seconds_since(began) * 1'000);
  }
  report("one commit each", took, seconds_since(begun));
}

/// Clients that wait for their answer, then ask again.
class Clients {
 public:
  Clients(store::SqliteWriter& writer, double seconds) : writer_(writer), seconds_(seconds) {}

  void run(int count) {
    waiting_ = count;
    begun_ = Clock::now();
    for (int client = 0; client < count; ++client) send();
    std::unique_lock lock(mutex_);
    ended_.wait(lock, [this] { return waiting_ == 0; });
    report(std::to_string(count) + " clients, group commit", took_, seconds_since(begun_));
  }

 private:
  void send() {
    const auto began = Clock::now();
    const auto submitted = writer_.submit(std::make_shared<InsertOrder>(number_++), [this, began](auto status) {
      if (!status) {
        std::fprintf(stderr, "%s\n", status.error().detail.c_str());
        std::exit(1);
      }
      took_.push_back(seconds_since(began) * 1'000);  // the writer's thread alone
      if (seconds_since(begun_) < seconds_) return send();
      const std::lock_guard lock(mutex_);
      if (--waiting_ == 0) ended_.notify_all();
    });
    if (!submitted) std::exit(1);
  }

  store::SqliteWriter& writer_;
  const double seconds_;
  Clock::time_point begun_;
  std::atomic<std::int64_t> number_ = 0;
  std::vector<double> took_;
  std::mutex mutex_;
  std::condition_variable ended_;
  int waiting_ = 0;
};

void run(const fs::path& directory, double seconds) {
  const fs::path file = directory / "bench-writes.db";
  time_one_commit_each(file, seconds);
  for (const int count : {1, 8, 32, 128}) {
    make_database(file);
    const store::FunctionRules rules;
    store::SqliteWriter writer(file, rules);
    Clients(writer, seconds).run(count);
  }
  for (const char* suffix : {"", "-wal", "-shm"}) fs::remove(file.string() + suffix);
}

}  // namespace
}  // namespace portico::bench

int main(int count, char** arguments) {
  if (count < 2) {
    std::fprintf(stderr, "usage: portico-bench-writes DIRECTORY [SECONDS]\n");
    return 2;
  }
  try {
    portico::bench::run(arguments[1], count > 2 ? std::atof(arguments[2]) : 5);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
