#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>

#include "http/server.hpp"
#include "platform/reply.hpp"
#include "platform/workers.hpp"
#include "server/request_log.hpp"

namespace portico::platform {

/// Requests of one loop that workers answer: keeps their exchanges, which nobody else may touch, and completes and
/// logs them once the reply is back. Belongs to the loop, and lives as long as it.
class Errands : public std::enable_shared_from_this<Errands> {
 public:
  /// Makes the reply, on a worker. Must hold all that it needs of the request: exchanges never leave their loop. What
  /// it throws is a fault of ours: 503 where it is a std::runtime_error, which is what databases throw, else 500.
  using Errand = std::function<Reply(Desk&)>;

  /// What the log says of requests' queries: nothing where they hold secrets, as tickets are.
  enum class Queries : std::uint8_t { Logged, Hidden };

  struct Surroundings {
    Workers& workers;
    server::RequestLog& log;
    http::Post post;
    Queries queries = Queries::Logged;
  };
  explicit Errands(Surroundings surroundings) : surroundings_(std::move(surroundings)) {}

  /// Completes the exchange when a worker has made the reply; at once, with 503, where too many wait.
  void run(http::Exchange& exchange, Errand errand);
  /// Completes it now.
  void reply(http::Exchange& exchange, Reply reply);
  /// Writes the reply where HTTP has refused the request, and logs it; completes nothing.
  void fill(http::Exchange& exchange, Reply reply);

 private:
  void finish(std::uint64_t id, Reply reply);

  Surroundings surroundings_;
  std::uint64_t last_id_ = 0;
  std::unordered_map<std::uint64_t, std::shared_ptr<http::Exchange>> under_way_;
};

}  // namespace portico::platform
