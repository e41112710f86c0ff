#pragma once

#include "access/principal.hpp"
#include "access/quota.hpp"
#include "base/result.hpp"
#include "http/response.hpp"

namespace portico::server {

/// One request's dealings with its key's rate: it enters once, and leaves with its answer. Where no rate is declared
/// it does nothing.
class RateGate {
 public:
  /// Whether the request may be worked on (TooManyRequests); the second time, whatever it was told before. Of a key
  /// that is known to be valid, in so far as what is refused is looked at again.
  [[nodiscard]] base::Status enter(access::Quotas& quotas, const model::Rates& rates,
                                   const access::Principal& principal);
  /// Its key turned out to be no good: the answer says nothing of a rate.
  void forget();
  /// The answer is ready: gives the place back, so that who has read it finds it free, and adds the RateLimit fields.
  void leave(http::Response& response);

 private:
  const model::Rate* rate_ = nullptr;  // null: has not entered
  access::Admission admission_;
};

}  // namespace portico::server
