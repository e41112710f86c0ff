#include "server/handle_request.hpp"

#include <deque>
#include <set>

#include "base/ids.hpp"
#include "render/entity_tag.hpp"
#include "support/small_api.hpp"

namespace portico::server {
namespace {

using base::ErrorCode;
using store::Freshness;

constexpr std::string_view description = R"(
vendor: shop
versions: [1, 2]
apis:
  partner: {base: /, dialect: media-type}
  extension: {base: /api, dialect: code-envelope}
accounts: shops
resources:
  shops:
    operations: [retrieve]
    fields:
      id: {type: id}
  orders:
    owner: shop
    operations: [list, retrieve, create, update]
    fields:
      id: {type: id}
      name: {type: string, "null": true}
      total: {type: money, "null": true}
    actions:
      refund:
        get: yes
        answer: {remaining: total}
        public_key: yes
  parts:
    path: /orders/{order}/parts
    owner: shop
    operations: [list]
    fields:
      id: {type: id}
      order: {type: id, refers: orders, hidden: true}
    summary: {fields: {first: min(id)}}
  keys: {computed: yes, answer: {key: public_key()}}
  plan: {computed: yes, parameters: {a: {type: integer, "null": true}}, answer: {b: a + 1}}
)";

/// A request and its answer, without a connection.
class HeldExchange final : public http::Exchange, public std::enable_shared_from_this<HeldExchange> {
 public:
  [[nodiscard]] const http::Request& request() const override { return request_; }
  [[nodiscard]] http::Response& response() override { return response_; }
  [[nodiscard]] std::string_view request_id() const override { return "00"; }
  [[nodiscard]] std::chrono::steady_clock::time_point began() const override { return {}; }
  [[nodiscard]] std::shared_ptr<http::Exchange> hold() override { return shared_from_this(); }
  void on_gone(std::function<void()> gone) override { gone_ = std::move(gone); }
  void complete() override { ++completed_; }

  http::Request request_;
  std::deque<std::string> texts_;
  std::vector<http::HeaderField> fields_;
  http::Response response_;
  std::function<void()> gone_;
  int completed_ = 0;
};

/// Gives keys and rows as the test sets them, and keeps what it was asked.
class ScriptedStore final : public store::Store {
 public:
  void find_key(std::string_view id, Freshness freshness, KeyFound done) override {
    asked_.push_back(freshness);
    if (!key_ || key_->id != id) return done(std::optional<access::KeyRecord>());
    if (freshness == Freshness::Now && revoked_since_) key_->revoked = revoked_since_;
    done(key_);
  }
  void find_grant(std::string_view /*id*/, GrantFound done) override { done(grant_); }
  void find_public_key(const store::PublicKeyQuery& query, PublicKeyFound done) override {
    public_keys_of_.emplace_back(query.account);
    done(public_key_);
  }
  void add_token(const access::KeyRecord& token, TokenKept done) override {
    token_ = token;
    done(token_is_kept_);
  }
  [[nodiscard]] const access::MaintenanceState* maintenance() override {
    return maintenance_is_known_ ? &maintenance_ : nullptr;
  }
  void read_maintenance(MaintenanceRead done) override {
    ++maintenance_reads_;
    done(&maintenance_);
  }
  Ticket run(const store::Query& query, Answered done) override {
    const bool is_list = std::holds_alternative<plan::ListPlan>(query.plan);
    const auto& view =
        is_list ? *std::get<plan::ListPlan>(query.plan).view : *std::get<plan::RetrievePlan>(query.plan).view;
    looked_at_.push_back(view.resource->name);
    answer_.rows.clear(view.leaves.size());
    answer_.count = 77;  // what an answer before it left: nobody may look at it of one object
    const bool is_there = there_.count(view.resource->name) > 0;
    if (is_list) answer_.count = is_there ? 1 : 0;
    if (is_there) {
      for (std::size_t i = 0; i < view.leaves.size(); ++i) answer_.rows.add_text(i == 0 ? std::string(32, 'a') : "x");
    }
    done(&answer_);
    return 0;
  }
  void change(std::shared_ptr<store::Mutation> mutation, model::Mode mode, Changed done) override {
    mutation_ = std::move(mutation);
    mode_ = mode;
    changed_ = std::move(done);
  }
  void consult(std::shared_ptr<store::Mutation> looking, model::Mode mode, Changed done) override {
    consulted_ = true;
    change(std::move(looking), mode, std::move(done));
  }
  void abandon(Ticket /*ticket*/) override {}
  [[nodiscard]] bool remembers_keys() const noexcept override { return remembers_; }
  [[nodiscard]] base::Status health() const override { return health_; }
  [[nodiscard]] base::Status health_of_changes() const override { return health_of_changes_; }

