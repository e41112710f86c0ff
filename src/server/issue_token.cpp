#include "server/issue_token.hpp"

#include <exception>
#include <memory>
#include <optional>
#include <utility>

#include "access/authenticate.hpp"
#include "base/calendar.hpp"
#include "render/tree_writer.hpp"
#include "server/log_entry.hpp"
#include "server/rate_gate.hpp"
#include "server/token_request.hpp"

namespace portico::server {
namespace {

using base::Error;
using base::ErrorCode;
using base::Result;

constexpr std::string_view allowed = "OPTIONS, POST";
constexpr std::string_view log_contract = "oauth";
constexpr std::int64_t usual_wait_seconds = 5;

/// Takes the slashes in front off, then a step.
std::string_view take_step(std::string_view& path) {
  path.remove_prefix(std::min(path.find_first_not_of('/'), path.size()));
  const std::string_view step = path.substr(0, path.find('/'));
  path.remove_prefix(step.size());
  return step;
}

TokenRefusal refusal_of(const Error& error) {
  const bool passes = error.code == ErrorCode::Unavailable || error.code == ErrorCode::TooManyRequests;
  return {.status = error.code == ErrorCode::TooManyRequests ? 429
                    : passes                                 ? 503
                                                             : 500,
          .error = passes ? "temporarily_unavailable" : "server_error",
          .description = !passes                 ? "A server error occurred."
                         : error.message.empty() ? "The service is not available at the moment."
                                                 : error.message,
          .retry_after = !passes                 ? 0
                         : error.retry_after > 0 ? error.retry_after
                                                 : usual_wait_seconds};
}

TokenRefusal unknown_client() {
  return {.status = 401,
          .error = "invalid_client",
          .description =
              "The client is not known: its key is unknown, was revoked or has expired, or client_id is not "
              "the key's id."};
}

/// One request for a token on its way.
class TokenCall : public std::enable_shared_from_this<TokenCall> {
 public:
  TokenCall(const Service& service, http::Exchange& exchange)
      : publication_(service.publication),
        store_(service.store),
        log_(*service.log),
        quotas_(*service.quotas),
        exchange_(exchange.hold()) {}

  void answer() {
    guarded([this] {
      switch (request().method) {
        case http::Method::Post:
          return look_for_maintenance();
        case http::Method::Options:
          response().status = 204;
          response().add("Allow", allowed);
          return finish();
        case http::Method::Get:
        case http::Method::Head:
        case http::Method::Put:
        case http::Method::Patch:
        case http::Method::Delete:
        case http::Method::Other:
          break;
      }
      response().add("Allow", allowed);
      refuse({.status = 405, .error = "invalid_request", .description = "The method is not allowed; POST is."});
    });
  }

 private:
  [[nodiscard]] const http::Request& request() const { return exchange_->request(); }
  [[nodiscard]] http::Response& response() const { return exchange_->response(); }

  void look_for_maintenance() {
    if (const access::MaintenanceState* known = store_->maintenance()) return pass_maintenance(known);
    store_->read_maintenance([self = shared_from_this()](Result<const access::MaintenanceState*> read) {
      self->guarded([&] { self->pass_maintenance(read); });
    });
  }

  /// A token may be for a mode that goes on being served: only where none does, there is none.
  void pass_maintenance(const Result<const access::MaintenanceState*>& read) {
    if (!read) return refuse(refusal_of(read.error()));
    const access::MaintenanceState& state = **read;
    const bool has_other = publication_->api().has_sandbox() && !state.sandbox;
    if (state.production && !has_other) return refuse(refusal_of(access::refusal_of(*state.production, base::now())));
    find_key();
  }

  void find_key() {
    auto wanted = read_token_request(request(), publication_->api().limits);
    if (auto* refusal = std::get_if<TokenRefusal>(&wanted)) return refuse(*refusal);
    wanted_ = std::get<TokenRequest>(std::move(wanted));
    const auto token = access::parse_token(wanted_.client_secret);
    if (!token || token->kind == access::KeyKind::Access || token->id != wanted_.client_id) {
      return refuse(unknown_client());
    }
    store_->find_key(token->id, store::Freshness::Now,
                     [self = shared_from_this()](Result<std::optional<access::KeyRecord>> found) {
                       self->guarded([&] {
                         if (!found) return self->fail(found.error());
                         self->admit(*found);
                       });
                     });
  }

