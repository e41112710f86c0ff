#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/document.hpp"
#include "change/make_change.hpp"
#include "contract/locate.hpp"
#include "operation/parse_operation.hpp"
#include "support/writing_api.hpp"
#include "unit/change/shop_database.hpp"

namespace portico::change {

/// Outcomes as a test reads them: rows as `a|b|c`, and refusals kept as they are.
class PlainPresenter final : public Presenter {
 public:
  [[nodiscard]] Outcome created(const model::View&, const store::Rows& row, std::string_view name) const override {
    return {.status = 201, .head = "Location: " + std::string(name) + "\r\n", .body = text_of(row)};
  }
  [[nodiscard]] Outcome created_unseen(std::string_view name) const override {
    return {.status = 204, .head = "Location: " + std::string(name) + "\r\n", .body = {}};
  }
  [[nodiscard]] Outcome altered(const model::View&, const store::Rows& row) const override {
    return {.status = 200, .head = {}, .body = text_of(row)};
  }
  [[nodiscard]] Outcome created_all(const model::View&, const store::Rows& rows) const override {
    return {.status = 201, .head = {}, .body = text_of(rows)};
  }
  [[nodiscard]] Outcome done() const override { return {.status = 204, .head = {}, .body = {}}; }
  [[nodiscard]] Outcome told(const base::Document& answer) const override {
    Outcome outcome{.status = 200, .head = {}, .body = {}};
    base::append_json(answer, outcome.body);
    return outcome;
  }
  [[nodiscard]] Outcome refused(const base::Error& error) const override {
    last_ = error;
    return {.status = 400, .head = {}, .body = {}};
  }
  [[nodiscard]] std::string entity_tag(const model::View&, const store::Rows& row) const override {
    return '"' + std::to_string(std::hash<std::string>()(text_of(row))) + '"';
  }
  [[nodiscard]] std::string entity_tag(const base::Document& state) const override {
    return '"' + told(state).body + '"';
  }
  [[nodiscard]] Outcome put(Putting putting, std::string_view tag) const override {
    return {.status = putting == Putting::New ? 201 : 204, .head = "ETag: " + std::string(tag) + "\r\n", .body = {}};
  }
  [[nodiscard]] std::string file_url(const model::View&, std::size_t, const plan::TableRow&) const override {
    return "https://shop.test/file";
  }
  [[nodiscard]] const base::Error& last() const { return last_; }

 private:
  static std::string text_of(const store::Rows& rows) {
    std::string text;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      text += i == 0 ? "" : "\n";
      std::string_view separator;
      for (const base::Cell& cell : rows.row(i)) {
        text.append(separator);
        if (cell.kind == base::Cell::Kind::Integer) text += std::to_string(cell.integer);
        if (cell.kind == base::Cell::Kind::Text) text += cell.text;
        separator = "|";
      }
    }
    return text;
  }
  mutable base::Error last_;
};

/// What a client wants, in few words.
struct Wish {
  http::Method method = http::Method::Post;
  std::string path;
  std::string body = {};  ///< JSON
  std::string account = std::string(32, 'a');
  int version = 2;
  std::string if_match = {};
  std::string if_none_match = {};
  std::string key = {};
  std::string fingerprint = "1f";
  base::Microseconds later = 0;  ///< than the usual time
};

/// The shop of support::writing_api in a database of its own, and changes of it, as a store makes them.
class ChangedShop : public testing::TestWithParam<plan::SqlFlavor> {
 protected:
  static constexpr base::Microseconds now = 1'600'000'000'000'000;

  ChangedShop() : ChangedShop(support::writing_api()) {}
  explicit ChangedShop(std::shared_ptr<const model::Api> api) : api_(std::move(api)) {
    for (const char letter : {'a', 'b'}) {
      execute("INSERT INTO shops (id, name) VALUES ('" + std::string(32, letter) + "', 'shop')");
    }
  }