  std::optional<access::KeyRecord> key_;
  std::optional<access::Grant> grant_;
  std::optional<std::string> public_key_;
  std::vector<std::string> public_keys_of_;  // the accounts whose was asked for
  bool remembers_ = true;
  std::optional<base::Microseconds> revoked_since_;  // what is remembered does not know of it
  std::optional<access::KeyRecord> token_;
  bool token_is_kept_ = true;
  access::MaintenanceState maintenance_;
  bool maintenance_is_known_ = true;
  int maintenance_reads_ = 0;
  std::vector<Freshness> asked_;
  std::vector<std::string> looked_at_;
  std::set<std::string> there_;
  store::Answer answer_;
  std::shared_ptr<store::Mutation> mutation_;
  model::Mode mode_ = model::Mode::Production;
  Changed changed_;
  bool consulted_ = false;
  base::Status health_ = base::ok();
  base::Status health_of_changes_ = base::ok();
};

class HandleRequest : public testing::Test {
 protected:
  HandleRequest() {
    access::NewKey key = access::make_key({.account = std::string(32, 'a'), .kind = access::KeyKind::Private});
    token_ = "Bearer " + key.token;
    store_->key_ = key.record;
    service_.publication = std::make_shared<Publication>(support::api_of(description), plan::SqlFlavor::Sqlite);
    service_.store = store_;
    service_.log = &log_;
    service_.quotas = &quotas_;
  }

  struct Asked {
    http::Method method = http::Method::Get;
    std::string path;
    std::vector<std::pair<std::string, std::string>> fields = {};
    std::string body = {};
  };

  http::Response& ask(const Asked& asked) {
    exchange_ = std::make_shared<HeldExchange>();
    auto& texts = exchange_->texts_;
    const auto kept = [&](std::string text) { return std::string_view(texts.emplace_back(std::move(text))); };
    http::Request& request = exchange_->request_;
    request.method = asked.method;
    request.path = kept(asked.path);
    request.host = "shop.example";
    request.body = kept(asked.body);
    if (!without_credentials_) exchange_->fields_.push_back({"Authorization", token_});
    for (const auto& [name, value] : asked.fields) exchange_->fields_.push_back({kept(name), kept(value)});
    request.fields = exchange_->fields_;
    handle_request(service_, *exchange_);
    return exchange_->response_;
  }

  static std::string field(const http::Response& response, const std::string& name) {
    const std::size_t at = response.head.find(name + ": ");
    if (at == std::string::npos) return {};
    const std::size_t begin = at + name.size() + 2;
    return response.head.substr(begin, response.head.find("\r\n", begin) - begin);
  }

  const std::string order_ = "/orders/" + std::string(32, 'a');
  std::string token_;
  bool without_credentials_ = false;
  std::shared_ptr<ScriptedStore> store_ = std::make_shared<ScriptedStore>();
  RequestLog log_{-1};
  access::Quotas quotas_{100};
  Service service_;
  std::shared_ptr<HeldExchange> exchange_;
};

TEST_F(HandleRequest, AnObjectHasTheTagOfItsBody) {
  store_->there_ = {"orders"};
  const http::Response sent = ask({.path = order_});
  EXPECT_EQ(sent.status, 200);
  EXPECT_EQ(field(sent, "ETag"), render::entity_tag(sent.body));
  const http::Response again = ask({.path = order_, .fields = {{"If-None-Match", field(sent, "ETag")}}});
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.body, "");
  EXPECT_EQ(field(again, "ETag"), field(sent, "ETag"));
  EXPECT_EQ(field(again, "X-Shop-Media-Type"), "shop.v2");
  EXPECT_EQ(field(again, "Vary"), "Accept, Authorization");
  EXPECT_EQ(field(again, "Content-Type"), "");
  const http::Response head =
      ask({.method = http::Method::Head, .path = order_, .fields = {{"If-None-Match", "\"other\""}}});
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(field(head, "ETag"), field(sent, "ETag"));
  const http::Response failed = ask({.path = order_, .fields = {{"If-Match", "\"other\""}}});
  EXPECT_EQ(failed.status, 412);
  EXPECT_NE(failed.body.find("PreconditionFailedException"), std::string::npos);
}

