// The demo's data: the same each time, sums that are right, states that agree, checks that hold.

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "base/ids.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "customer.hpp"
#include "generate.hpp"
#include "model/load_yaml.hpp"
#include "order.hpp"
#include "row_shape.hpp"
#include "shop.hpp"
#include "sources.hpp"

namespace {

using namespace portico;
using demo::Outcome;

std::shared_ptr<const model::Api> load(const std::string& text) {
  auto loaded = model::load_yaml(text);
  if (auto* api = std::get_if<std::shared_ptr<const model::Api>>(&loaded)) return *api;
  for (const auto& mistake : std::get<model::Mistakes>(loaded)) {
    ADD_FAILURE() << model::format_mistake("api.yaml", mistake);
  }
  return nullptr;
}

std::string shipped_description() {
  std::ifstream stream("apis/orders/api.yaml");
  return {std::istreambuf_iterator<char>(stream), {}};
}

using Row = std::map<std::string, std::string>;  // by path; null is left out, integers are written out

class Gathered : public demo::RowSink {
 public:
  store::Rows& rows(const model::Resource& resource) override {
    resource_ = &resource;
    rows_.clear(resource.leaves.size());
    return rows_;
  }
  bool added(std::string_view owner) override {
    Row row{{"owner", std::string(owner)}};
    for (std::size_t leaf = 0; leaf < resource_->leaves.size(); ++leaf) {
      const auto& cell = rows_.row(0)[leaf];
      if (cell.is_null()) continue;
      const bool text = cell.kind == base::Cell::Kind::Text;
      row[resource_->leaves[leaf].path] = text ? std::string(cell.text) : std::to_string(cell.integer);
    }
    of[resource_->name].push_back(std::move(row));
    return of["orders"].size() < stop_after;
  }

  std::map<std::string, std::vector<Row>> of;
  std::size_t stop_after = SIZE_MAX;

