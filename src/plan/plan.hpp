#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/value.hpp"
#include "model/resource.hpp"

namespace portico::plan {

/// SQL text without any value of a client's, and the values for its parameters in their order.
struct Statement {
  std::string sql;
  std::vector<base::Value> binds;
};

/// Whether work stays the same however many rows the account has (an index leads to the rows), or grows with them.
/// Decides only where a statement runs, never what it answers.
enum class Cost : std::uint8_t { Bounded, Growing };

/// One page and the exact count of all its list's rows, read from one snapshot.
struct ListPlan {
  const model::View* view = nullptr;  ///< the select list is its leaves, in order
  Statement page;
  Statement count;          ///< one row, one integer
  std::int64_t number = 1;  ///< of the page, from 1
  std::int64_t size = 0;    ///< rows of a full page
  Cost page_cost = Cost::Growing;
};

/// One row or none.
struct RetrievePlan {
  const model::View* view = nullptr;
  Statement row;
  std::string name;  ///< as the client named the object, for the 404
};

/// What will run.
using Plan = std::variant<ListPlan, RetrievePlan>;

}  // namespace portico::plan
