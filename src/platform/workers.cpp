#include "platform/workers.hpp"

#include <exception>
#include <iostream>
#include <utility>

namespace portico::platform {

using base::Error;
using base::ErrorCode;

Workers::~Workers() {
  stop();
}

void Workers::take(MakeDesk make_desk, const base::Limits& limits) {
  {
    const std::lock_guard lock(mutex_);
    make_desk_ = std::make_shared<const MakeDesk>(std::move(make_desk));
    limits_ = limits;
  }
  while (threads_.size() < limits.developer_threads) threads_.emplace_back([this] { serve(); });
}

base::Status Workers::submit(Task task) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return Error{.code = ErrorCode::Unavailable, .message = {}, .detail = "the workers have ended"};
    if (waiting_.size() >= limits_.developer_waiting) {
      return Error{.code = ErrorCode::Unavailable,
                   .message = "Too many requests are waiting; try again in a few seconds.",
                   .detail = "developer_waiting"};
    }
    waiting_.push_back({std::move(task), std::chrono::steady_clock::now()});
  }
  wake_.notify_one();
  return base::ok();
}

void Workers::stop() {
  std::deque<Waiting> dropped;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    std::swap(dropped, waiting_);
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

base::Result<Desk*> Workers::prepare(Seat& seat, std::shared_ptr<const MakeDesk> make_desk) {
  if (seat.desk != nullptr && seat.made_by == make_desk && !seat.desk->is_broken) return seat.desk.get();
  seat.desk.reset();
  try {
    seat.desk = (*make_desk)();
    seat.made_by = std::move(make_desk);
    return seat.desk.get();
  } catch (const std::exception& failure) {
    return Error{.code = ErrorCode::Unavailable, .message = {}, .detail = failure.what()};
  }
}

void Workers::serve() {
  Seat seat;
  for (;;) {
    Waiting next;
    std::shared_ptr<const MakeDesk> make_desk;
    std::chrono::seconds patience{0};
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      if (stopping_) return;
      next = std::move(waiting_.front());
      waiting_.pop_front();
      make_desk = make_desk_;
      patience = limits_.query_timeout;
    }
    try {
      if (std::chrono::steady_clock::now() - next.since > patience) {
        next.task(Error{.code = ErrorCode::Unavailable,
                        .message = "Too many requests were waiting; try again in a few seconds.",
                        .detail = "waited longer than query_timeout"});
      } else {
        next.task(prepare(seat, std::move(make_desk)));
      }
    } catch (const std::exception& fault) {  // this request goes unanswered; the thread is there for all others
      std::cerr << "portico: a request of the developer space was lost: " << fault.what() << '\n';
    }
  }
}

}  // namespace portico::platform
