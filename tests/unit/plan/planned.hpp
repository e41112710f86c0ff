#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

#include "operation/parse_operation.hpp"
#include "operation/parse_query.hpp"
#include "plan/make_plan.hpp"

namespace portico::plan {

/// Plans of one description and one kind of store, for tests that look at them.
class Planned {
 public:
  Planned(std::shared_ptr<const model::Api> api, SqlFlavor flavor, std::string_view account = "tenant")
      : api_(std::move(api)), planner_(api_, flavor), account_(account) {}

  [[nodiscard]] ListPlan list(std::string_view resource, std::string_view query = "",
                              model::Mode mode = model::Mode::Production) const {
    const operation::Target target{.resource = api_->find_resource(resource)};
    auto operation =
        operation::parse_operation(api_->limits, target, http::Method::Get, operation::parse_query(query));
    auto plan = planner_.make_plan(std::move(operation).value(), scope(mode));
    EXPECT_TRUE(plan.has_value()) << query;
    return std::get<ListPlan>(std::move(plan).value());
  }

  [[nodiscard]] Statement row(std::string_view resource, std::string name) const {
    const operation::Retrieve retrieve{.resource = api_->find_resource(resource), .name = std::move(name)};
    auto plan = planner_.make_plan(retrieve, scope(model::Mode::Production));
    return std::get<RetrievePlan>(std::move(plan).value()).row;
  }

  /// What follows WHERE in the count.
  [[nodiscard]] std::string conditions(std::string_view resource, std::string_view query) const {
    const std::string sql = list(resource, query).count.sql;
    return sql.substr(sql.find(" WHERE ") + 7);
  }

 private:
  [[nodiscard]] Scope scope(model::Mode mode) const {
    return {.account = account_, .version = api_->latest_version(), .mode = mode};
  }
  std::shared_ptr<const model::Api> api_;
  Planner planner_;
  std::string account_;
};

}  // namespace portico::plan
