#pragma once

#include <memory>
#include <string>

#include "app/store_location.hpp"
#include "http/server.hpp"
#include "model/api.hpp"
#include "platform/developer_space.hpp"
#include "platform/errands.hpp"
#include "platform/extension_origins.hpp"
#include "platform/site.hpp"
#include "platform/usage_keeper.hpp"
#include "platform/workers.hpp"
#include "server/request_log.hpp"

namespace portico::app {

/// What of a server is there for extensions, where its description has `extensions:`: the developer space, the
/// extensions' own hosts, and the threads that work for both and count what accounts ask for. Outlives the loops.
class ExtensionSide {
 public:
  /// On one loop; belongs to it.
  struct LoopSide {
    platform::DeveloperSpace space;
    platform::ExtensionOrigins origins;

    void take(const std::shared_ptr<const platform::Site>& site) {
      space.take(site);
      origins.take(site);
    }
    /// Whether the request is for one of them; the extensions' hosts have nothing else.
    [[nodiscard]] bool owns(const http::Request& request) const {
      return origins.owns(request) || space.owns(request);
    }
    // Precondition of all below: owns().
    void answer(http::Exchange& exchange) {
      origins.owns(exchange.request()) ? origins.answer(exchange) : space.answer(exchange);
    }
    void refuse(http::Exchange& exchange, const base::Error& error) {
      origins.owns(exchange.request()) ? origins.refuse(exchange, error) : space.refuse(exchange, error);
    }
    [[nodiscard]] std::size_t body_bytes_max(const http::Request& request) const {
      return origins.owns(request) ? 0 : space.body_bytes_max(request);
    }
  };
  struct Sources {
    std::shared_ptr<const model::Api> api;
    KeysLocation keys;
    store::DataPlace data;
    std::string public_url;  ///< in place of the description's, unless empty
  };

  explicit ExtensionSide(server::RequestLog& log) : log_(log) {}

  /// What a description makes of it, and the tables that it needs; null: nothing. All that can fail. Throws
  /// std::runtime_error.
  [[nodiscard]] static std::shared_ptr<const platform::Site> prepare(const Sources& sources);
  /// From now on the workers go by that. `site`: what prepare() made of the same.
  void take(const std::shared_ptr<const platform::Site>& site, const Sources& sources);
  /// What one more loop tells of its requests, so that accounts see what they have asked for; null where no
  /// description had `extensions:`. Lives as long as this.
  [[nodiscard]] server::UsageRing* make_usage_ring() { return usage_ == nullptr ? nullptr : &usage_->add_ring(); }
  /// For one loop, on its thread.
  [[nodiscard]] std::shared_ptr<LoopSide> make_loop_side(const http::Post& post);

 private:
  server::RequestLog& log_;
  std::unique_ptr<platform::UsageKeeper> usage_;  // where it writes, and how much is kept, stays when SIGHUP comes
  platform::Workers workers_;                     // ask it
};

}  // namespace portico::app
