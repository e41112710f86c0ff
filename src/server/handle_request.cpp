#include "server/handle_request.hpp"

#include <exception>
#include <utility>

#include "access/authenticate.hpp"
#include "access/grant.hpp"
#include "change/make_change.hpp"
#include "contract/negotiate.hpp"
#include "operation/parse_operation.hpp"
#include "operation/parse_query.hpp"
#include "plan/compute.hpp"
#include "plan/make_plan.hpp"
#include "render/document.hpp"
#include "render/problem.hpp"
#include "server/agree.hpp"
#include "server/cross_origin.hpp"
#include "server/file_answer.hpp"
#include "server/health.hpp"
#include "server/issue_token.hpp"
#include "server/list_field.hpp"
#include "server/log_entry.hpp"
#include "server/parents.hpp"
#include "server/permission.hpp"
#include "server/prepare_change.hpp"
#include "server/rate_gate.hpp"
#include "server/represent.hpp"
#include "server/take_body.hpp"

namespace portico::server {
namespace {

using base::Error;
using base::ErrorCode;
using base::Result;

/// One request on its way through the stages: what each has made of it so far.
class Call : public std::enable_shared_from_this<Call> {
 public:
  Call(const Service& service, http::Exchange& exchange)
      : publication_(service.publication),
        store_(service.store),
        log_(*service.log),
        messages_written_(service.messages_written),
        quotas_(*service.quotas),
        usage_(service.usage),
        exchange_(exchange.hold()),
        contract_(contract::fallback_contract(api(), api().surfaces.front())) {}

  /// bytes -> Contract -> Principal -> Operation -> Plan -> rows -> Representation -> bytes: the whole way of what
  /// reads. bytes -> … -> Operation -> RequestedChange -> Outcome -> bytes: of what writes.
  void answer() {
    guarded([this] {
      if (request().path == "*")
        return list_methods({"GET", "HEAD", "OPTIONS"});  // the server itself: RFC 9110 §9.3.7
      if (is_health_path(request().path) && publication_->has_health_page()) return answer_health();
      if (const auto* page = publication_->references().find(api(), request().path)) return answer_reference(*page);
      if (auto agreed = agree(); !agreed) return refuse(agreed.error());
      if (cross_origin_.is_preflight()) return finish(cross_origin_.answer_preflight(form(), response()));
      look_for_maintenance();
    });
  }

  /// HTTP refused it: no way but the last stage.
  void answer_refused(const Error& error) {
    static_cast<void>(agree());
    write_problem(error);
    cross_origin_.mark(response());
    log();
  }

 private:
  using KeyStage = void (Call::*)(std::optional<access::KeyRecord>);

  [[nodiscard]] const model::Api& api() const { return publication_->api(); }
  [[nodiscard]] const http::Request& request() const { return exchange_->request(); }
  [[nodiscard]] http::Response& response() const { return exchange_->response(); }
  [[nodiscard]] Form form() const { return {.publication = *publication_, .contract = contract_}; }
  [[nodiscard]] Origin origin() const { return {.request = request(), .location = location_, .query = query_}; }
  /// RFC 9110 §9.2.1
  [[nodiscard]] bool is_safe() const {
    return request().method == http::Method::Get || request().method == http::Method::Head;
  }

  /// Where tokens of extensions are taken, and nothing else.
  [[nodiscard]] bool is_for_extensions() const {
    return location_.surface != nullptr && api().is_for_extensions(*location_.surface);
  }

  /// path, Accept -> Contract
  base::Status agree() {
    auto agreed = server::agree(api(), request(), {.location = location_, .contract = contract_});
    cross_origin_ = {*publication_, request(), location_};
    return agreed;
  }

  /// Nothing comes before maintenance but the form of its answer.
  void look_for_maintenance() {
    if (const access::MaintenanceState* known = store_->maintenance()) return pass_maintenance(known);
    key_is_awaited_ = true;
    store_->read_maintenance([self = shared_from_this()](Result<const access::MaintenanceState*> read) {
      self->key_is_awaited_ = false;
      self->guarded([&] { self->pass_maintenance(std::move(read)); });
    });
    if (key_is_awaited_) watch_client();
  }

