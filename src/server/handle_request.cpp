#include "server/handle_request.hpp"

#include <exception>
#include <utility>

#include "access/authenticate.hpp"
#include "contract/locate.hpp"
#include "contract/negotiate.hpp"
#include "operation/parse_body.hpp"
#include "operation/parse_operation.hpp"
#include "operation/parse_query.hpp"
#include "plan/make_plan.hpp"
#include "server/health.hpp"
#include "server/represent.hpp"

namespace portico::server {
namespace {

using base::Error;
using base::ErrorCode;
using base::Result;

/// All values of a list field as one (RFC 9110 §5.3). Where there is one field, as nearly always, it is that view of
/// the request; `joined` holds them only where there are several.
std::string_view list_field(const http::Request& request, std::string_view name, std::string& joined) {
  std::string_view value;
  for (const http::HeaderField& field : request.fields) {
    if (!http::same_name(field.name, name)) continue;
    if (value.data() == nullptr) {
      value = field.value;
    } else {
      joined = std::string(value).append(", ").append(field.value);
      value = joined;
    }
  }
  return value;
}

/// One request on its way through the stages: what each has made of it so far.
class Call : public std::enable_shared_from_this<Call> {
 public:
  Call(const Service& service, http::Exchange& exchange)
      : publication_(service.publication),
        store_(service.store),
        log_(*service.log),
        exchange_(exchange.hold()),
        contract_(contract::fallback_contract(api(), api().surfaces.front())) {}

  /// bytes -> Contract -> Principal -> Operation -> Plan -> rows -> Representation -> bytes: the whole way.
  void answer() {
    guarded([this] {
      if (request().path == "*")
        return list_methods({"GET", "HEAD", "OPTIONS"});  // the server itself: RFC 9110 §9.3.7
      if (request().path == health_path && publication_->has_health_page()) return answer_health();
      if (auto agreed = agree(); !agreed) return refuse(agreed.error());
      if (request().method == http::Method::Options) return list_methods_of_target();
      find_key();
    });
  }

  /// HTTP refused it: no way but the last stage.
  void answer_refused(const Error& error) {
    static_cast<void>(agree());
    write_problem(error);
    log();
  }

 private:
  using KeyStage = void (Call::*)(std::optional<access::KeyRecord>);

  [[nodiscard]] const model::Api& api() const { return publication_->api(); }
  [[nodiscard]] const http::Request& request() const { return exchange_->request(); }
  [[nodiscard]] http::Response& response() const { return exchange_->response(); }
  [[nodiscard]] Form form() const { return {.publication = *publication_, .contract = contract_}; }

  /// path, Accept -> Contract
  base::Status agree() {
    auto location = contract::locate(api(), request().path);
    if (!location) return std::move(location).error();
    location_ = std::move(*location);
    contract_ = contract::fallback_contract(api(), *location_.surface);
    std::string joined;
    auto agreed = contract::negotiate(api(), location_, list_field(request(), "Accept", joined));
    if (!agreed) return std::move(agreed).error();
    contract_ = *agreed;
    return base::ok();
  }

  /// Authorization -> KeyRecord, and on
  void find_key() {
    std::string joined;  // several fields make one value that is no token
    const auto bearer = access::bearer_token(list_field(request(), "Authorization", joined));
    if (!bearer) return refuse(bearer.error());
    token_ = access::parse_token(*bearer);
    if (token_) return look_up_key(store::Freshness::Remembered, &Call::admit);
    key_is_fresh_ = true;
    admit({});
  }

  void look_up_key(store::Freshness freshness, KeyStage next) {
    key_is_fresh_ = freshness == store::Freshness::Now || !store_->remembers_keys();
    key_is_awaited_ = true;
    store_->find_key(token_->id, freshness,
                     [self = shared_from_this(), next](Result<std::optional<access::KeyRecord>> found) {
                       self->key_is_awaited_ = false;
                       self->guarded([&] {
                         if (!found) return self->refuse(found.error());
                         ((*self).*next)(std::move(*found));
                       });
                     });
    if (key_is_awaited_) watch_client();
  }

  /// KeyRecord -> Plan, and on. What a remembered key may not do is not said before it is known to be good still: one
  /// that was revoked since gets 401, whatever it asks.
  void admit(std::optional<access::KeyRecord> key) {
    key_ = std::move(key);
    auto planned = plan();
    if (planned) return run();
    if (key_is_fresh_ || !key_) return refuse(planned.error());  // that there is none is never remembered
    refusal_ = std::move(planned).error();
    look_up_key(store::Freshness::Now, &Call::confirm_refusal);
  }

  void confirm_refusal(std::optional<access::KeyRecord> now) {
    if (now == key_) return refuse(refusal_);
    admit(std::move(now));
  }