TEST_F(HandleRequest, ConditionsAreNotLookedAtWhereNothingIsThere) {
  EXPECT_EQ(ask({.path = order_, .fields = {{"If-None-Match", "*"}}}).status, 404);
  EXPECT_EQ(ask({.path = order_, .fields = {{"If-Match", "\"other\""}}}).status, 404);
}

TEST_F(HandleRequest, AnEmptyListBelowNothingIsNotThere) {
  const http::Response missing = ask({.path = order_ + "/parts"});
  EXPECT_EQ(missing.status, 404);
  EXPECT_NE(missing.body.find("order__id"), std::string::npos);
  EXPECT_EQ(store_->looked_at_, (std::vector<std::string>{"parts", "orders"}));

  store_->looked_at_.clear();
  store_->there_ = {"orders"};
  const http::Response empty = ask({.path = order_ + "/parts"});
  EXPECT_EQ(empty.status, 200);
  EXPECT_NE(empty.body.find(R"("results":[])"), std::string::npos);
  EXPECT_EQ(store_->looked_at_, (std::vector<std::string>{"parts", "orders"}));

  store_->looked_at_.clear();
  store_->there_ = {"parts"};
  EXPECT_EQ(ask({.path = order_ + "/parts"}).status, 200);
  EXPECT_EQ(store_->looked_at_, (std::vector<std::string>{"parts"}));

  store_->looked_at_.clear();
  store_->there_ = {};
  EXPECT_EQ(ask({.path = "/orders"}).status, 200);
  EXPECT_EQ(store_->looked_at_, (std::vector<std::string>{"orders"}));
}

TEST_F(HandleRequest, AChangeAsksForTheKeyAsItIsNow) {
  ask({.path = order_});
  EXPECT_EQ(store_->asked_, (std::vector{Freshness::Remembered}));
  store_->asked_.clear();
  ask({.method = http::Method::Post,
       .path = "/orders",
       .fields = {{"Content-Type", "application/json"}},
       .body = "{}"});
  EXPECT_EQ(store_->asked_, (std::vector{Freshness::Now}));
  EXPECT_NE(store_->mutation_, nullptr);
  EXPECT_FALSE(store_->consulted_);
}

TEST_F(HandleRequest, AStateIsToldWithAKeyAsItIsNow) {
  ask({.path = order_ + "/refund"});
  EXPECT_EQ(store_->asked_, (std::vector{Freshness::Remembered, Freshness::Now}));
  EXPECT_NE(store_->mutation_, nullptr);
  EXPECT_TRUE(store_->consulted_) << "it would wait for those who write";
  EXPECT_EQ(exchange_->completed_, 0);
}

TEST_F(HandleRequest, ASummaryOfNothingIsA204UnlessItLiesBelowNothing) {
  store_->there_ = {"orders"};
  EXPECT_EQ(ask({.path = order_ + "/parts/summary"}).status, 204);
  EXPECT_EQ(exchange_->response_.body, "");
  EXPECT_EQ(store_->looked_at_, (std::vector<std::string>{"parts", "orders"}));
  EXPECT_EQ(ask({.path = "/api" + order_ + "/parts/summary"}).status, 200);
  EXPECT_EQ(exchange_->response_.body, R"({"code":0})");

  store_->there_ = {};
  EXPECT_EQ(ask({.path = order_ + "/parts/summary"}).status, 404);

  store_->there_ = {"parts"};
  store_->looked_at_.clear();
  EXPECT_EQ(ask({.path = order_ + "/parts/summary"}).status, 200);
  EXPECT_EQ(exchange_->response_.body, R"({"first":")" + std::string(32, 'a') + R"("})");
  EXPECT_EQ(store_->looked_at_, (std::vector<std::string>{"parts"}));
}

