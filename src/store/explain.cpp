#include "store/explain.hpp"

#include <algorithm>
#include <map>
#include <string_view>

#include "store/sqlite_connection.hpp"

namespace portico::store {
namespace {

constexpr std::string_view using_words[] = {"USING COVERING INDEX ", "USING INDEX "};

/// The index that a step such as `SEARCH orders USING INDEX orders_by_created (merchant=?)` names; else empty.
std::string index_of(std::string_view step) {
  for (const std::string_view words : using_words) {
    const std::size_t at = step.find(words);
    if (at == std::string_view::npos) continue;
    const std::string_view rest = step.substr(at + words.size());
    return std::string(rest.substr(0, rest.find(' ')));
  }
  return {};
}

bool has_step(const Explanation& explanation, std::string_view words) {
  return std::any_of(explanation.steps.begin(), explanation.steps.end(),
                     [&](const std::string& step) { return step.find(words) != std::string::npos; });
}

/// What the steps and the plan together say of the cost.
Growth growth_of(const Explanation& explanation, plan::Cost page_cost) {
  if (has_step(explanation, "SCAN ")) return Growth::WithTable;
  if (explanation.purpose == "row") return Growth::Constant;
  if (explanation.purpose == "count" || has_step(explanation, "USE TEMP B-TREE")) return Growth::WithMatches;
  return page_cost == plan::Cost::Bounded ? Growth::Constant : Growth::WithMatches;
}

Explanation explain_statement(SqliteConnection& connection, const plan::Statement& statement, std::string purpose,
                              plan::Cost page_cost) {
  Explanation explanation{.purpose = std::move(purpose), .sql = statement.sql};
  SqliteStatement query(connection, "EXPLAIN QUERY PLAN " + statement.sql);
  query.bind_all(statement.binds);
  std::map<std::int64_t, std::size_t> depths;  // of each step, by its id
  while (query.step()) {
    const auto parent = depths.find(query.integer(1));
    const std::size_t depth = parent == depths.end() ? 0 : parent->second + 1;
    depths[query.integer(0)] = depth;
    const std::string words = query.text(3);
    if (std::string index = index_of(words); !index.empty()) explanation.indexes.push_back(std::move(index));
    explanation.steps.push_back(std::string(2 * depth, ' ') + words);
  }
  explanation.growth = growth_of(explanation, page_cost);
  return explanation;
}

}  // namespace

std::vector<Explanation> explain(const plan::Plan& plan, const std::filesystem::path& file,
                                 const FunctionRules& rules) {
  SqliteConnection connection(file, {.mode = OpenMode::ReadOnly});
  define_functions(connection, rules);
  if (const auto* list = std::get_if<plan::ListPlan>(&plan)) {
    return {explain_statement(connection, list->page, "page", list->page_cost),
            explain_statement(connection, list->count, "count", list->page_cost)};
  }
  const auto& row = std::get<plan::RetrievePlan>(plan);
  return {explain_statement(connection, row.row, row.summary != nullptr ? "summary" : "row", row.cost)};
}

}  // namespace portico::store
