#pragma once

#include <memory>
#include <utility>

#include "base/error.hpp"
#include "http/server.hpp"
#include "platform/errands.hpp"
#include "platform/site.hpp"

namespace portico::platform {

/// Requests for the extensions' hosts, on one loop. Belongs to the loop, and lives as long as it.
class ExtensionOrigins {
 public:
  /// `errands`: ones that log no queries.
  explicit ExtensionOrigins(std::shared_ptr<Errands> errands) : errands_(std::move(errands)) {}

  /// What it goes by from the next request on; null: there are no extensions.
  void take(std::shared_ptr<const Site> site) { site_ = std::move(site); }

  /// Whether the request was sent to an extension's host, or to one that could be: below `extensions: host`, or that
  /// host itself. Nothing else may answer it. A trusted proxy's X-Forwarded-Host counts (P12).
  [[nodiscard]] bool owns(const http::Request& request) const;

  // Precondition of both below: owns().

  /// Completes the exchange later on the same loop: see answer_origin().
  void answer(http::Exchange& exchange);
  /// Fills the response where HTTP has refused the request.
  void refuse(http::Exchange& exchange, const base::Error& error);

 private:
  std::shared_ptr<Errands> errands_;
  std::shared_ptr<const Site> site_;
};

}  // namespace portico::platform
