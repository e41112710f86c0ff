#include "deliver/try_threads.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

namespace portico::deliver {

struct TryThreads::State {
  std::mutex mutex;
  std::condition_variable wake;
  std::condition_variable left;
  std::deque<std::function<void()>> waiting;
  std::size_t idle = 0;
  std::size_t threads = 0;
  bool ended = false;

  void serve() {
    std::unique_lock lock(mutex);
    for (;;) {
      ++idle;
      wake.wait(lock, [this] { return ended || !waiting.empty(); });
      --idle;
      if (ended) break;
      std::function<void()> work = std::move(waiting.front());
      waiting.pop_front();
      lock.unlock();
      work();
      work = nullptr;
      lock.lock();
    }
    --threads;
    left.notify_all();
  }
};

TryThreads::TryThreads() : state_(std::make_shared<State>()) {}

TryThreads::~TryThreads() {
  end(std::chrono::steady_clock::now());
}

void TryThreads::run(std::function<void()> work) {
  const std::lock_guard lock(state_->mutex);
  if (state_->ended) return;
  state_->waiting.push_back(std::move(work));
  if (state_->idle >= state_->waiting.size()) return state_->wake.notify_one();
  std::thread([state = state_] { state->serve(); }).detach();
  ++state_->threads;
}

void TryThreads::end(std::chrono::steady_clock::time_point deadline) {
  std::unique_lock lock(state_->mutex);
  state_->ended = true;
  state_->wake.notify_all();
  state_->left.wait_until(lock, deadline, [this] { return state_->threads == 0; });
}

}  // namespace portico::deliver
