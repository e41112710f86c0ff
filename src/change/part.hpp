#pragma once

#include <coroutine>
#include <cstdint>
#include <exception>
#include <optional>
#include <utility>

#include "plan/write_statements.hpp"
#include "store/procedure.hpp"

namespace portico::change {

/// A part of a change's course: a coroutine that asks the database, or has parts that do. Begins when it is awaited.
///
/// g++ 12 destroys aggregates twice that are made within an expression that awaits: arguments are named before.
template <typename T>
class [[nodiscard]] Part {
 public:
  struct promise_type {
    struct Back {
      [[nodiscard]] bool await_ready() const noexcept { return false; }
      [[nodiscard]] std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> self) const noexcept {
        const std::coroutine_handle<> next = self.promise().waiting;
        return next ? next : std::noop_coroutine();
      }
      void await_resume() const noexcept {}
    };
    Part get_return_object() { return Part(std::coroutine_handle<promise_type>::from_promise(*this)); }
    std::suspend_always initial_suspend() const noexcept { return {}; }
    Back final_suspend() const noexcept { return {}; }
    template <typename Value>
    void return_value(Value&& given) {
      value.emplace(std::forward<Value>(given));
    }
    void unhandled_exception() noexcept { failure = std::current_exception(); }

    std::coroutine_handle<> waiting = nullptr;
    std::optional<T> value;
    std::exception_ptr failure;
  };

  Part(Part&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Part& operator=(Part&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Part() {
    if (handle_) handle_.destroy();
  }

  /// For the outermost part, which nobody awaits.
  void begin() { handle_.resume(); }
  [[nodiscard]] bool is_done() const { return handle_.done(); }
  /// Precondition: is_done(). What the part threw is thrown.
  [[nodiscard]] T take() {
    if (handle_.promise().failure) std::rethrow_exception(handle_.promise().failure);
    return std::move(*handle_.promise().value);
  }

  /// Runs until it is done or has asked: one that asks nothing ends as a function does, however many there are in a
  /// row.
  [[nodiscard]] bool await_ready() {
    handle_.resume();
    return handle_.done();
  }
  void await_suspend(std::coroutine_handle<> waiting) { handle_.promise().waiting = waiting; }
  [[nodiscard]] T await_resume() { return take(); }

 private:
  explicit Part(std::coroutine_handle<promise_type> handle) : handle_(handle) {}
  std::coroutine_handle<promise_type> handle_;
};

/// Whether a question is the last, whatever it gives: the change is committed with it.
enum class Turn : std::uint8_t { Middle, Last };

/// What the parts of a course ask, and are given.
class Dialogue {
 public:
  class Asking {
   public:
    explicit Asking(Dialogue& dialogue) : dialogue_(dialogue) {}
    [[nodiscard]] bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> asking) { dialogue_.asking_ = asking; }
    store::Given await_resume() { return std::move(dialogue_.given_); }

   private:
    Dialogue& dialogue_;
  };

  /// `co_await dialogue.ask(query)` gives store::Given.
  [[nodiscard]] Asking ask(plan::RowQuery query, Turn turn = Turn::Middle) {
    ask_.statement = std::move(query.statement);
    ask_.columns = query.columns;
    ask_.readings = std::move(query.readings);
    ask_.is_last = turn == Turn::Last;
    return Asking(*this);
  }
  [[nodiscard]] Asking ask(plan::Statement statement) {
    ask_.statement = std::move(statement);
    ask_.columns = 0;
    ask_.readings.clear();
    ask_.is_last = false;
    return Asking(*this);
  }

  [[nodiscard]] const store::Ask& asked() const noexcept { return ask_; }
  /// Goes on with the part that asked.
  void answer(store::Given&& given) {
    given_ = std::move(given);
    asking_.resume();
  }

 private:
  store::Ask ask_;
  store::Given given_;
  std::coroutine_handle<> asking_ = nullptr;
};

}  // namespace portico::change
