#include "store/explain.hpp"

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

/// What the steps say together.
struct Findings {
  bool scans = false;  // a table
  bool sorts = false;  // not for a list of rows, which is sorted for each row of the answer
};

/// What is made for each row, as a list of another resource's rows.
constexpr std::string_view for_each_row = "CORRELATED SCALAR SUBQUERY";

/// What the steps and the plan together say of the cost.
Growth growth_of(const Explanation& explanation, const Findings& findings, plan::Cost page_cost) {
  if (findings.scans) return Growth::WithTable;
  if (explanation.purpose == "row") return Growth::Constant;
  if (explanation.purpose == "count" || findings.sorts) return Growth::WithMatches;
  return page_cost == plan::Cost::Bounded ? Growth::Constant : Growth::WithMatches;
}

Explanation explain_statement(SqliteConnection& connection, const plan::Statement& statement, std::string purpose,
                              plan::Cost page_cost) {
  Explanation explanation{.purpose = std::move(purpose), .sql = statement.sql};
  SqliteStatement query(connection, "EXPLAIN QUERY PLAN " + statement.sql);
  query.bind_all(statement.binds);
  struct Step {
    std::size_t depth = 0;
    bool is_for_each_row = false;
  };
  std::map<std::int64_t, Step> steps;  // by id
  Findings findings;
  while (query.step()) {
    const auto parent = steps.find(query.integer(1));
    const std::string words = query.text(3);
    Step step;
    if (parent != steps.end()) step = {parent->second.depth + 1, parent->second.is_for_each_row};
    step.is_for_each_row = step.is_for_each_row || words.starts_with(for_each_row);
    steps[query.integer(0)] = step;
    const std::size_t depth = step.depth;
    findings.scans = findings.scans || (words.starts_with("SCAN ") && !words.starts_with("SCAN (subquery"));
    findings.sorts = findings.sorts || (words.starts_with("USE TEMP B-TREE") && !step.is_for_each_row);
    if (std::string index = index_of(words); !index.empty()) explanation.indexes.push_back(std::move(index));
    explanation.steps.push_back(std::string(2 * depth, ' ') + words);
  }
  explanation.growth = growth_of(explanation, findings, page_cost);
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
  if (const auto* of_file = std::get_if<plan::FilePlan>(&plan)) {
    return {explain_statement(connection, of_file->rows, "row", plan::Cost::Bounded)};
  }
  const auto& row = std::get<plan::RetrievePlan>(plan);
  return {explain_statement(connection, row.row, row.summary != nullptr ? "summary" : "row", row.cost)};
}

}  // namespace portico::store
