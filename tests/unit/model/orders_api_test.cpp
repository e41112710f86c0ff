// The description that ships: what clients of the orders API rely on is there.
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "unit/model/description.hpp"

namespace portico::model {
namespace {

class OrdersApi : public testing::Test {
 protected:
  void SetUp() override {
    std::ifstream file("apis/orders/api.yaml", std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    ASSERT_EQ(mistakes_of(text.str()), std::vector<std::string>{});
    api_ = api_of(text.str());
    orders_ = api_->find_resource("orders");
  }

  [[nodiscard]] const Field& field(std::string_view path, int version = 4) const {
    return *orders_->leaves.at(api_->view(*orders_, version).paths.at(std::string(path))).field;
  }

  void expect_family(std::string_view family, const std::vector<std::string>& paths) const {
    const LookupSet expected = find_lookup_family(family).value();
    for (const std::string& path : paths) {
      EXPECT_EQ(field(path).lookups & expected, expected) << path << " lacks the filter " << family;
    }
  }

  std::shared_ptr<const Api> api_;
  const Resource* orders_ = nullptr;
};

TEST_F(OrdersApi, IsServedToPartners) {
  EXPECT_EQ(api_->vendor, "aplazame");
  EXPECT_EQ(api_->versions, (std::vector<int>{1, 2, 3, 4}));
  EXPECT_EQ(api_->public_url, "") << "it runs anywhere";
  ASSERT_FALSE(api_->surfaces.empty());
  EXPECT_EQ(api_->surfaces.front().base, "/");
  EXPECT_EQ(api_->surfaces.front().dialect, DialectKind::MediaType);
  EXPECT_EQ(api_->accounts->name, "merchants");
  for (const std::string_view name : {"orders", "articles", "customers", "merchants"}) {
    const Resource* resource = api_->find_resource(name);
    ASSERT_NE(resource, nullptr) << name;
    EXPECT_TRUE(contains(resource->operations, OperationKind::List)) << name;
    EXPECT_TRUE(contains(resource->operations, OperationKind::Retrieve)) << name;
    EXPECT_EQ(resource->public_operations, 0) << name;
  }
}

TEST_F(OrdersApi, OrdersHaveEveryFilterOfTheirClients) {
  expect_family("string", {"id", "mid", "customer-id", "customer-phone-number", "customer-phone-country",
                           "customer-document_id-number", "customer-document_id-country", "account-first_name",
                           "account-last_name", "account-email"});
  expect_family("range", {"total_amount", "discount", "discount_rate", "instalment_plan-downpayment-amount",
                          "created", "customer-created", "verified", "confirmed", "cancelled", "account-last_login",
                          "account-date_joined"});
  expect_family("date", {"created", "customer-created", "verified", "confirmed", "cancelled", "account-last_login",
                         "account-date_joined"});
  expect_family("isnull", {"discount", "discount_rate", "instalment_plan-downpayment-amount", "verified", "confirmed",
                           "cancelled", "account-last_login", "account-date_joined"});
  expect_family("choices", {"status", "customer-document_id-type", "account-type", "account-gender",
                            "instalment_plan-downpayment-state"});
}

TEST_F(OrdersApi, OrdersAreNamedSortedAndSearchedAsTheirClientsDo) {
  const auto paths = [this](const std::vector<std::size_t>& leaves) {
    std::vector<std::string> all;
    for (const std::size_t leaf : leaves) all.push_back(orders_->leaves.at(leaf).path);
    return all;
  };
  using Names = std::vector<std::string>;
  EXPECT_EQ(paths(orders_->names), (Names{"id", "mid"}));
  EXPECT_EQ(paths(orders_->orderable), (Names{"total_amount", "created", "verified", "confirmed", "cancelled",
                                              "account-last_login", "account-date_joined", "account-created"}));
  EXPECT_EQ(paths(orders_->searched), (Names{"account-first_name", "account-last_name", "account-email"}));
  ASSERT_EQ(orders_->default_order.size(), 1U);
  EXPECT_EQ(orders_->leaves[orders_->default_order.front().leaf].path, "created");
  EXPECT_EQ(orders_->default_order.front().direction, Direction::Descending);
}

TEST_F(OrdersApi, FieldsComeGoAndChangeTheirNames) {
  const auto has = [this](int version, const std::string& path) {
    return api_->view(*orders_, version).paths.contains(path);
  };
  EXPECT_TRUE(has(2, "shipping-zip") && has(2, "billing-zip") && has(1, "customer-address-zip"));
  EXPECT_FALSE(has(3, "shipping-zip") || has(2, "shipping-postcode"));
  EXPECT_TRUE(has(3, "shipping-postcode") && has(4, "billing-postcode"));
  EXPECT_EQ(&field("shipping-zip", 2), &field("shipping-postcode", 3));
  EXPECT_TRUE(has(3, "product-type") && !has(2, "product-type"));
  EXPECT_TRUE(has(1, "billing-fax") && !has(2, "billing-fax"));
}

TEST_F(OrdersApi, NullsAndUniquenessAreAsTheStoresNeedThem) {
  EXPECT_TRUE(field("mid").unique && field("mid").indexed);
  EXPECT_FALSE(field("total_amount").nullable);
  for (const Leaf& leaf : orders_->leaves) {
    if (leaf.path.starts_with("account-") || leaf.path.starts_with("shipping-")) {
      EXPECT_TRUE(leaf.nullable) << leaf.path;
    }
  }
  EXPECT_EQ(field("articles").item.front().type, FieldType::Object);
}

}  // namespace
}  // namespace portico::model
