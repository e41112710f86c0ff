#include "store/sqlite_workers.hpp"

#include <exception>
#include <iostream>
#include <utility>

#include "store/sqlite_access.hpp"

namespace portico::store {

void Stranded::take(List items) noexcept {
  const std::lock_guard lock(mutex_);
  if (!ended_) items_.splice(items_.end(), items);
}

void Stranded::end() noexcept {
  List items;
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    std::swap(items, items_);
  }
}

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
  stop();
}

void SqliteWorkers::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  for (const auto& readers : readers_) {
    readers->production.end();
    readers->sandbox.end();
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  std::deque<Task> dropped;
  {
    const std::lock_guard lock(mutex_);
    std::swap(dropped, tasks_);
  }
  dropped.clear();
  stranded_->end();
}

base::Status SqliteWorkers::submit(model::Mode mode, Work work) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return base::Error{.code = base::ErrorCode::Unavailable, .detail = "the workers have ended"};
    if (tasks_.size() >= rules_.limits.queries_waiting) {
      return base::Error{.code = base::ErrorCode::Unavailable,
                         .message = "Too many queries are waiting; try again in a few seconds."};
    }
    tasks_.push_back({mode, std::move(work), std::chrono::steady_clock::now()});
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
    try {
      work_on(task, readers);
    } catch (const std::exception& fault) {  // this query goes unanswered; the thread is there for all others
      std::cerr << "portico: a query was lost: " << fault.what() << '\n';
    }
  }
}

void SqliteWorkers::work_on(const Task& task, Readers& readers) const {
  if (std::chrono::steady_clock::now() - task.submitted_at > rules_.limits.query_timeout) {
    return task.work(base::Error{.code = base::ErrorCode::Unavailable,
                                 .message = "Too many queries were waiting; try again in a few seconds.",
                                 .detail = "waited longer than query_timeout"});
  }
  task.work(task.mode == model::Mode::Sandbox ? &readers.sandbox : &readers.production);
}

}  // namespace portico::store