  void admit(const std::optional<access::KeyRecord>& key) {
    const bool in_production = key && access::works_in(key->modes, model::Mode::Production);
    auto principal =
        access::authenticate(access::parse_token(wanted_.client_secret), key,
                             in_production ? model::Mode::Production : model::Mode::Sandbox, base::now());
    if (!principal) return refuse(unknown_client());
    principal_ = std::move(*principal);
    if (auto entered = rate_gate_.enter(quotas_, publication_->api().rates, principal_); !entered) {
      return refuse(refusal_of(entered.error()));
    }
    if (principal_.kind == access::KeyKind::Public) {
      return refuse({.error = "unauthorized_client",
                     .description = "A public key gets no access tokens; use the account's private key."});
    }
    made_ = access::make_access_token(
        *key, {.scope = wanted_.scope, .lifetime = publication_->api().oauth->seconds, .now = base::now()});
    store_->add_token(made_.record, [self = shared_from_this()](Result<bool> kept) {
      self->guarded([&] {
        if (!kept) return self->fail(kept.error());
        if (!*kept) return self->refuse(unknown_client());
        self->give();
      });
    });
  }

  /// RFC 6749 §5.1
  void give() {
    const base::Microseconds lifetime = *made_.record.expires - made_.record.created;
    write([&](render::TreeWriter& writer) {
      writer.member("access_token", [&] { writer.text(made_.token); });
      writer.member("token_type", [&] { writer.text("Bearer"); });
      writer.member("expires_in", [&] { writer.integer(lifetime / base::microseconds_per_second); });
      if (wanted_.scope == access::Scope::Everything) return;
      writer.member("scope", [&] { writer.text(access::name_of(wanted_.scope)); });
    });
    finish();
  }

  void fail(const Error& error) {
    fault_ = error.code == ErrorCode::Internal ? error.message : error.detail;
    refuse(refusal_of(error));
  }

  /// RFC 6749 §5.2
  void refuse(const TokenRefusal& refusal) {
    response().status = refusal.status;
    if (refusal.status == 401) {
      response().add("WWW-Authenticate", "Basic realm=\"" + publication_->api().vendor + "\", charset=\"UTF-8\"");
    }
    if (refusal.retry_after > 0) response().add("Retry-After", std::to_string(refusal.retry_after));
    write([&](render::TreeWriter& writer) {
      writer.member("error", [&] { writer.text(refusal.error); });
      writer.member("error_description", [&] { writer.text(refusal.description); });
    });
    finish();
  }

  template <typename WriteMembers>
  void write(const WriteMembers& write_members) {
    response().add("Content-Type", "application/json; charset=utf-8");
    response().head.append("Cache-Control: no-store\r\nPragma: no-cache\r\nX-Content-Type-Options: nosniff\r\n");
    render::Sink sink(response().body);
    render::TreeWriter writer(contract::Format::Json, sink);
    writer.open_document();
    writer.open_object();
    write_members(writer);
    writer.close_object();
    writer.close_document();
    sink.finish();
  }

  void finish() {
    rate_gate_.leave(response());
    LogEntry entry = log_entry(*exchange_, principal_);
    entry.contract = log_contract;
    entry.fault = fault_;
    log_.add(entry);
    finished_ = true;
    exchange_->complete();
  }

  template <typename Stage>
  void guarded(Stage stage) {
    if (finished_) return;
    try {
      stage();
    } catch (const std::exception& fault) {
      if (finished_) return;
      response().clear();
      fail({.code = ErrorCode::Internal, .message = fault.what()});
    }
  }

  std::shared_ptr<const Publication> publication_;
  std::shared_ptr<store::Store> store_;
  RequestLog& log_;
  access::Quotas& quotas_;
  std::shared_ptr<http::Exchange> exchange_;
  TokenRequest wanted_;
  access::Principal principal_;
  access::NewKey made_;
  RateGate rate_gate_;
  std::string fault_;
  bool finished_ = false;
};

}  // namespace

bool is_token_path(const model::Api& api, std::string_view path) {
  if (!api.oauth) return false;
  std::string_view wanted = api.oauth->path;
  for (;;) {
    const std::string_view step = take_step(wanted);
    if (take_step(path) != step) return false;
    if (step.empty()) return true;
  }
}

void issue_token(const Service& service, http::Exchange& exchange) {
  std::make_shared<TokenCall>(service, exchange)->answer();
}

}  // namespace portico::server
