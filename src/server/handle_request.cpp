#include "server/handle_request.hpp"

#include <exception>
#include <utility>

#include "access/authenticate.hpp"
#include "base/text.hpp"
#include "contract/locate.hpp"
#include "contract/negotiate.hpp"
#include "operation/parse_body.hpp"
#include "operation/parse_operation.hpp"
#include "operation/parse_query.hpp"
#include "plan/make_plan.hpp"
#include "render/document.hpp"
#include "render/problem.hpp"

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
        return list_methods({"GET", "HEAD", "OPTIONS"});  // the server itself (RFC 9110 §9.3.7)
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
  [[nodiscard]] const model::Api& api() const { return publication_->api(); }
  [[nodiscard]] const http::Request& request() const { return exchange_->request(); }
  [[nodiscard]] http::Response& response() const { return exchange_->response(); }

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
    if (!token_) return authorize(std::optional<access::KeyRecord>());
    store_->find_key(token_->id, store::Freshness::Remembered,
                     [self = shared_from_this()](Result<std::optional<access::KeyRecord>> found) {
                       self->guarded([&] { self->authorize(std::move(found)); });
                     });
  }

  /// KeyRecord -> Principal
  void authorize(Result<std::optional<access::KeyRecord>> found) {
    if (!found) return refuse(found.error());
    auto principal = access::authenticate(token_, *found, contract_.mode, base::now());
    if (!principal) return refuse(principal.error());
    principal_ = std::move(*principal);
    if (auto planned = plan(); !planned) return refuse(planned.error());
    run();
  }

  /// path, method, query -> Operation -> Plan
  base::Status plan() {
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
    store_->run(query, [self = shared_from_this()](Result<store::Answer*> answer) {
      self->guarded([&] {
        if (!answer) return self->refuse(answer.error());
        self->represent(**answer);
      });
    });
  }

  /// Answer -> Representation
  void represent(const store::Answer& answer) {
    if (const auto* list = std::get_if<plan::ListPlan>(&plan_)) return represent_page(*list, answer);
    represent_object(std::get<plan::RetrievePlan>(plan_), answer);
  }

  void represent_page(const plan::ListPlan& plan, const store::Answer& answer) {
    const std::int64_t last = answer.count == 0 ? 1 : (answer.count - 1) / plan.size + 1;
    if (plan.number > last) {
      return refuse({.code = ErrorCode::NotFound,
                     .message = "There is no page " + std::to_string(plan.number) + "; the last is " +
                                std::to_string(last) + "."});
    }
    const std::string origin = origin_of(publication_->public_url(), publication_->trusted_proxies(), request());
    const auto url_of = [&](std::int64_t page) {
      return page < 1 || page > last ? std::string() : page_url(origin, contract_, location_, query_, page);
    };
    const std::string next = url_of(plan.number + 1);
    const std::string previous = url_of(plan.number - 1);
    add_success_fields();
    render::write_page(
        contract_, publication_->row_template(*plan.view, contract_.format), answer.rows,
        {.number = plan.number, .size = plan.size, .count = answer.count, .next = next, .previous = previous},
        response().body);
    finish();
  }

  /// A foreign object and a missing one give the same bytes: no row, and the name as the client wrote it.
  void represent_object(const plan::RetrievePlan& plan, const store::Answer& answer) {
    if (answer.rows.size() == 0) {
      const std::string& singular = plan.view->resource->singular;
      return refuse({.code = ErrorCode::NotFound, .faults = {{{singular + "__id"}, plan.name}}});
    }
    add_success_fields();
    render::write_object(contract_, publication_->row_template(*plan.view, contract_.format), answer.rows,
                         response().body);
    finish();
  }

  void list_methods_of_target() {
    auto target = operation::find_target(api(), location_);
    if (!target) return refuse(target.error());
    list_methods(operation::allowed_methods(*target));
  }

  void list_methods(const std::vector<std::string>& methods) {
    response().status = 204;
    response().add("Allow", base::joined(methods, ", "));
    add_common_fields();
    finish();
  }

  void add_success_fields() {
    response().status = 200;
    response().add("Content-Type", contract_.content_type);
    add_common_fields();
  }

  void add_common_fields() {
    response().add(publication_->media_type_header(), contract::media_type_name(api(), contract_));
    response().head.append("Vary: Accept, Authorization\r\nX-Content-Type-Options: nosniff\r\n");
  }

  void write_problem(const Error& error) {
    response().clear();
    render::write_problem(contract_, error, response());
    if (response().status == 401 || error.code == ErrorCode::Forbidden) {
      response().add("WWW-Authenticate", access::www_authenticate(error, api().vendor));
    }
    add_common_fields();
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
              .fault = fault_});
  }

  /// The one catch: a fault of ours is 500 for this request and nobody else's.
  template <typename Stage>
  void guarded(Stage stage) {
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
  access::Principal principal_;
  operation::Query query_;
  plan::Plan plan_;
  std::string fault_;
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