TEST_F(HandleRequest, WhatIsComputedAsksForTheKeyAsItIsNowAndForNothingElse) {
  EXPECT_EQ(ask({.path = "/plan"}).body, R"({"b":null})");
  EXPECT_EQ(store_->asked_, (std::vector{Freshness::Remembered, Freshness::Now}));
  EXPECT_TRUE(store_->looked_at_.empty());
  EXPECT_TRUE(store_->public_keys_of_.empty());

  store_->public_key_ = "public_1";
  EXPECT_EQ(ask({.path = "/keys"}).body, R"({"key":"public_1"})");
  EXPECT_EQ(store_->public_keys_of_, (std::vector{std::string(32, 'a')}));
  store_->public_key_.reset();
  EXPECT_EQ(ask({.path = "/keys"}).body, R"({"key":null})");
}

TEST_F(HandleRequest, WhatIsComputedIsRefusedARevokedKey) {
  const auto revoked = [this] { store_->key_->revoked = 1; };
  revoked();
  EXPECT_EQ(ask({.path = "/plan"}).status, 401);
  EXPECT_EQ(ask({.path = "/keys"}).status, 401);
  EXPECT_TRUE(store_->public_keys_of_.empty());
}

TEST_F(HandleRequest, TheHealthPageTellsReadingFromChanging) {
  const http::Response well = ask({.path = "/health"});
  EXPECT_EQ(well.status, 200);
  EXPECT_EQ(well.body, R"({"status":"ok"})");
  store_->health_of_changes_ = base::Error{.code = ErrorCode::Unavailable, .detail = "the disk is full"};
  const http::Response degraded = ask({.path = "/health"});
  EXPECT_EQ(degraded.status, 200);
  EXPECT_EQ(degraded.body, R"({"status":"degraded","reason":"Reading works; changes cannot be made at present."})");
  EXPECT_EQ(field(degraded, "Retry-After"), "");
  store_->health_ = base::Error{.code = ErrorCode::Unavailable, .detail = "it is away"};
  const http::Response away = ask({.path = "/health"});
  EXPECT_EQ(away.status, 503);
  EXPECT_EQ(away.body, R"({"status":"unavailable","reason":"The database cannot be reached."})");
  EXPECT_EQ(field(away, "Retry-After"), "5");
}

TEST_F(HandleRequest, WhatTheStoreCannotDoIsA503) {
  const http::Response& response =
      ask({.method = http::Method::Post,
           .path = "/orders",
           .fields = {{"Content-Type", "application/json"}, {"Accept", "application/vnd.shop.sandbox.v1+xml"}},
           .body = "{}"});
  // The key is for production: nothing reaches the store.
  EXPECT_EQ(response.status, 403);
  EXPECT_EQ(store_->mutation_, nullptr);
  ask({.method = http::Method::Post,
       .path = "/orders",
       .fields = {{"Content-Type", "application/json"}},
       .body = "{}"});
  ASSERT_NE(store_->mutation_, nullptr);
  EXPECT_EQ(exchange_->completed_, 0);
  store_->changed_(base::Error{.code = ErrorCode::Unavailable});
  EXPECT_EQ(exchange_->completed_, 1);
  EXPECT_EQ(exchange_->response_.status, 503);
  EXPECT_EQ(field(exchange_->response_, "Retry-After"), "5");
}

TEST_F(HandleRequest, AClientThatGoesAwayLeavesItsChange) {
  ask({.method = http::Method::Post,
       .path = "/orders",
       .fields = {{"Content-Type", "application/json"}},
       .body = "{}"});
  ASSERT_NE(store_->mutation_, nullptr);
  EXPECT_FALSE(exchange_->gone_);
}

