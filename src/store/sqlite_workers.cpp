#include "store/sqlite_workers.hpp"

#include "store/sqlite_access.hpp"

namespace portico::store {

SqliteWorkers::SqliteWorkers(const std::filesystem::path& directory, FunctionRules rules, std::size_t threads)
    : rules_(std::move(rules)) {
  for (std::size_t i = 0; i < threads; ++i) {
    readers_.push_back(std::unique_ptr<Readers>(
        new Readers{.production = {database_file(directory, model::Mode::Production), rules_},
                    .sandbox = {database_file(directory, model::Mode::Sandbox), rules_}}));
  }
  for (const auto& readers : readers_) {
    threads_.emplace_back([this, &readers = *readers] { serve(readers); });
  }
}

SqliteWorkers::~SqliteWorkers() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    tasks_.clear();
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

base::Status SqliteWorkers::submit(model::Mode mode, Work work) {
  {
    const std::lock_guard lock(mutex_);
    if (tasks_.size() >= rules_.limits.queries_waiting) {
      return base::Error{.code = base::ErrorCode::Unavailable,
                         .message = "Too many queries are waiting; try again in a few seconds."};
    }
    tasks_.push_back({mode, std::move(work)});
  }
  wake_.notify_one();
  return base::ok();
}

void SqliteWorkers::serve(Readers& readers) {
  for (;;) {
    Task task;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stopping_ || !tasks_.empty(); });
      if (stopping_) return;
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    task.work(task.mode == model::Mode::Sandbox ? readers.sandbox : readers.production);
  }
}

}  // namespace portico::store
