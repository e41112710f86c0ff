#pragma once

#include <cstddef>
#include <memory>

#include "base/error.hpp"
#include "http/server.hpp"
#include "platform/errands.hpp"
#include "platform/site.hpp"

namespace portico::platform {

/// Requests for the developer space, pages and API, on one loop. Belongs to the loop, and lives as long as it.
class DeveloperSpace {
 public:
  explicit DeveloperSpace(std::shared_ptr<Errands> errands) : errands_(std::move(errands)) {}

  /// What it goes by from the next request on; null: there is no developer space.
  void take(std::shared_ptr<const Site> site) { site_ = std::move(site); }

  /// Whether the request is for it: `/developers`, and what lies below.
  [[nodiscard]] bool owns(const http::Request& request) const {
    return site_ != nullptr && is_below(request.path, console_path);
  }

  // Precondition of all below: owns().

  /// Completes the exchange now, or later on the same loop.
  void answer(http::Exchange& exchange);
  /// Fills the response where HTTP has refused the request.
  void refuse(http::Exchange& exchange, const base::Error& error);
  /// How long the body of a request with that head may be.
  [[nodiscard]] std::size_t body_bytes_max(const http::Request& request) const;

 private:
  /// Whether that is the path `above`, or one below it.
  static bool is_below(std::string_view path, std::string_view above) {
    return path.starts_with(above) && (path.size() == above.size() || path[above.size()] == '/');
  }
  void answer_call(http::Exchange& exchange);

  std::shared_ptr<Errands> errands_;
  std::shared_ptr<const Site> site_;
};

}  // namespace portico::platform