  Outcome want(const Wish& wish) {
    asked_.clear();
    const auto location = contract::locate(*api_, wish.path).value();
    const auto target = operation::find_target(*api_, location, wish.version).value();
    auto parsed = operation::parse_operation(api_->limits, target, wish.method, operation::parse_query("")).value();
    auto change = make_change({.api = api_,
                               .planner = planner_,
                               .operation = change_of(std::move(parsed), wish.body),
                               .account = wish.account,
                               .version = wish.version,
                               .now = now + wish.later,
                               .if_match = wish.if_match,
                               .if_none_match = wish.if_none_match,
                               .idempotency_key = wish.key,
                               .fingerprint = wish.fingerprint,
                               .presenter = presenter_});
    run(*change);
    return change->outcome();
  }

  /// The error that the wish is refused with; none where it is not.
  base::Error refusal(const Wish& wish) {
    const Outcome outcome = want(wish);
    EXPECT_EQ(outcome.status, 400) << outcome.body;
    return outcome.status == 400 ? presenter_->last() : base::Error{};
  }

  /// The faults of a refusal: `a.b: message`, one a line.
  std::string faults(const Wish& wish) {
    const base::Error error = refusal(wish);
    std::string text;
    for (const base::Fault& fault : error.faults) {
      std::string_view separator = text.empty() ? "" : "\n";
      for (const std::string& step : fault.path) {
        text.append(separator).append(step);
        separator = ".";
      }
      text += ": " + fault.message;
    }
    return text;
  }

  std::string value(const std::string& sql) { return database_->value(sql); }
  void execute(const std::string& sql) { database_->execute(sql); }

  /// The id of a new order.
  std::string order(const std::string& fields = R"({"total": 100})",
                    const std::string& account = std::string(32, 'a')) {
    const Outcome made = want({.path = "/orders", .body = fields, .account = account});
    EXPECT_EQ(made.status, 201) << presenter_->last().message;
    return made.head.substr(10, 32);
  }
  std::string confirmed_order(const std::string& fields = R"({"total": 100})") {
    const std::string id = order(fields);
    EXPECT_EQ(want({.path = "/orders/" + id + "/confirm"}).status, 204);
    return id;
  }
  [[nodiscard]] std::size_t writes() const {
    std::size_t count = 0;
    for (const std::string& sql : asked_) count += sql.starts_with("SELECT") ? 0U : 1U;
    return count;
  }

  /// As a store makes it.
  void run(store::Mutation& change) {
    const auto procedure = change.begin();
    execute("BEGIN");
    store::Given given;
    for (;;) {
      const auto step = procedure->next(std::move(given));
      if (step != store::Procedure::Step::Ask) {
        return execute(step == store::Procedure::Step::Commit ? "COMMIT" : "ROLLBACK");
      }
      asked_.push_back(procedure->ask().statement.sql);
      try {
        given = database_->answer(procedure->ask());
      } catch (const ShopDatabase::Refused& refused) {
        execute("ROLLBACK");
        return procedure->violated(refused.violation);
      }
    }
  }

  std::shared_ptr<const model::Api> api_;
  plan::Planner planner_{api_, GetParam()};
  std::shared_ptr<PlainPresenter> presenter_ = std::make_shared<PlainPresenter>();
  std::unique_ptr<ShopDatabase> database_ = make_shop(*api_, GetParam());
  std::vector<std::string> asked_;

 private:
  operation::Change change_of(operation::Operation parsed, const std::string& body) {
    if (const auto* state = std::get_if<operation::Retrieve>(&parsed)) {
      return {.resource = state->resource,
              .kind = model::OperationKind::Retrieve,
              .action = state->action,
              .parents = state->parents,
              .name = state->name};
    }
    auto change = std::get<operation::Change>(std::move(parsed));
    const http::HeaderField type{"Content-Type", "application/json"};
    http::Request request;
    request.fields = {&type, 1};
    request.body = body;
    change.body = operation::parse_body(request, api_->limits).value();
    return change;
  }
};

// NOLINTNEXTLINE(cppcoreguidelines-macro-usage): a suite is instantiated by a macro
#define INSTANTIATE_ON_BOTH_STORES(suite)                                                 \
  INSTANTIATE_TEST_SUITE_P(                                                               \
      Stores, suite, testing::Values(plan::SqlFlavor::Sqlite, plan::SqlFlavor::Postgres), \
      [](const auto& flavor) { return flavor.param == plan::SqlFlavor::Sqlite ? "Sqlite" : "Postgres"; })

}  // namespace portico::change