 private:
  const model::Resource* resource_ = nullptr;
  store::Rows rows_;
};

Gathered generated(const demo::Volume& volume) {
  Gathered sink;
  const auto api = load(shipped_description());
  if (api) demo::generate(*api, volume, sink);
  return sink;
}

const Gathered& production() {
  static const Gathered rows = generated({.mode = model::Mode::Production, .orders = 4000, .seed = 1});
  return rows;
}

std::int64_t number(const Row& row, const std::string& path) {
  return std::stoll(row.at(path));
}

TEST(Demo, TheSameArgumentsMakeTheSameRows) {
  const auto again = generated({.mode = model::Mode::Production, .orders = 4000, .seed = 1});
  EXPECT_EQ(again.of, production().of);
  const auto other = generated({.mode = model::Mode::Production, .orders = 4000, .seed = 2});
  EXPECT_NE(other.of.at("orders"), production().of.at("orders"));
  EXPECT_EQ(other.of.at("merchants"), production().of.at("merchants"));  // keys stay good
}

TEST(Demo, TheRowsAreWhatTheyWereWhenTheExamplesWereWritten) {
  // A change here changes the data of everybody who makes the demo anew: say so in the changelog.
  demo::Random random(1);
  EXPECT_EQ(random.next(), 14971601782005023387U);
  EXPECT_EQ(random.id(), "d80ef369231424fb025faa7575d73a91");
}

TEST(Demo, AStoppedSinkEndsIt) {
  const auto api = load(shipped_description());
  ASSERT_NE(api, nullptr);
  Gathered sink;
  sink.stop_after = 3;
  demo::generate(*api, {.mode = model::Mode::Production, .orders = 100, .seed = 1}, sink);
  EXPECT_EQ(sink.of["orders"].size(), 3U);
  EXPECT_EQ(sink.of.count("customers"), 0U);
}

TEST(Demo, TotalsFollowTheFormula) {
  // 19.99 with 21 % is 19.99 + 4.1979 = 24.19; 10 % of it, 2.419, is 2.42; 1.00 off leaves 20.77.
  const demo::Charge charge{.price = 1999, .tax_rate = 2100, .discount = 100, .discount_rate = 1000};
  EXPECT_EQ(demo::total_of(charge), 2077);
  EXPECT_EQ(demo::share_of(50, 100), 1);  // half a hundredth rounds up
  EXPECT_EQ(demo::share_of(49, 100), 0);

  demo::Order order;
  order.lines = {{.article = nullptr, .quantity = 3, .charge = charge},
                 {.article = nullptr, .quantity = 1, .charge = {.price = 1000, .tax_rate = 400}}};
  order.shipping.charge = {.price = 411, .tax_rate = 2100};
  EXPECT_EQ(demo::order_total(order), 3 * 2077 + 1040 + 497);
  order.discount = 500;
  order.discount_rate = 1000;
  EXPECT_EQ(demo::order_total(order), 7768 - 500 - 777);
}

TEST(Demo, StatesAndInstantsAgree) {
  const std::set<std::string> rejections = {"ko_generic", "failed_challenge", "confirmation_rejected_by_merchant",
                                            "merchant_failed_to_confirm"};
  std::set<std::string> seen;
  for (const Row& row : production().of.at("orders")) {
    const auto has = [&](const char* path) { return row.contains(path); };
    const std::string& status = row.at("status");
    const std::string reason = has("status_reason") ? row.at("status_reason") : "";
    seen.insert(status + " " + reason);
    EXPECT_EQ(has("confirmed"), status == "ok" || has("cancelled"));
    EXPECT_EQ(has("cancelled"), status == "ko" && reason.empty());
    EXPECT_EQ(has("expired"), reason.starts_with("expired"));
    EXPECT_EQ(has("rejected"), rejections.contains(reason));
    if (status == "pending") {
      EXPECT_FALSE(has("verified"));
      EXPECT_GT(number(row, "expires_at"), demo::last_instant);
    }
    std::int64_t last = number(row, "created");
    for (const char* path : {"verified", "confirmed", "cancelled", "rejected", "expired"}) {
      if (!has(path)) continue;
      EXPECT_GT(number(row, path), last) << path;
      EXPECT_LE(number(row, path), demo::last_instant) << path;
      last = number(row, path);
    }
    EXPECT_EQ(row.at("sandbox"), "0");
  }
  EXPECT_EQ(seen.size(), demo::outcome_count);
}

TEST(Demo, TheSandboxHoldsEveryState) {
  const auto sandbox = generated({.mode = model::Mode::Sandbox, .orders = 500, .seed = 1});
  std::set<std::string> seen;
  std::set<std::string> ids;
  for (const Row& row : sandbox.of.at("orders")) {
    EXPECT_EQ(row.at("sandbox"), "1");
    seen.insert(row.at("status") + (row.contains("status_reason") ? row.at("status_reason") : ""));
    if (row.contains("cancelled")) seen.insert("cancelled");
    ids.insert(row.at("id"));
  }
  EXPECT_EQ(seen.size(), demo::outcome_count + 1);  // ko without a reason is a cancelled one
  for (const Row& row : production().of.at("orders")) EXPECT_FALSE(ids.contains(row.at("id")));
  EXPECT_EQ(sandbox.of.at("merchants"), production().of.at("merchants"));
}

TEST(Demo, OrdersComeInTheOrderOfTheirCreation) {
  std::int64_t last = demo::first_instant;
  for (const Row& row : production().of.at("orders")) {
    EXPECT_GE(number(row, "created"), last);
    last = number(row, "created");
  }
  EXPECT_LE(last, demo::last_instant);
}

TEST(Demo, CustomersComeBackAndAgreeWithTheirOrders) {
  std::map<std::string, const Row*> customers;
  for (const Row& row : production().of.at("customers")) {
    EXPECT_TRUE(customers.emplace(row.at("id"), &row).second);
  }
  std::map<std::string, std::size_t> orders_of;
  for (const Row& order : production().of.at("orders")) {
    const auto found = customers.find(order.at("customer-id"));
    ASSERT_NE(found, customers.end());
    const Row& customer = *found->second;
    ++orders_of[found->first];
    EXPECT_EQ(order.at("owner"), customer.at("owner"));
    for (const char* path : {"email", "first_name", "last_name", "birthday", "phone-number", "document_id-number",
                             "gender", "created", "address-street", "address-postcode"}) {
      EXPECT_EQ(order.at(std::string("customer-") + path), customer.at(path)) << path;
    }
    EXPECT_EQ(order.at("customer-type") == "g", !order.contains("account-id"));
    if (!order.contains("account-email")) continue;
    EXPECT_EQ(order.at("account-email"), customer.at("email"));
  }
  EXPECT_EQ(orders_of.size(), customers.size());
  EXPECT_TRUE(std::any_of(orders_of.begin(), orders_of.end(), [](const auto& entry) { return entry.second > 3; }));
}

std::int64_t number_or(const Row& row, const std::string& path, std::int64_t other) {
  return row.contains(path) ? number(row, path) : other;
}

/// The sum of `amount` by the value of `path`; of rows whose `type` is `type`, where it is given.
std::map<std::string, std::int64_t> sums(const std::string& resource, const std::string& path,
                                         const std::string& type = {}) {
  std::map<std::string, std::int64_t> sum_of;
  for (const Row& row : production().of.at(resource)) {
    if (!row.contains(path) || (!type.empty() && row.at("type") != type)) continue;
    sum_of[row.at(path)] += number(row, "amount");
  }
  return sum_of;
}

TEST(Demo, WhatAnOrderBroughtAddsUp) {
  constexpr std::int64_t year = std::int64_t{365} * 86'400'000'000;
  auto confirmed = sums("operations", "order_id", "confirmation");
  auto captured = sums("operations", "order_id", "capture");
  auto refunded = sums("operations", "order_id", "refund");
  auto cancelled = sums("operations", "order_id", "cancellation");
  auto captures = sums("captures", "order");
  auto instalments = sums("instalment-payments", "order_id");
  EXPECT_GT(captures.size(), 100U);
  EXPECT_GT(refunded.size(), 50U);
  for (const Row& order : production().of.at("orders")) {
    const std::string& id = order.at("id");
    const std::int64_t total = order.contains("confirmed") ? number(order, "total_amount") : 0;
    EXPECT_EQ(confirmed[id], total);
    const bool is_recent = total > 0 && number(order, "confirmed") >= demo::last_instant - year;
    EXPECT_EQ(instalments[id], is_recent ? total : 0);
    EXPECT_EQ(captures[id], number_or(order, "captured_amount", 0));
    EXPECT_EQ(captured[id], captures[id]);
    EXPECT_LE(captures[id], total);
    EXPECT_EQ(refunded[id], number_or(order, "refunded_amount", 0));
    EXPECT_EQ(cancelled[id], order.contains("cancelled") ? total - refunded[id] : 0);
  }
}

TEST(Demo, CapturesKnowTheirRefunds) {
  const auto refunds = sums("capture-refunds", "capture");
  EXPECT_GT(refunds.size(), 5U);
  std::map<std::string, std::int64_t> taken;
  std::map<std::string, std::int64_t> total_of;
  for (const Row& order : production().of.at("orders")) total_of[order.at("id")] = number(order, "total_amount");
  for (const Row& capture : production().of.at("captures")) {
    const auto found = refunds.find(capture.at("id"));
    const std::int64_t refunded = found == refunds.end() ? 0 : found->second;
    EXPECT_EQ(number(capture, "refunded_amount"), refunded);
    EXPECT_EQ(number(capture, "remaining_amount"), number(capture, "amount") - refunded);
    taken[capture.at("order")] += number(capture, "amount");
    EXPECT_EQ(number(capture, "remaining_capture_amount"),
              total_of[capture.at("order")] - taken[capture.at("order")]);
  }
}

TEST(Demo, PaymentsAreTheirOperations) {
  auto confirmed = sums("operations", "payment", "confirmation");
  auto refunded = sums("operations", "payment", "refund");
  auto cancelled = sums("operations", "payment", "cancellation");
  std::set<std::string> payments;
  for (const Row& payment : production().of.at("payments")) {
    const std::string& id = payment.at("id");
    payments.insert(id);
    EXPECT_EQ(number(payment, "amount"), confirmed[id] - refunded[id] - cancelled[id]);
    EXPECT_LT(payment.at("from"), payment.at("to"));
    EXPECT_LE(number(payment, "created"), demo::last_instant);
  }
  std::size_t unpaid = 0;
  for (const Row& operation : production().of.at("operations")) {
    EXPECT_LE(number(operation, "created"), demo::last_instant);
    if (!operation.contains("payment")) ++unpaid;
    EXPECT_TRUE(!operation.contains("payment") || payments.contains(operation.at("payment")));
  }
  EXPECT_GT(unpaid, 0U);
  EXPECT_LT(unpaid, 200U);
}

TEST(Demo, CampaignsOfferWhatTheShopSells) {
  std::map<std::string, const Row*> campaigns;
  for (const Row& row : production().of.at("campaigns")) {
    campaigns[row.at("id")] = &row;
    if (row.contains("end_date")) {
      EXPECT_GT(number(row, "end_date"), number(row, "start_date"));
    }
  }
  std::map<std::string, std::string> owner_of;
  for (const Row& row : production().of.at("articles")) owner_of[row.at("mid")] = row.at("owner");
  std::set<std::string> with_articles;
  for (const Row& row : production().of.at("campaign-articles")) {
    EXPECT_EQ(owner_of.at(row.at("id")), row.at("owner"));
    EXPECT_EQ(campaigns.at(row.at("campaign"))->at("owner"), row.at("owner"));
    with_articles.insert(row.at("campaign"));
  }
  for (const auto& [id, row] : campaigns) EXPECT_EQ(row->at("partial") == "1", with_articles.contains(id));
  EXPECT_FALSE(with_articles.empty());
}

TEST(Demo, MerchantsHaveTheirSharesAndTheirOwnNumbers) {
  std::map<std::string, std::set<std::string>> mids;
  for (const Row& row : production().of.at("orders")) {
    EXPECT_TRUE(base::is_id(row.at("id")));
    EXPECT_TRUE(mids[row.at("owner")].insert(row.at("mid")).second) << row.at("mid");
  }
  ASSERT_EQ(mids.size(), demo::merchant_count);
  for (const auto& merchant : demo::merchants()) {
    EXPECT_TRUE(base::is_id(merchant.id));
    const auto share = static_cast<double>(mids[std::string(merchant.id)].size()) / 4000;
    EXPECT_NEAR(share, static_cast<double>(merchant.share) / 100, 0.03);
  }
  EXPECT_EQ(mids[std::string(demo::merchants()[0].id)].count("145000006"), 1U);
}

TEST(Demo, OneMerchantAndOneArticleAreCalledAplaZame) {
  for (const char* resource : {"merchants", "articles"}) {
    const auto& rows = production().of.at(resource);
    EXPECT_EQ(std::count_if(rows.begin(), rows.end(), [](const Row& row) { return row.at("name") == "AplaZame"; }),
              1);
  }
}

TEST(Demo, TextIsUtf8AndMailboxesAreAscii) {
  for (const Row& row : production().of.at("customers")) {
    for (const auto& [path, value] : row) EXPECT_TRUE(base::is_utf8(value)) << path;
    for (const char c : row.at("email")) EXPECT_GT(c, ' ') << row.at("email");
    EXPECT_EQ(row.at("email").find('@'), row.at("email").rfind('@'));
    EXPECT_NE(row.at("email").front(), '.');
  }
  EXPECT_EQ(demo::mailbox_form("Muñoz Peña"), "munoz.pena");
  EXPECT_EQ(demo::mailbox_form("Łukasz Groß"), "lukasz.gross");
  EXPECT_EQ(demo::mailbox_form("D'Angelo"), "dangelo");
}

TEST(Demo, DocumentsBearTheirCheckCharacters) {
  EXPECT_EQ(demo::nif_letter(12'345'678), 'Z');
  EXPECT_EQ(demo::nif_letter(1'234'567), 'L');  // X1234567L
  EXPECT_EQ(demo::cif_check('A', "5881850"), '1');
  EXPECT_EQ(demo::cif_check('Q', "2826000"), 'H');
  std::set<std::string> kinds;
  for (const Row& row : production().of.at("customers")) {
    const std::string& text = row.at("document_id-number");
    kinds.insert(row.at("document_id-type"));
    if (row.at("document_id-type") != "nif") continue;
    ASSERT_EQ(text.size(), 9U);
    EXPECT_EQ(text.back(), demo::nif_letter(std::stoll(text.substr(0, 8))));
  }
  EXPECT_EQ(kinds, (std::set<std::string>{"cif", "nie", "nif", "others", "passport"}));
}

TEST(Demo, LinesAreWrittenAsJson) {
  demo::Article article;
  article.mid = "EL-1";
  article.name = "Monitor 27\"";
  article.category = "Informática";
  std::string json;
  demo::write_lines({{.article = &article, .quantity = 2, .charge = {.price = 10, .tax_rate = 2100, .discount = 1}}},
                    json);
  EXPECT_EQ(json,
            R"([{"id":"EL-1","name":"Monitor 27\"","description":"","url":"","image_url":"","quantity":2,"price":10,)"
            R"("tax_rate":2100,"discount":1,"discount_rate":null,"category":"Informática"}])");
}

