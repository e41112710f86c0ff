#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "http/server.hpp"
#include "model/api.hpp"
#include "plan/make_plan.hpp"
#include "store/store.hpp"

namespace portico::deliver {

/// A description, and the store that has its outbox.
struct CourierEdition {
  std::shared_ptr<const model::Api> api;
  std::shared_ptr<const plan::Planner> planner;
  std::string header_prefix;                                  ///< `X-Acme-`
  std::function<std::shared_ptr<store::Store>()> make_store;  ///< called once, on the courier's thread
};

/// One try, for the log. No secrets: of the target only its host.
struct TryReport {
  std::string_view id;
  std::string_view account;
  std::string_view resource;
  std::string_view webhook;
  std::string_view host;
  model::Mode mode = model::Mode::Production;
  std::int64_t tries = 0;
  int status = 0;           ///< of the reply; 0: there was none
  std::string_view result;  ///< `taken`, `again`, `given_up`, `released`
  std::string_view failure;
  std::chrono::microseconds took{0};
};

struct CourierOptions {
  /// The secret of an account, made where it has none; waits, on any thread; throws where it cannot be had.
  std::function<std::string(const std::string& account)> secret_of;
  std::function<void(const TryReport&)> report;  ///< on the courier's thread
  std::string authorities_file = {};             ///< PEM, beside the system's; empty: none
};

/// Delivers the messages of an outbox: a thread of its own that claims them, and as many that wait for their
/// receivers as tries are under way. Several servers may share one outbox.
class Courier {
 public:
  /// Throws std::runtime_error for a file of authorities that cannot be used.
  explicit Courier(CourierOptions options);
  ~Courier();
  Courier(const Courier&) = delete;
  Courier& operator=(const Courier&) = delete;

  /// For stores of editions to come.
  [[nodiscard]] http::LoopHandle loop();

  // Thread-safe, and without an effect once it drains:
  /// From now on this description and store; tries under way end by those they began with.
  void take(CourierEdition edition);
  /// Something was written into the outbox.
  void wake();

  /// Claims nothing more.
  void begin_drain();
  /// Waits for the tries under way, at most so long; what is not done by then stays in the outbox, to be tried again
  /// at once. Nothing runs when it returns.
  void drain(std::chrono::seconds most);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace portico::deliver
