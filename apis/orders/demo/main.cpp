// portico-demo: fills a store with the demo of apis/orders/api.yaml, or with the rows of a file.

#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <variant>

#include <CLI/CLI.hpp>

#include "app/cli/progress.hpp"
#include "fill_store.hpp"
#include "model/load_yaml.hpp"
#include "platform/usage_tables.hpp"
#include "shop.hpp"
#include "store/postgres_address.hpp"
#include "store/postgres_own_tables.hpp"
#include "store/sqlite_own_tables.hpp"
#include "usage_history.hpp"

namespace portico::demo {
namespace {

struct Arguments {
  std::string description;
  std::string store;
  std::string rows_file;
  std::uint64_t orders = 10'000;
  std::uint64_t sandbox_orders = 500;
  std::uint64_t seed = 1;
  app::Wish wish = app::Wish::Usual;
  UsagePast past;
};

constexpr std::string_view sqlite_scheme = "sqlite:";

bool is_postgres(const std::string& store) {
  return store.starts_with("postgres://") || store.starts_with("postgresql://");
}

std::string checked_store(const std::string& store) {
  if (store.starts_with(sqlite_scheme) && store.size() > sqlite_scheme.size()) return {};
  if (is_postgres(store)) return store::address_mistake(store);
  return "'" + store::without_passwords(store) +
         "' is no store that can be filled; write sqlite:DIRECTORY or postgres://USER@HOST/DATABASE";
}

store::SchemaTarget target_of(const std::string& store) {
  if (is_postgres(store)) return store::PostgresAddress{store};
  return std::filesystem::path(store.substr(sqlite_scheme.size()));
}

std::shared_ptr<const model::Api> load_description(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw std::runtime_error(file + ": cannot be read");
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  auto loaded = model::load_yaml(text);
  if (auto* api = std::get_if<std::shared_ptr<const model::Api>>(&loaded)) return std::move(*api);
  std::string mistakes;
  for (const auto& mistake : std::get<model::Mistakes>(loaded)) {
    mistakes += (mistakes.empty() ? "" : "\n") + model::format_mistake(file, mistake);
  }
  throw std::runtime_error(mistakes);
}

void say_summary(const Arguments& arguments, StoreFiller& filler, std::chrono::duration<double> taken) {
  std::uint64_t rows = 0;
  for (const auto mode : modes) {
    const auto made = filler.made(mode);
    const double megabytes = static_cast<double>(made.bytes) / 1e6;
    std::printf("%-10s  %12s rows  %10.1f MB  %s\n", std::string(model::name_of(mode)).c_str(),
                app::grouped(filler.rows(mode)).c_str(), megabytes, made.name.c_str());
    rows += filler.rows(mode);
  }
  std::printf("%.1f s, %s rows/s with the indexes\n", taken.count(),
              app::grouped(static_cast<std::uint64_t>(static_cast<double>(rows) / taken.count())).c_str());
  if (!arguments.rows_file.empty()) return;
  for (const auto& merchant : merchants()) {
    std::printf("merchant %s  %s\n", std::string(merchant.id).c_str(), std::string(merchant.name).c_str());
  }
}

void fill(const Arguments& arguments) {
  const auto begun = std::chrono::steady_clock::now();
  const auto api = load_description(arguments.description);
  StoreFiller filler(*api, target_of(arguments.store), app::talk_for(arguments.wish));
  if (arguments.rows_file.empty()) {
    filler.generate_into({.mode = model::Mode::Production, .orders = arguments.orders, .seed = arguments.seed});
    filler.generate_into({.mode = model::Mode::Sandbox, .orders = arguments.sandbox_orders, .seed = arguments.seed});
  } else {
    filler.load_into(arguments.rows_file);
  }
  filler.finish();
  if (arguments.wish == app::Wish::Usual) say_summary(arguments, filler, std::chrono::steady_clock::now() - begun);
}

std::unique_ptr<store::OwnTables> open_own_tables(const std::string& store, const model::Api& api) {
  if (is_postgres(store)) return std::make_unique<store::PostgresOwnTables>(store, api.database.schema);
  return std::make_unique<store::SqliteOwnTables>(store.substr(sqlite_scheme.size()));
}

void make_past(Arguments arguments) {
  const auto api = load_description(arguments.description);
  const auto tables = open_own_tables(arguments.store, *api);
  arguments.past.until = base::now();
  Random random(arguments.seed);
  platform::write_usage(*tables, usage_history(arguments.past, random), past_requests_kept);
}

int run(int count, char** words) {
  constexpr std::uint64_t orders_max = 100'000'000;
  Arguments arguments;
  CLI::App command(
      "Fills a store with the demo's merchants, articles, customers and orders.\n"
      "The same arguments make the same data, on every machine.");
  command.add_option("description", arguments.description, "the API description (api.yaml)")->required();
  command
      .add_option("--store", arguments.store,
                  "where to: sqlite:DIRECTORY or postgres://USER@HOST/DATABASE; tables that exist are never touched")
      ->required()
      ->check(checked_store);
  auto* orders = command.add_option("--orders", arguments.orders, "orders in production")->capture_default_str();
  auto* sandbox = command.add_option("--sandbox-orders", arguments.sandbox_orders, "orders in the sandbox")
                      ->capture_default_str();
  auto* seed = command.add_option("--seed", arguments.seed, "other data of the same kind")->capture_default_str();
  for (auto* option : {orders, sandbox}) option->check(CLI::Range(std::uint64_t{0}, orders_max));
  auto* rows =
      command.add_option("--rows", arguments.rows_file,
                         "instead, the rows of a file: a JSON object a line, with resource, mode, owner, row");
  for (auto* option : {orders, sandbox, seed}) rows->excludes(option);
  auto* past = command.add_option("--past-of", arguments.past.account,
                                  "instead, four weeks of past requests of that account, in a store that is there");
  past->excludes(rows);
  for (auto* option : {orders, sandbox}) past->excludes(option);
  command.add_option("--past-private-key", arguments.past.private_key, "the key's id, for --past-of")->needs(past);
  command.add_option("--past-public-key", arguments.past.public_key, "the key's id, for --past-of")->needs(past);
  command.add_option("--past-extension", arguments.past.extension, "the name of one that ran, for --past-of")
      ->needs(past);
  command.add_flag_callback(
      "--quiet", [&] { arguments.wish = app::Wish::Quiet; }, "say nothing but mistakes");
  CLI11_PARSE(command, count, words);
  if (arguments.past.account.empty()) {
    fill(arguments);
  } else {
    make_past(arguments);
  }
  return 0;
}

}  // namespace
}  // namespace portico::demo

int main(int count, char** words) {
  try {
    return portico::demo::run(count, words);
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "portico-demo: %s\n", failure.what());
    return 1;
  }
}