std::string refusal_of(const std::string& text) {
  const auto api = load(text);
  if (!api) return {};
  Gathered sink;
  try {
    demo::generate(*api, {.mode = model::Mode::Production, .orders = 1, .seed = 1}, sink);
  } catch (const std::runtime_error& refusal) {
    EXPECT_TRUE(sink.of.empty());
    return refusal.what();
  }
  return {};
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto place = text.find(from);
  if (place == std::string::npos) ADD_FAILURE() << "api.yaml has no " << from;
  return place == std::string::npos ? text : text.replace(place, from.size(), to);
}

TEST(Demo, ADescriptionThatDoesNotFitIsRefusedByPath) {
  const std::string text = shipped_description();
  EXPECT_EQ(refusal_of(text), "");
  const std::string birthday = "birthday: {type: date, \"null\": true";
  EXPECT_NE(refusal_of(replaced(text, birthday, "born: {type: date, \"null\": true"))
                .find("orders: customer-birthday: the description has no such field"),
            std::string::npos);
  EXPECT_NE(refusal_of(replaced(text, "language: {type: language, read_only", "motto: {type: string, read_only"))
                .find("merchants: motto: the demo does not know this field, and it may not be null"),
            std::string::npos);
  EXPECT_NE(refusal_of(replaced(text, "gender: {type: gender, filter", "gender: {type: boolean, filter"))
                .find("customers: gender: the demo has an integer, the description wants a field of type 'boolean'"),
            std::string::npos);
  const std::string orders_of_pieces = replaced(text, "sum(articles, quantity", "sum(articles, pieces");
  const std::string of_pieces =
      replaced(orders_of_pieces, "sum(order.articles, quantity", "sum(order.articles, pieces");
  EXPECT_NE(refusal_of(replaced(of_pieces, "quantity: {type: integer", "pieces: {type: integer"))
                .find("orders: articles[]-quantity: the description has no such field"),
            std::string::npos);
}

}  // namespace