TEST_F(HandleRequest, AnIdempotencyKeyIsOneFieldOfVisibleCharacters) {
  const auto status = [&](std::vector<std::pair<std::string, std::string>> fields) {
    fields.emplace_back("Content-Type", "application/json");
    store_->mutation_ = nullptr;
    const http::Response& response =
        ask({.method = http::Method::Post, .path = "/orders", .fields = fields, .body = "{}"});
    return store_->mutation_ != nullptr ? 0 : response.status;
  };
  EXPECT_EQ(status({{"Idempotency-Key", "a"}}), 0);
  EXPECT_EQ(status({{"Idempotency-Key", std::string(255, '~')}}), 0);
  EXPECT_EQ(status({{"Idempotency-Key", std::string(256, '~')}}), 400);
  EXPECT_EQ(status({{"Idempotency-Key", ""}}), 400);
  EXPECT_EQ(status({{"Idempotency-Key", "a b"}}), 400);
  EXPECT_EQ(status({{"Idempotency-Key", "\xc3\xb1"}}), 400);
  EXPECT_EQ(status({{"Idempotency-Key", "a"}, {"idempotency-key", "a"}}), 400);
  EXPECT_EQ(status({{"If-Match", ""}}), 400);
  EXPECT_EQ(status({{"If-None-Match", ""}}), 400);
}

TEST_F(HandleRequest, TheBodyComesBeforeTheRight) {
  access::NewKey key = access::make_key({.account = std::string(32, 'a'), .kind = access::KeyKind::Public});
  token_ = "Bearer " + key.token;
  store_->key_ = key.record;
  const auto posted = [&](std::string type, std::string body) {
    return ask({.method = http::Method::Post, .path = "/orders", .fields = {{"Content-Type", type}}, .body = body})
        .status;
  };
  EXPECT_EQ(posted("text/plain", "{}"), 415);
  EXPECT_EQ(posted("application/json", "{"), 400);
  EXPECT_EQ(posted("application/json", "{}"), 403);
  EXPECT_EQ(store_->mutation_, nullptr);
  ask({.method = http::Method::Post,
       .path = order_ + "/refund",
       .fields = {{"Content-Type", "application/json"}},
       .body = "{}"});
  EXPECT_NE(store_->mutation_, nullptr);  // a public key may do that
}

TEST_F(HandleRequest, OptionsSaysWhatPatchTakes) {
  EXPECT_EQ(field(ask({.method = http::Method::Options, .path = order_}), "Accept-Patch"),
            "application/merge-patch+json, application/json, application/x-www-form-urlencoded");
  EXPECT_EQ(field(exchange_->response_, "Allow"), "GET, HEAD, PATCH, OPTIONS");
  EXPECT_EQ(field(ask({.method = http::Method::Options, .path = "/orders"}), "Accept-Patch"), "");
}

class LimitedRequest : public HandleRequest {
 protected:
  void declare(const std::string& more) {
    service_.publication =
        std::make_shared<Publication>(support::api_of(std::string(description) + more), plan::SqlFlavor::Sqlite);
  }
};

TEST_F(LimitedRequest, ABucketThatIsEmptyIsA429AndNothingIsRead) {
  declare("rates: {private: {requests: 2, seconds: 3600}}\n");
  store_->there_ = {"orders"};
  EXPECT_EQ(ask({.path = order_}).status, 200);
  EXPECT_EQ(field(exchange_->response_, "RateLimit-Limit"), "2");
  EXPECT_EQ(field(exchange_->response_, "RateLimit-Remaining"), "1");
  EXPECT_EQ(ask({.path = "/nothing"}).status, 404);  // counts, too
  EXPECT_EQ(field(exchange_->response_, "RateLimit-Remaining"), "0");
  store_->looked_at_.clear();
  const http::Response& refused = ask({.path = order_});
  EXPECT_EQ(refused.status, 429);
  EXPECT_NE(refused.body.find("TooManyRequestsException"), std::string::npos);
  EXPECT_EQ(field(refused, "RateLimit-Remaining"), "0");
  EXPECT_EQ(field(refused, "Retry-After"), "1800");
  EXPECT_EQ(store_->looked_at_, std::vector<std::string>());
}

