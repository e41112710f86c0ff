#include "server/rate_gate.hpp"

#include <chrono>
#include <string>

namespace portico::server {

namespace {

const model::Rate& rate_of(access::KeyKind kind, const model::Rates& rates) {
  switch (kind) {
    case access::KeyKind::Private:
    case access::KeyKind::Access:
      return rates.private_keys;
    case access::KeyKind::Public:
      return rates.public_keys;
    case access::KeyKind::Run:
    case access::KeyKind::Test:
      return rates.extensions;
  }
  return rates.private_keys;
}

}  // namespace

base::Status RateGate::enter(access::Quotas& quotas, const model::Rates& rates, const access::Principal& principal) {
  const model::Rate& rate = rate_of(principal.kind, rates);
  if (!rate.limits_anything()) return base::ok();
  if (rate_ == nullptr) {
    rate_ = &rate;
    admission_ = quotas.enter(principal.rate_key(), rate, std::chrono::steady_clock::now());
  }
  if (admission_.verdict == access::QuotaVerdict::Admitted) return base::ok();
  return refusal_of(admission_, rate);
}

void RateGate::forget() {
  admission_.allowance = {};
}

void RateGate::leave(http::Response& response) {
  if (rate_ == nullptr) return;
  admission_.slot.release();
  const access::Allowance& allowance = admission_.allowance;
  if (allowance.limit == 0) return;
  response.add("RateLimit-Limit", std::to_string(allowance.limit));
  response.add("RateLimit-Remaining", std::to_string(allowance.remaining));
  response.add("RateLimit-Reset", std::to_string(allowance.reset_seconds));
}

}  // namespace portico::server
