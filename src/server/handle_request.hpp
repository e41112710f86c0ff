#pragma once

#include <functional>
#include <memory>

#include "access/quota.hpp"
#include "base/error.hpp"
#include "http/server.hpp"
#include "server/publication.hpp"
#include "server/request_log.hpp"
#include "server/usage_ring.hpp"
#include "store/store.hpp"

namespace portico::server {

/// What answering takes, on one loop.
struct Service {
  std::shared_ptr<const Publication> publication;
  std::shared_ptr<store::Store> store;
  RequestLog* log = nullptr;
  std::function<void()> messages_written = {};  ///< a change has told webhooks; empty: nobody delivers
  UsageRing* usage = nullptr;                   ///< of the loop; null: nobody asks what accounts have used
  access::Quotas* quotas = nullptr;             ///< what keys have used of their rates; of the whole process
};

/// Answers one request: completes the exchange now, or later on the same loop. Throws nothing.
void handle_request(const Service& service, http::Exchange& exchange);

/// Writes the answer to a request that HTTP refused, in the form that its head asked for as far as it was understood.
void refuse_request(const Service& service, http::Exchange& exchange, const base::Error& error);

}  // namespace portico::server