TEST_F(LimitedRequest, AKeyThatWasRevokedSinceIsA401AndNoA429) {
  declare("rates: {private: {requests: 1, seconds: 3600}}\n");
  EXPECT_EQ(ask({.path = "/nothing"}).status, 404);
  store_->revoked_since_ = 5;
  const http::Response& refused = ask({.path = order_});
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(field(refused, "RateLimit-Limit"), "");
}

TEST_F(LimitedRequest, APlaceAmongThoseAtOnceIsFreeWhenTheAnswerIsThere) {
  declare("rates: {private: {simultaneous: 1}}\n");
  const Asked created = {.method = http::Method::Post,
                         .path = "/orders",
                         .fields = {{"Content-Type", "application/json"}},
                         .body = "{}"};
  ask(created);
  const auto first = exchange_;
  ASSERT_EQ(first->completed_, 0);
  EXPECT_EQ(ask({.path = order_}).status, 429);
  EXPECT_EQ(field(exchange_->response_, "Retry-After"), "1");
  EXPECT_EQ(field(exchange_->response_, "RateLimit-Limit"), "");
  store_->changed_(base::Error{.code = ErrorCode::Unavailable});
  EXPECT_EQ(first->completed_, 1);
  EXPECT_EQ(ask({.path = order_}).status, 404);
  ask(created);
  EXPECT_EQ(ask({.path = order_}).status, 429);
  store_->changed_ = nullptr;  // as where the loop ends: nobody is told
  EXPECT_EQ(ask({.path = order_}).status, 404);
}

TEST_F(LimitedRequest, MaintenanceComesBeforeTheKeyAndInTheFormAskedFor) {
  token_ = "Bearer nobody";
  store_->maintenance_.sandbox = {.message = "Back soon.", .until = base::now() + 90'500'000};
  EXPECT_EQ(ask({.path = order_}).status, 401);
  const http::Response& refused =
      ask({.path = order_, .fields = {{"Accept", "application/vnd.shop.sandbox.v1+xml"}}});
  EXPECT_EQ(refused.status, 503);
  EXPECT_NE(refused.body.find("<message>Back soon.</message>"), std::string::npos);
  EXPECT_EQ(field(refused, "Retry-After"), "91");
  EXPECT_EQ(store_->maintenance_reads_, 0);
  store_->maintenance_is_known_ = false;
  EXPECT_EQ(ask({.path = order_}).status, 401);
  EXPECT_EQ(store_->maintenance_reads_, 1);
  EXPECT_EQ(ask({.path = "/health"}).status, 200);
}

TEST_F(LimitedRequest, APrivateKeyGetsATokenThatIsNotTheKeys) {
  declare("oauth: {seconds: 60}\n");
  const std::string secret = token_.substr(7);
  const Asked asked = {
      .method = http::Method::Post,
      .path = "//oauth/token/",
      .fields = {{"Content-Type", "application/x-www-form-urlencoded"}},
      .body = "grant_type=client_credentials&scope=read&client_id=" + store_->key_->id + "&client_secret=" + secret};
  token_ = {};
  EXPECT_EQ(ask(asked).status, 401);  // an Authorization field that is empty is no Basic
  without_credentials_ = true;
  const http::Response& given = ask(asked);
  EXPECT_EQ(given.status, 200) << given.body;
  EXPECT_EQ(field(given, "Cache-Control"), "no-store");
  ASSERT_TRUE(store_->token_);
  EXPECT_EQ(store_->token_->parent, store_->key_->id);
  EXPECT_EQ(*store_->token_->expires - store_->token_->created, 60'000'000);
  EXPECT_NE(given.body.find(R"({"access_token":"access_)" + store_->token_->id), std::string::npos);
  EXPECT_NE(given.body.find(R"("token_type":"Bearer","expires_in":60,"scope":"read"})"), std::string::npos);
  EXPECT_EQ(given.body.find(secret), std::string::npos);
  store_->token_is_kept_ = false;  // the key ended while the token was made
  EXPECT_EQ(ask(asked).status, 401);
  EXPECT_EQ(ask({.path = "/oauth/token"}).status, 405);
  EXPECT_EQ(field(exchange_->response_, "Allow"), "OPTIONS, POST");
}

}  // namespace
}  // namespace portico::server