  /// Where it cannot be read, nor can keys be; and who has none can be told so.
  void pass_maintenance(const Result<const access::MaintenanceState*>& state) {
    if (!state && request().field("Authorization").data() != nullptr) return refuse(state.error());
    if (state) {
      const auto& under_way = (*state)->of(contract_.mode);
      if (under_way) return refuse(access::refusal_of(*under_way, base::now()));
    }
    if (request().method == http::Method::Options) return list_methods_of_target();
    find_key();
  }

  /// Authorization -> KeyRecord, and on
  void find_key() {
    std::string joined;  // several fields make one value that is no token
    const auto bearer = access::bearer_token(list_field(request(), "Authorization", joined));
    if (!bearer) return refuse(bearer.error());
    token_ = access::parse_token(*bearer);
    if (is_for_extensions()) return find_grant();
    // Tokens of extensions are none here, and not looked for.
    if (token_ && access::is_of_extension(token_->kind)) token_.reset();
    // What is written cannot be taken back where a key turns out to be revoked.
    const auto freshness = is_safe() ? store::Freshness::Remembered : store::Freshness::Now;
    if (token_) return look_up_key(freshness, &Call::admit);
    key_is_fresh_ = true;
    admit({});
  }

  /// The API for extensions takes nothing but their tokens, each as of now.
  void find_grant() {
    key_is_fresh_ = true;
    if (!token_ || !access::is_of_extension(token_->kind)) return admit({});
    key_is_awaited_ = true;
    store_->find_grant(token_->id, [self = shared_from_this()](Result<std::optional<access::Grant>> found) {
      self->key_is_awaited_ = false;
      self->guarded([&] {
        if (!found) return self->refuse(found.error());
        self->grant_ = std::move(*found);
        self->admit({});
      });
    });
    if (key_is_awaited_) watch_client();
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

  /// KeyRecord -> Plan or RequestedChange, and on. What a remembered key may not do is not said before it is known to
  /// be good still: one that was revoked since gets 401, whatever it asks.
  void admit(std::optional<access::KeyRecord> key) {
    key_ = std::move(key);
    auto planned = plan();
    if (planned && !change_ && !computing_) return run();
    if (planned && key_is_fresh_) return change_ ? make_change() : compute();
    if (planned) return look_up_key(store::Freshness::Now, &Call::admit);
    if (key_is_fresh_ || !key_) return refuse(planned.error());  // that there is none is never remembered
    refusal_ = std::move(planned).error();
    look_up_key(store::Freshness::Now, &Call::confirm_refusal);
  }

  void confirm_refusal(std::optional<access::KeyRecord> now) {
    if (now == key_) return refuse(refusal_);
    admit(std::move(now));
  }

  [[nodiscard]] Result<access::Principal> authenticate() const {
    if (is_for_extensions()) return access::authenticate(token_, grant_, publication_->scope_names(), base::now());
    return access::authenticate(token_, key_, contract_.mode, base::now());
  }

  /// KeyRecord -> Principal; path, method, query, body -> Operation -> Plan, or RequestedChange
  base::Status plan() {
    auto principal = authenticate();
    if (!principal) {
      rate_gate_.forget();
      return std::move(principal).error();
    }
    principal_ = std::move(*principal);
    if (auto admitted = cross_origin_.admit(principal_); !admitted) return admitted;
    if (auto entered = rate_gate_.enter(quotas_, api().rates, principal_); !entered) return entered;
    const auto safety = is_safe() ? access::Safety::Safe : access::Safety::Unsafe;
    if (auto permitted = access::permit(principal_, safety); !permitted) return permitted;
    auto target = operation::find_target(api(), location_, contract_.version);
    if (!target) return std::move(target).error();
    query_ = operation::parse_query(request().query);
    auto operation = operation::parse_operation(api().limits, *target, request().method, query_);
    if (!operation) return std::move(operation).error();
    if (auto taken = take_body(request(), api().limits, *operation); !taken) return taken;
    auto permitted = permit(principal_, *operation, *publication_, contract_.version);
    if (!permitted) return permitted;
    if (auto* change = std::get_if<operation::Change>(&*operation)) return prepare(std::move(*change));
    if (operation::action_of(*operation) != nullptr) {
      return prepare(telling(std::get<operation::Retrieve>(std::move(*operation))));
    }
    if (auto* asked = std::get_if<operation::Compute>(&*operation)) return prepare(std::move(*asked));
    file_ = file_answer_of(*operation);
    parents_ = parents_of(*operation);
    empty_page_.reset();
    return plan_for(std::move(*operation));
  }

  [[nodiscard]] plan::Scope scope() const {
    return {.account = principal_.account, .version = contract_.version, .mode = contract_.mode};
  }

  base::Status plan_for(operation::Operation operation) {
    auto plan = publication_->planner().make_plan(std::move(operation), scope());
    if (!plan) return std::move(plan).error();
    plan_ = std::move(*plan);
    return base::ok();
  }

  /// Plan -> Answer, and on
  void run() {
    // What is remembered is keys alone: a grant was read just now.
    const std::string_view key_id = key_ ? std::string_view(principal_.key_id) : std::string_view();
    const store::Query query{.plan = plan_, .mode = contract_.mode, .key_id = key_id};
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

  base::Status prepare(operation::Change operation) {
    auto prepared = prepare_change(
        std::move(operation),
        {.publication = publication_, .contract = contract_, .principal = principal_, .origin = origin()});
    if (!prepared) return std::move(prepared).error();
    change_ = std::move(*prepared);
    return base::ok();
  }

  base::Status prepare(operation::Compute operation) {
    auto planned = plan::plan_computing(api(), std::move(operation), scope(), base::now());
    if (!planned) return std::move(planned).error();
    computing_ = std::move(*planned);
    return base::ok();
  }

  /// Computing -> Document. What it is worked out of is in the request, but for the account's public key.
  void compute() {
    if (!computing_->resource->computation->asks_public_key) return show_computed({});
    key_is_awaited_ = true;
    store_->find_public_key({.account = principal_.account, .mode = contract_.mode, .now = computing_->now},
                            [self = shared_from_this()](Result<std::optional<std::string>> found) {
                              self->key_is_awaited_ = false;
                              self->guarded([&] {
                                if (!found) return self->refuse(found.error());
                                base::Value public_key;
                                if (*found) public_key = std::move(**found);
                                self->show_computed(std::move(public_key));
                              });
                            });
    if (key_is_awaited_) watch_client();
  }

  /// Document -> Representation
  void show_computed(base::Value public_key) {
    auto answer = plan::compute(*computing_, std::move(public_key));
    if (!answer) return refuse(answer.error());
    render::write_document(contract_, *answer, response().body);
    finish(send_body(form(), request(), response()));
  }

  /// RequestedChange -> Outcome. A client that goes away leaves its change to be made. Nor may this call keep the
  /// store any longer, which keeps it until then. What only tells a state looks at rows as any other read does.
  void make_change() {
    exchange_->on_gone({});
    const std::shared_ptr<store::Store> store = std::move(store_);
    store::Store::Changed made = [self = shared_from_this()](base::Status status) {
      if (status && self->change_->outcome().has_messages && self->messages_written_) self->messages_written_();
      self->guarded([&] {
        if (!status) return self->refuse(status.error());
        self->send(self->change_->outcome());
      });
    };
    if (is_safe()) return store->consult(change_, contract_.mode, std::move(made));
    store->change(change_, contract_.mode, std::move(made));
  }

  /// An outcome is an answer; one that was only read has conditions as any other that is.
  void send(const change::Outcome& outcome) {
    response().body = outcome.body;
    if (is_safe() && outcome.status == 200) return finish(send_body(form(), request(), response()));
    response().status = outcome.status;
    response().head = outcome.head;
    if (usage_ != nullptr) words_ = {.type = outcome.error_type, .message = outcome.error_message};
    fault_ = outcome.fault;
    finish();
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
    if (answer.key_is_current) return show(answer);
    answer_ = std::move(answer);
    look_up_key(store::Freshness::Now, &Call::confirm_answer);
  }

  void confirm_answer(std::optional<access::KeyRecord> now) {
    if (now == key_) return show(answer_);
    admit(std::move(now));
  }

  /// A list without rows may be one below an object that is not there: that is looked for, if the path names one.
  void show(store::Answer& answer) {
    if (file_) return show_file(answer);
    const bool is_list = std::holds_alternative<plan::ListPlan>(plan_);
    const bool is_empty = is_list ? answer.count == 0 : answer.rows.size() == 0;
    if (is_empty && !empty_page_ && !parents_.empty()) {
      empty_page_.emplace(std::move(plan_), std::move(answer));
      return look_for_parent();
    }
    if (!empty_page_ || is_empty) return represent(plan_, answer);
    if (!parents_.empty()) return look_for_parent();
    represent(empty_page_->first, empty_page_->second);
  }

  /// Answer -> Representation, or the plan that brings the bytes
  void show_file(const store::Answer& answer) {
    const Form form = this->form();
    auto next = file_->take(answer, {.form = form, .request = request(), .scope = scope()}, response());
    if (!next) return refuse(next.error());
    if (!*next) return finish();
    plan_ = std::move(**next);
    run();
  }

  void look_for_parent() {
    operation::Operation parent = std::move(parents_.back());
    parents_.pop_back();
    if (auto planned = plan_for(std::move(parent)); !planned) return refuse(planned.error());
    run();
  }

  /// Answer -> Representation
  void represent(const plan::Plan& plan, const store::Answer& answer) {
    finish(server::represent(plan, answer, form(), origin(), response()));
  }

  void list_methods_of_target() {
    auto target = operation::find_target(api(), location_, contract_.version);
    if (!target) return refuse(target.error());
    list_methods(operation::allowed_methods(*target));
  }

  void list_methods(const std::vector<std::string>& methods) {
    represent_methods(methods, form(), response());
    finish();
  }

  void answer_health() {
    const Health health{.reading = store_->health(), .changing = store_->health_of_changes()};
    represent_health(request().method, health, response());
    const base::Status& worse = health.reading ? health.changing : health.reading;
    if (!worse) fault_ = worse.error().detail;
    finish();
  }

  void answer_reference(const References::Page& page) {
    contract_ = contract::fallback_contract(api(), *page.surface);
    contract_.version = page.version;
    finish(represent_reference(request(), page, response()));
  }

  void write_problem(const Error& error) {
    represent_error(error, form(), response());
    if (usage_ != nullptr) words_ = render::words_of(contract_, error);
    fault_ = fault_of(error, response().status);
  }

  void refuse(const Error& error) {
    write_problem(error);
    finish();
  }

  void finish(const base::Status& represented) {
    if (!represented) return refuse(represented.error());
    finish();
  }

  void finish() {
    rate_gate_.leave(response());
    cross_origin_.mark(response());
    log();
    finished_ = true;
    exchange_->complete();
  }

  void log() const {
    LogEntry entry = log_entry(*exchange_, principal_);
    const std::string contract = contract::media_type_name(api(), contract_);
    entry.contract = contract;
    entry.error_type = words_.type;
    entry.error_message = words_.message;
    entry.fault = gone_ ? std::string_view("the client went before its answer") : fault_;
    log_.add(entry);
    if (usage_ != nullptr && !gone_ && !entry.account.empty()) usage_->add(entry);
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
  const std::function<void()>& messages_written_;  // the loop's service's, which lives as long as the loop
  access::Quotas& quotas_;
  UsageRing* const usage_;  // null: nothing is counted
  std::shared_ptr<http::Exchange> exchange_;
  contract::Contract contract_;
  contract::Location location_;
  std::optional<access::TokenParts> token_;
  std::optional<access::KeyRecord> key_;
  std::optional<access::Grant> grant_;
  access::Principal principal_;
  RateGate rate_gate_;
  CrossOrigin cross_origin_;
  operation::Query query_;
  plan::Plan plan_;
  std::vector<operation::Retrieve> parents_;  // of the list that was asked for: those not looked for yet
  std::optional<std::pair<plan::Plan, store::Answer>> empty_page_;  // while they are looked for
  std::optional<FileAnswer> file_;                                  // where a file was asked for
  std::shared_ptr<change::RequestedChange> change_;
  std::optional<plan::Computing> computing_;
  Error refusal_;               // until its key is confirmed
  store::Answer answer_;        // the same
  render::ProblemWords words_;  // of the error that is answered
  std::string fault_;
  store::Store::Ticket ticket_ = 0;  // of the run under way, or one that has ended
  bool key_is_fresh_ = false;
  bool key_is_awaited_ = false;  // or what is under maintenance
  bool gone_ = false;
  bool finished_ = false;
};

}  // namespace

void handle_request(const Service& service, http::Exchange& exchange) {
  if (is_token_path(service.publication->api(), exchange.request().path)) return issue_token(service, exchange);
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
