#include "store/explain.hpp"

#include <iostream>
#include <optional>
#include <stdexcept>

#include "app/cli/commands.hpp"
#include "app/cli/description.hpp"
#include "app/cli/terminal.hpp"
#include "app/store_location.hpp"
#include "base/text.hpp"
#include "contract/negotiate.hpp"
#include "operation/parse_operation.hpp"
#include "plan/make_plan.hpp"
#include "store/accounts.hpp"
#include "store/postgres_explain.hpp"

namespace portico::app {
namespace {

/// The value of a stage, or the error's words for whoever typed the request.
template <typename T>
T value_or_throw(base::Result<T> result) {
  if (result) return std::move(result).value();
  std::string text = result.error().message.empty() ? "the request is refused:" : result.error().message;
  for (const base::Fault& fault : result.error().faults) {
    text += "\n  " + base::joined(fault.path, ".") + ": " + fault.message;
  }
  throw std::runtime_error(text);
}

/// `GET /orders?page=2` or `/orders?page=2`, in its parts.
struct RequestLine {
  std::string path;
  std::string query;
};

RequestLine parse_request(std::string text) {
  const std::size_t space = text.find(' ');
  if (space != std::string::npos) {
    const std::string method = text.substr(0, space);
    if (method != "GET" && method != "HEAD")
      throw std::runtime_error("'" + method + "' cannot be explained; GET can");
    text.erase(0, space + 1);
  }
  if (text.empty() || text.front() != '/') throw std::runtime_error("a request looks like 'GET /orders?page=2'");
  const std::size_t mark = text.find('?');
  return {text.substr(0, mark), mark == std::string::npos ? "" : text.substr(mark + 1)};
}

/// Who asks: as told, else the account that was there first. Where accounts are names alone, nobody in particular.
std::string account_of(const ExplainOptions& options, const store::AccountsPlace& accounts) {
  if (!options.account.empty() || accounts.api.accounts == nullptr) return options.account;
  auto first = store::first_account(accounts);
  if (!first) throw std::runtime_error("there is no account yet; name one with --account");
  return std::move(*first);
}

/// Asks the database that the plan is for.
struct Explainer {
  const plan::Plan& plan;
  const model::Api& api;
  model::Mode mode;

  std::vector<store::Explanation> operator()(const store::SqliteFiles& files) const {
    const std::filesystem::path& file = mode == model::Mode::Sandbox ? files.sandbox : files.production;
    return store::explain(plan, file, {.time_zone = api.time_zone, .limits = api.limits});
  }
  std::vector<store::Explanation> operator()(const store::PostgresAddress& address) const {
    return store::explain_postgres(plan, address.text);
  }
};

std::string_view words_of(store::Growth growth) {
  switch (growth) {
    case store::Growth::Constant:
      return "constant: an index leads to the rows";
    case store::Growth::WithMatches:
      return "grows with the rows that the index finds: they are counted, sorted or checked";
    case store::Growth::WithTable:
      return "grows with the whole table: no index serves";
  }
  return {};
}

std::string_view name_of(store::Growth growth) {
  switch (growth) {
    case store::Growth::Constant:
      return "constant";
    case store::Growth::WithMatches:
      return "with-matches";
    case store::Growth::WithTable:
      return "with-table";
  }
  return {};
}

void print_for_people(const std::vector<store::Explanation>& explanations) {
  for (const store::Explanation& each : explanations) {
    std::cout << each.purpose << "\n  sql    " << each.sql << '\n';
    for (std::size_t i = 0; i < each.steps.size(); ++i) {
      std::cout << (i == 0 ? "  steps  " : "         ") << each.steps[i] << '\n';
    }
    std::cout << "  index  " << (each.indexes.empty() ? "none" : base::enumerated(each.indexes)) << '\n';
    std::cout << "  cost   " << words_of(each.growth) << "\n\n";
  }
}

std::string json_list(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (const std::string& text : texts) out += (out.size() > 1 ? "," : "") + json_text(text);
  return out + "]";
}

void print_json(const std::vector<store::Explanation>& explanations) {
  std::cout << "{\"statements\":[";
  for (std::size_t i = 0; i < explanations.size(); ++i) {
    const store::Explanation& each = explanations[i];
    std::cout << (i > 0 ? "," : "") << "{\"purpose\":" << json_text(each.purpose)
              << ",\"sql\":" << json_text(each.sql) << ",\"steps\":" << json_list(each.steps)
              << ",\"indexes\":" << json_list(each.indexes) << ",\"cost\":" << json_text(name_of(each.growth)) << '}';
  }
  std::cout << "]}\n";
}

}  // namespace

ExitCode explain(const ExplainOptions& options) {
  const auto api = load_description(options.target.description);
  const StoreLocation store = existing_store(options.target.store, *api);
  const store::DataPlace place = data_place(store);
  const RequestLine line = parse_request(options.request);

  const auto location = value_or_throw(contract::locate(*api, line.path));
  const auto contract = value_or_throw(contract::negotiate(*api, location, options.accept));
  const std::string account = over_schema({.api = *api, .location = store}, [&] {
    return account_of(options, {.api = *api, .place = place, .mode = contract.mode});
  });
  const auto target = value_or_throw(operation::find_target(*api, location));
  auto operation = value_or_throw(
      operation::parse_operation(api->limits, target, http::Method::Get, operation::parse_query(line.query)));
  const plan::Planner planner(api, flavor_of(store));
  const auto plan = value_or_throw(planner.make_plan(
      std::move(operation), {.account = account, .version = contract.version, .mode = contract.mode}));
  const auto explanations = over_schema({.api = *api, .location = store}, [&] {
    return std::visit(Explainer{.plan = plan, .api = *api, .mode = contract.mode}, place);
  });
  if (options.output == Output::Json) {
    print_json(explanations);
  } else {
    print_for_people(explanations);
  }
  return ExitCode::Done;
}

}  // namespace portico::app
