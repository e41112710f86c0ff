#include "operation/parse_operation.hpp"

#include "contract/locate.hpp"
#include "support/writing_api.hpp"

namespace portico::operation {
namespace {

using http::Method;
using model::OperationKind;

class ParseOperation : public testing::Test {
 protected:
  Target target(std::string_view path) const {
    return find_target(*api_, contract::locate(*api_, path).value()).value();
  }
  base::Result<Operation> parse(Method method, std::string_view path, std::string_view query = "") const {
    return parse_operation(api_->limits, target(path), method, parse_query(query));
  }
  std::string allowed(std::string_view path) const {
    std::string all;
    for (const std::string& method : allowed_methods(target(path))) all += (all.empty() ? "" : " ") + method;
    return all;
  }

  std::shared_ptr<const model::Api> api_ = support::writing_api();
};

TEST_F(ParseOperation, MethodsAreThoseOfDeclaredOperations) {
  EXPECT_EQ(allowed("/orders"), "GET HEAD POST OPTIONS");
  EXPECT_EQ(allowed("/orders/1"), "GET HEAD PUT PATCH DELETE OPTIONS");
  EXPECT_EQ(allowed("/orders/1/refund"), "GET HEAD POST OPTIONS");
  EXPECT_EQ(allowed("/orders/1/confirm"), "POST OPTIONS");
  EXPECT_EQ(allowed("/orders/1/captures/2"), "GET HEAD DELETE OPTIONS");
  EXPECT_EQ(allowed("/orders/1/captures/2/voids"), "GET HEAD POST OPTIONS");
  EXPECT_EQ(allowed("/orders/1/status"), "GET HEAD OPTIONS");
  EXPECT_EQ(allowed("/me"), "GET HEAD PATCH OPTIONS");
}

TEST_F(ParseOperation, AMethodMeansAChangeOfWhatThePathNames) {
  struct Case {
    Method method;
    const char* path;
    OperationKind kind;
  };
  const std::vector<Case> cases = {
      {Method::Post, "/orders", OperationKind::Create},       {Method::Put, "/orders/1", OperationKind::Replace},
      {Method::Patch, "/orders/1", OperationKind::Update},    {Method::Delete, "/orders/1", OperationKind::Delete},
      {Method::Post, "/orders/1/refund", OperationKind::Act}, {Method::Patch, "/me", OperationKind::Update}};
  for (const Case& expected : cases) {
    SCOPED_TRACE(expected.path);
    const auto operation = parse(expected.method, expected.path);
    ASSERT_TRUE(operation.has_value());
    const auto& change = std::get<Change>(*operation);
    EXPECT_EQ(change.kind, expected.kind);
    EXPECT_EQ(kind_of(*operation), expected.kind);
    EXPECT_TRUE(change.faults.empty());
    EXPECT_FALSE(change.body.has_value());
  }
  const auto refund = parse(Method::Post, "/orders/1/refund");
  EXPECT_EQ(std::get<Change>(*refund).name, "1");
  EXPECT_EQ(action_of(*refund)->name, "refund");
  const auto create = parse(Method::Post, "/orders/1/captures/2/voids");
  EXPECT_EQ(std::get<Change>(*create).parents, (std::vector<std::string>{"1", "2"}));
  EXPECT_FALSE(std::get<Change>(*create).name.has_value());
  EXPECT_FALSE(std::get<Change>(*parse(Method::Patch, "/me")).name.has_value());
}

TEST_F(ParseOperation, ReadsBelowParentsAndTheStateOfActions) {
  const auto list = parse(Method::Get, "/orders/1/captures", "page=2");
  EXPECT_EQ(std::get<List>(*list).parents, std::vector<std::string>{"1"});
  EXPECT_EQ(std::get<List>(*list).page, 2);
  const auto retrieve = parse(Method::Head, "/orders/1/captures/2");
  EXPECT_EQ(std::get<Retrieve>(*retrieve).parents, std::vector<std::string>{"1"});
  EXPECT_EQ(std::get<Retrieve>(*retrieve).name, "2");
  const auto state = parse(Method::Get, "/orders/1/refund");
  EXPECT_EQ(std::get<Retrieve>(*state).action->name, "refund");
}

TEST_F(ParseOperation, WhatIsNotDeclaredIsNotAllowed) {
  const auto refused = parse(Method::Post, "/orders/1");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::ErrorCode::MethodNotAllowed);
  EXPECT_EQ(refused.error().alternatives, allowed_methods(target("/orders/1")));
  EXPECT_FALSE(parse(Method::Get, "/orders/1/confirm"));
  EXPECT_FALSE(parse(Method::Delete, "/orders"));
  EXPECT_FALSE(parse(Method::Put, "/orders/1/refund"));
  EXPECT_FALSE(parse(Method::Other, "/orders"));
}

TEST_F(ParseOperation, AChangeTakesNoParameters) {
  const auto change = parse(Method::Patch, "/orders/1", "a=1&b=%zz");
  const auto& faults = std::get<Change>(*change).faults;
  ASSERT_EQ(faults.size(), 2U);
  EXPECT_EQ(faults[0].path, std::vector<std::string>{"b"});
  EXPECT_EQ(faults[1].message, "Unknown parameter; what changes data takes none.");
}

}  // namespace
}  // namespace portico::operation