  /// KeyRecord -> Principal; path, method, query -> Operation -> Plan
  base::Status plan() {
    auto principal = access::authenticate(token_, key_, contract_.mode, base::now());
    if (!principal) return std::move(principal).error();
    principal_ = std::move(*principal);
    auto target = operation::find_target(api(), location_);
    if (!target) return std::move(target).error();
    query_ = operation::parse_query(request().query);
    auto operation = operation::parse_operation(api().limits, *target, request().method, query_);
    if (!operation) return std::move(operation).error();
    if (auto body = operation::check_body(request()); !body) return std::move(body).error();
    auto permitted = access::permit(principal_, operation::resource_of(*operation), operation::kind_of(*operation));
    if (!permitted) return std::move(permitted).error();
    auto plan = publication_->planner().make_plan(
        std::move(*operation), {.account = principal_.account, .version = contract_.version, .mode = contract_.mode});
    if (!plan) return std::move(plan).error();
    plan_ = std::move(*plan);
    return base::ok();
  }

  /// Plan -> Answer, and on
  void run() {
    const store::Query query{.plan = plan_, .mode = contract_.mode, .key_id = principal_.key_id};
    const store::Store::Ticket ticket =
        store_->run(query, [self = shared_from_this()](Result<store::Answer*> answer) {
          self->guarded([&] {
            if (!answer) return self->refuse(answer.error());
            self->take(**answer);
          });
        });
    if (ticket == 0 || finished_) return;
    ticket_ = ticket;
    watch_client();
  }

  void watch_client() {
    exchange_->on_gone([call = weak_from_this()] {
      if (const auto self = call.lock()) self->give_up();
    });
  }

  /// Nobody waits for the answer. What comes of the store after this is dropped.
  void give_up() {
    gone_ = true;
    if (ticket_ != 0) store_->abandon(ticket_);
    if (!finished_) refuse({.code = ErrorCode::Unavailable});
    // A store that keeps this call until it has found a key must not be kept by it, or neither ever ends.
    if (key_is_awaited_) store_.reset();
  }

  /// Nothing of an answer is shown before the key is known to have been good when it was read.
  void take(store::Answer& answer) {
    if (answer.key_is_current) return represent(answer);
    answer_ = std::move(answer);
    look_up_key(store::Freshness::Now, &Call::confirm_answer);
  }

  void confirm_answer(std::optional<access::KeyRecord> now) {
    if (now == key_) return represent(answer_);
    admit(std::move(now));
  }

  /// Answer -> Representation
  void represent(const store::Answer& answer) {
    auto represented = server::represent(plan_, answer, form(),
                                         {.request = request(), .location = location_, .query = query_}, response());
    if (!represented) return refuse(represented.error());
    finish();
  }

  void list_methods_of_target() {
    auto target = operation::find_target(api(), location_);
    if (!target) return refuse(target.error());
    list_methods(operation::allowed_methods(*target));
  }

  void list_methods(const std::vector<std::string>& methods) {
    represent_methods(methods, form(), response());
    finish();
  }

  void answer_health() {
    const base::Status health = store_->health();
    represent_health(request().method, health, response());
    if (!health) fault_ = health.error().detail;
    finish();
  }

  void write_problem(const Error& error) {
    represent_error(error, form(), response());
    if (response().status >= 500) fault_ = error.code == ErrorCode::Internal ? error.message : error.detail;
  }

  void refuse(const Error& error) {
    write_problem(error);
    finish();
  }

  void finish() {
    log();
    finished_ = true;
    exchange_->complete();
  }

  void log() const {
    const auto took = std::chrono::steady_clock::now() - exchange_->began();
    log_.add({.request_id = exchange_->request_id(),
              .peer = request().peer_address,
              .method = request().method_name,
              .path = request().path,
              .query = request().query,
              .status = response().status,
              .body_bytes = response().body.size(),
              .took = std::chrono::duration_cast<std::chrono::microseconds>(took),
              .contract = contract::media_type_name(api(), contract_),
              .account = principal_.account,
              .key_id = principal_.key_id,
              .fault = gone_ ? std::string_view("the client went before its answer") : fault_});
  }

  /// The one catch: a fault of ours is 500 for this request and nobody else's.
  template <typename Stage>
  void guarded(Stage stage) {
    if (finished_) return;  // the client has gone
    try {
      stage();
    } catch (const std::exception& fault) {
      if (!finished_) refuse({.code = ErrorCode::Internal, .message = fault.what()});
    }
  }

  std::shared_ptr<const Publication> publication_;
  std::shared_ptr<store::Store> store_;
  RequestLog& log_;
  std::shared_ptr<http::Exchange> exchange_;
  contract::Contract contract_;
  contract::Location location_;
  std::optional<access::TokenParts> token_;
  std::optional<access::KeyRecord> key_;
  access::Principal principal_;
  operation::Query query_;
  plan::Plan plan_;
  Error refusal_;         // until its key is confirmed
  store::Answer answer_;  // the same
  std::string fault_;
  store::Store::Ticket ticket_ = 0;  // of the run under way, or one that has ended
  bool key_is_fresh_ = false;
  bool key_is_awaited_ = false;
  bool gone_ = false;
  bool finished_ = false;
};

}  // namespace

void handle_request(const Service& service, http::Exchange& exchange) {
  std::make_shared<Call>(service, exchange)->answer();
}

void refuse_request(const Service& service, http::Exchange& exchange, const Error& error) {
  try {
    std::make_shared<Call>(service, exchange)->answer_refused(error);
  } catch (const std::exception&) {  // no memory for words: the status alone
    exchange.response().clear();
    exchange.response().status = 500;
  }
}

}  // namespace portico::server
