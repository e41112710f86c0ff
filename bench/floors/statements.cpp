// portico-bench-statements API.YAML sqlite|postgres ACCOUNT remembered|counted < PATHS: writes the statements that
// Portico runs for each path (`/orders?status=ok`, one a line), with their binds, in the form that requests.hpp says.
// `counted` takes the exact count too, `remembered` only the page: what a loop runs while it remembers the count.

#include <cstdio>
#include <exception>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

#include "contract/locate.hpp"
#include "contract/negotiate.hpp"
#include "model/load_yaml.hpp"
#include "operation/parse_operation.hpp"
#include "operation/parse_query.hpp"
#include "plan/make_plan.hpp"

namespace portico::bench {
namespace {

enum class Counting : bool { Remembered, Counted };

struct Asker {
  std::shared_ptr<const model::Api> api;
  plan::SqlFlavor flavor = plan::SqlFlavor::Sqlite;
  std::string account;
  Counting counting = Counting::Remembered;
};

template <typename Value>
Value taken(base::Result<Value> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return std::move(*result);
}

std::shared_ptr<const model::Api> load(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw std::runtime_error(file + ": cannot be read");
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  auto loaded = model::load_yaml(text);
  if (auto* api = std::get_if<std::shared_ptr<const model::Api>>(&loaded)) return std::move(*api);
  throw std::runtime_error(model::format_mistake(file, std::get<model::Mistakes>(loaded).front()));
}

plan::Plan make_plan(const Asker& asker, const plan::Planner& planner, const std::string& target) {
  const auto question = target.find('?');
  const std::string path = target.substr(0, question);
  const auto location = taken(contract::locate(*asker.api, path));
  const auto agreed = taken(contract::negotiate(*asker.api, location, {}));
  const auto query = operation::parse_query(
      question == std::string::npos ? std::string_view() : std::string_view(target).substr(question + 1));
  const auto found = taken(operation::find_target(*asker.api, location));
  auto asked = taken(operation::parse_operation(asker.api->limits, found, http::Method::Get, query));
  return taken(planner.make_plan(
      std::move(asked), {.account = asker.account, .version = agreed.version, .mode = model::Mode::Production}));
}

std::vector<plan::Statement> statements_of(const Asker& asker, const plan::Plan& plan) {
  if (const auto* row = std::get_if<plan::RetrievePlan>(&plan)) return {row->row};
  const auto& list = std::get<plan::ListPlan>(plan);
  if (list.screening)
    throw std::runtime_error("candidates are judged outside of the database; there is no floor for that");
  if (asker.counting == Counting::Remembered) return {list.page};
  if (asker.flavor == plan::SqlFlavor::Postgres) return {list.page_with_count};
  return {list.page, list.count};
}

const std::string& one_line(const std::string& text) {
  if (text.find('\n') != std::string::npos) throw std::runtime_error("a line break has no form here: " + text);
  return text;
}

struct WriteBind {
  void operator()(std::monostate) const { std::puts("null"); }
  void operator()(std::int64_t integer) const { std::printf("integer %lld\n", static_cast<long long>(integer)); }
  void operator()(double real) const { std::printf("real %.17g\n", real); }
  void operator()(const std::string& text) const { std::printf("text %s\n", one_line(text).c_str()); }
};

void write(const std::vector<std::vector<plan::Statement>>& requests) {
  std::map<std::string, std::size_t> numbers;
  for (const auto& request : requests) {
    for (const auto& statement : request) {
      if (!numbers.emplace(statement.sql, numbers.size()).second) continue;
      std::printf("sql %s\n", one_line(statement.sql).c_str());
    }
  }
  for (const auto& request : requests) {
    std::puts("request");
    for (const auto& statement : request) {
      std::printf("run %zu\n", numbers.at(statement.sql));
      for (const auto& bind : statement.binds) std::visit(WriteBind{}, bind);
    }
  }
}

int run(int count, char** words) {
  const std::string flavor = count > 2 ? words[2] : "";
  const std::string counting = count > 4 ? words[4] : "";
  if (count != 5 || (flavor != "sqlite" && flavor != "postgres") ||
      (counting != "remembered" && counting != "counted")) {
    std::fprintf(stderr,
                 "usage: portico-bench-statements API.YAML sqlite|postgres ACCOUNT remembered|counted < PATHS\n");
    return 2;
  }
  const Asker asker{.api = load(words[1]),
                    .flavor = flavor == "sqlite" ? plan::SqlFlavor::Sqlite : plan::SqlFlavor::Postgres,
                    .account = words[3],
                    .counting = counting == "counted" ? Counting::Counted : Counting::Remembered};
  const plan::Planner planner(asker.api, asker.flavor);
  std::vector<std::vector<plan::Statement>> requests;
  for (std::string target; std::getline(std::cin, target);) {
    requests.push_back(statements_of(asker, make_plan(asker, planner, target)));
  }
  write(requests);
  return 0;
}

}  // namespace
}  // namespace portico::bench

int main(int count, char** words) {
  try {
    return portico::bench::run(count, words);
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "portico-bench-statements: %s\n", failure.what());
    return 1;
  }
}
