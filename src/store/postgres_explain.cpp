#include "store/postgres_explain.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string_view>
#include <utility>

#include <simdjson.h>

#include "store/postgres_connection.hpp"

namespace portico::store {
namespace {

using Node = simdjson::dom::element;

/// A member's text, or an empty one.
std::string_view text_of(const Node& node, std::string_view name) {
  std::string_view text;
  return node[name].get(text) == simdjson::SUCCESS ? text : std::string_view();
}

bool has(const Node& node, std::string_view name) {
  return node[name].error() == simdjson::SUCCESS;
}

/// What of a node's members is shown behind its type, and with which words before it.
constexpr std::array<std::pair<std::string_view, std::string_view>, 8> details = {{
    {"Index Name", " using "},
    {"Relation Name", " on "},
    {"Index Cond", ", condition "},
    {"Recheck Cond", ", recheck "},
    {"Hash Cond", ", condition "},
    {"Join Filter", ", join filter "},
    {"Filter", ", filter "},
    {"Subplan Name", ", as "},
}};

std::string words_of(const Node& node) {
  std::string words(text_of(node, "Node Type"));
  for (const auto& [name, before] : details) {
    if (const std::string_view text = text_of(node, name); !text.empty()) words.append(before).append(text);
  }
  simdjson::dom::array keys;
  if (node["Sort Key"].get(keys) == simdjson::SUCCESS) {
    std::string_view separator = " by ";
    for (const Node& key : keys) {
      words.append(std::exchange(separator, ", ")).append(std::string_view(key));
    }
  }
  return words;
}

/// What the nodes of a plan say together.
struct Findings {
  bool reads_whole_table = false;
  bool walks_whole_index = false;  // in its order, from one end
  bool sorts = false;
};

/// The snapshot's text, which every statement asks for beside its rows.
bool is_snapshot(const Node& node) {
  return text_of(node, "Parent Relationship") == "InitPlan" && text_of(node, "Node Type") == "Result";
}

/// What runs for each row sorts a few rows, as a list of another resource's rows.
enum class Frequency : bool { Once, ForEachRow };

void note(const Node& node, Frequency frequency, Findings& findings) {
  const std::string_view type = text_of(node, "Node Type");
  if (type == "Seq Scan" || type == "Sample Scan") findings.reads_whole_table = true;
  if (type == "Sort" && frequency == Frequency::Once) findings.sorts = true;
  const bool by_index = type == "Index Scan" || type == "Index Only Scan" || type == "Bitmap Index Scan";
  if (by_index && !has(node, "Index Cond")) {
    (has(node, "Filter") ? findings.reads_whole_table : findings.walks_whole_index) = true;
  }
}

void walk(const Node& node, std::size_t depth, Frequency frequency, Explanation& explanation, Findings& findings) {
  if (is_snapshot(node)) return;
  if (text_of(node, "Parent Relationship") == "SubPlan") frequency = Frequency::ForEachRow;
  note(node, frequency, findings);
  if (const std::string_view index = text_of(node, "Index Name"); !index.empty()) {
    explanation.indexes.emplace_back(index);
  }
  explanation.steps.push_back(std::string(2 * depth, ' ') + words_of(node));
  simdjson::dom::array children;
  if (node["Plans"].get(children) != simdjson::SUCCESS) return;
  for (const Node& child : children) walk(child, depth + 1, frequency, explanation, findings);
}

Growth growth_of(const Explanation& explanation, const Findings& findings, plan::Cost page_cost) {
  if (findings.reads_whole_table) return Growth::WithTable;
  if (explanation.purpose == "row") return Growth::Constant;
  const bool one_page = explanation.purpose == "page" && !findings.sorts;
  if (findings.walks_whole_index && !(one_page && page_cost == plan::Cost::Bounded)) return Growth::WithTable;
  return one_page && page_cost == plan::Cost::Bounded ? Growth::Constant : Growth::WithMatches;
}

Explanation explain_statement(PostgresConnection& connection, const plan::Statement& statement, std::string purpose,
                              plan::Cost page_cost) {
  Explanation explanation{.purpose = std::move(purpose), .sql = statement.sql};
  const PostgresResult result = connection.run("EXPLAIN (FORMAT JSON) " + statement.sql, statement.binds);
  simdjson::dom::parser parser;
  const std::string json(result.text(0, 0));
  Node plan;
  if (parser.parse(json).at(0)["Plan"].get(plan) != simdjson::SUCCESS) {
    throw std::runtime_error("PostgreSQL explains in a form that is not known: " + json);
  }
  Findings findings;
  walk(plan, 0, Frequency::Once, explanation, findings);
  explanation.growth = growth_of(explanation, findings, page_cost);
  return explanation;
}

/// The page of a screened list is read by keys that are not known yet: none, then.
plan::Statement with_no_keys(const plan::ListPlan& list) {
  plan::Statement statement = list.page;
  for (std::size_t i = 0; i < list.screening->keys; ++i) statement.binds.emplace_back(std::string("{}"));
  return statement;
}

}  // namespace

std::vector<Explanation> explain_postgres(const plan::Plan& plan, const std::string& address) {
  PostgresConnection connection(address, SessionAccess::ReadOnly);
  connection.run_script("SET enable_seqscan = off");
  if (const auto* retrieve = std::get_if<plan::RetrievePlan>(&plan)) {
    if (retrieve->screening != nullptr) {
      return {explain_statement(connection, retrieve->screening->candidates, "candidates", plan::Cost::Growing)};
    }
    return {explain_statement(connection, retrieve->row, retrieve->summary != nullptr ? "summary" : "row",
                              retrieve->cost)};
  }
  if (const auto* file = std::get_if<plan::FilePlan>(&plan)) {
    return {explain_statement(connection, file->rows, "row", plan::Cost::Bounded)};
  }
  const auto& list = std::get<plan::ListPlan>(plan);
  if (list.screening != nullptr) {
    return {explain_statement(connection, list.screening->candidates, "candidates", plan::Cost::Growing),
            explain_statement(connection, with_no_keys(list), "page", plan::Cost::Bounded)};
  }
  return {explain_statement(connection, list.page, "page", list.page_cost),
          explain_statement(connection, list.count, "count", list.page_cost)};
}

}  // namespace portico::store
