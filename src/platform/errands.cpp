#include "platform/errands.hpp"

#include <exception>
#include <stdexcept>
#include <utility>

namespace portico::platform {
namespace {

using base::Error;
using base::ErrorCode;

constexpr std::string_view log_contract = "developers";

Reply worked_out(const Errands::Errand& errand, const base::Result<Desk*>& desk) {
  if (!desk) return refusal(desk.error());
  try {
    return errand(**desk);
  } catch (const std::runtime_error& failure) {
    (*desk)->is_broken = true;
    return refusal({.code = ErrorCode::Unavailable, .message = {}, .detail = failure.what()});
  } catch (const std::exception& fault) {
    (*desk)->is_broken = true;
    return refusal({.code = ErrorCode::Internal, .message = fault.what()});
  }
}

}  // namespace

void Errands::run(http::Exchange& exchange, Errand errand) {
  const std::uint64_t id = ++last_id_;
  under_way_.emplace(id, exchange.hold());
  auto submitted = surroundings_.workers.submit(
      [self = weak_from_this(), id, post = surroundings_.post, errand = std::move(errand)](base::Result<Desk*> desk) {
        auto made = std::make_shared<Reply>(worked_out(errand, desk));
        post([self, id, made] {
          if (const auto errands = self.lock()) errands->finish(id, std::move(*made));
        });
      });
  if (!submitted) finish(id, refusal(submitted.error()));
}

void Errands::finish(std::uint64_t id, Reply reply) {
  const auto found = under_way_.find(id);
  if (found == under_way_.end()) return;
  const std::shared_ptr<http::Exchange> exchange = std::move(found->second);
  under_way_.erase(found);
  this->reply(*exchange, std::move(reply));
}

void Errands::reply(http::Exchange& exchange, Reply reply) {
  fill(exchange, std::move(reply));
  exchange.complete();
}

void Errands::fill(http::Exchange& exchange, Reply reply) {
  http::Response& response = exchange.response();
  response = std::move(reply.response);
  const auto took = std::chrono::steady_clock::now() - exchange.began();
  const http::Request& request = exchange.request();
  surroundings_.log.add({.request_id = exchange.request_id(),
                         .peer = request.peer_address,
                         .method = request.method_name,
                         .path = request.path,
                         .query = surroundings_.queries == Queries::Logged ? request.query : std::string_view(),
                         .status = response.status,
                         .body_bytes = response.body.size(),
                         .took = std::chrono::duration_cast<std::chrono::microseconds>(took),
                         .contract = log_contract,
                         .account = {},
                         .key_id = {},
                         .user = reply.user,
                         .fault = reply.fault});
}

}  // namespace portico::platform
