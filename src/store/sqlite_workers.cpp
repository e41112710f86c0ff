#include "store/sqlite_workers.hpp"

#include <algorithm>
#include <exception>
#include <iostream>
#include <utility>

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

SqliteWorkers::Readers::Readers(const SqliteFiles& files, const FunctionRules& rules)
    : production(files.production, rules) {
  if (!files.sandbox.empty()) sandbox.emplace(files.sandbox, rules);
}

SqliteWorkers::SqliteWorkers(SqliteFiles files, FunctionRules rules, std::size_t threads)
    : files_(std::move(files)), rules_(std::move(rules)) {
  for (std::size_t i = 0; i < threads; ++i) readers_.push_back(std::make_unique<Readers>(files_, rules_));
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
    if (readers->sandbox) readers->sandbox->end();
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

base::Result<SqliteWorkers::TaskId> SqliteWorkers::submit(model::Mode mode, Work work) {
  TaskId id = 0;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return base::Error{.code = base::ErrorCode::Unavailable, .detail = "the workers have ended"};
    if (tasks_.size() >= rules_.limits.queries_waiting) {
      return base::Error{.code = base::ErrorCode::Unavailable,
                         .message = "Too many queries are waiting; try again in a few seconds."};
    }
    id = ++last_id_;
    tasks_.push_back({id, mode, std::move(work), std::chrono::steady_clock::now()});
  }
  wake_.notify_one();
  return id;
}

bool SqliteWorkers::withdraw(TaskId id) {
  Task dropped;  // ends behind the lock
  const std::lock_guard lock(mutex_);
  const auto found = std::lower_bound(tasks_.begin(), tasks_.end(), id,
                                      [](const Task& task, TaskId wanted) { return task.id < wanted; });
  if (found == tasks_.end() || found->id != id) return false;
  dropped = std::move(*found);
  tasks_.erase(found);
  return true;
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
  if (task.mode == model::Mode::Production) return task.work(&readers.production);
  if (!readers.sandbox) return task.work(base::Error{.message = "a query for a sandbox that there is not"});
  task.work(&*readers.sandbox);
}

}  // namespace portico::store
