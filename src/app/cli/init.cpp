#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>

#include "app/cli/commands.hpp"
#include "app/describe/describe_catalog.hpp"
#include "app/describe/starter.hpp"
#include "app/shell_word.hpp"
#include "app/store_location.hpp"
#include "model/load_yaml.hpp"
#include "model/mistake_list.hpp"
#include "model/name_rules.hpp"
#include "store/introspect.hpp"
#include "store/postgres_address.hpp"

namespace portico::app {
namespace {

constexpr std::string_view sqlite_scheme = "sqlite:";

/// What the command line got wrong; nothing was done.
class Misuse : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

bool is_postgres(std::string_view from) {
  return from.starts_with("postgres://") || from.starts_with("postgresql://");
}

void check_options(const InitOptions& options) {
  const bool reads_database = !options.from.empty();
  if (!reads_database && !(options.schemas.empty() && options.owner.empty() && options.shared.empty())) {
    throw Misuse(
        "--schema, --owner and --shared say how to read a database: --from postgres://… or --from sqlite:FILE");
  }
  if (reads_database && !is_postgres(options.from) && !options.from.starts_with(sqlite_scheme)) {
    throw Misuse("--from " + shown_store(options.from) +
                 ": not a database; postgres://USER@HOST/NAME, or sqlite:FILE");
  }
  if (is_postgres(options.from)) {
    const std::string mistake = store::address_mistake(options.from);
    if (!mistake.empty()) throw Misuse("--from " + shown_store(options.from) + ": " + mistake);
  }
  if (options.from == sqlite_scheme) throw Misuse("--from sqlite: names no file: --from sqlite:FILE");
  if (options.from.starts_with(sqlite_scheme) && !options.schemas.empty()) {
    throw Misuse("--schema: SQLite has no schemas; leave it out");
  }
  if (options.vendor.empty()) return;
  model::MistakeList mistakes;
  model::check_vendor({.name = options.vendor, .position = {}, .what = "vendor"}, mistakes);
  if (mistakes.empty()) return;
  const model::Mistake mistake = std::move(mistakes).sorted().front();
  throw Misuse("--vendor: " + mistake.message + " (" + mistake.hint + ")");
}

store::Catalog read_catalog(const InitOptions& options) {
  if (is_postgres(options.from)) {
    return store::introspect_postgres({.address = options.from, .schemas = options.schemas});
  }
  return store::introspect_sqlite(options.from.substr(sqlite_scheme.size()));
}

void write_output(const InitOptions& options, const std::string& text) {
  if (options.output == "-") {
    std::cout << text << std::flush;
    return;
  }
  const bool is_there = std::filesystem::exists(std::filesystem::symlink_status(options.output));
  if (is_there && !options.force) {
    throw std::runtime_error(options.output + " is there already: --force writes over it, --output FILE beside it");
  }
  std::ofstream file(options.output, std::ios::binary | std::ios::trunc);
  file << text;
  if (!file.flush()) throw std::runtime_error(options.output + ": cannot be written: " + std::strerror(errno));
}

/// An account that there is, for the first key.
std::string first_account(const store::Catalog& catalog, const ApiDraft& draft, const std::string& owner) {
  for (const ResourceDraft& resource : draft.resources) {
    const std::string& schema = resource.schema.empty() ? draft.schema : resource.schema;
    const store::Table* table = catalog.find_table(schema, resource.table);
    if (table == nullptr || resource.owner == ResourceDraft::Owner::Everybody) continue;
    const bool is_account = resource.owner == ResourceDraft::Owner::Account;
    if (!draft.accounts.empty() && !is_account) continue;
    const store::Column* column = table->find_column(is_account ? table->primary_key.front() : owner);
    if (column != nullptr && column->example) return *column->example;
  }
  return "demo";
}

struct NextSteps {
  std::string description;
  std::string store;  ///< words behind `portico keys create` and `portico serve`
  std::string account;
  std::string resource;
};

/// To be pasted as they stand: the request waits until the server takes it.
void print_next_steps(const NextSteps& next, std::ostream& out) {
  out << "KEY=$(portico keys create " << next.description << next.store << " --account " << shell_word(next.account)
      << ")\n"
      << "portico serve " << next.description << next.store << " &\n"
      << "curl --silent --retry 9 --retry-connrefused -H \"Authorization: Bearer $KEY\" http://127.0.0.1:8080/"
      << next.resource << "\n";
}

/// What is written must be good: a fault found here is ours, and the file says more than an empty hand.
ExitCode check_written(const InitOptions& options, const std::string& text) {
  const auto loaded = model::load_yaml(text);
  const auto* mistakes = std::get_if<model::Mistakes>(&loaded);
  if (mistakes == nullptr) return ExitCode::Done;
  std::cerr << "portico: the description needs a hand before it can serve:\n";
  for (const model::Mistake& mistake : *mistakes) {
    std::cerr << model::format_mistake(options.output, mistake) << '\n';
  }
  return ExitCode::Failed;
}

ExitCode init_from_database(const InitOptions& options) {
  const store::Catalog catalog = read_catalog(options);
  const ApiDraft draft =
      describe_catalog(catalog, {.owner = options.owner, .shared = options.shared, .vendor = options.vendor});
  const std::string text = write_draft(draft);
  write_output(options, text);
  if (const ExitCode code = check_written(options, text); code != ExitCode::Done) return code;

  const bool is_piped = options.output == "-";
  std::ostream& out = is_piped ? std::cerr : std::cout;
  out << (is_piped ? "Written" : "Written to " + options.output) << ": " << draft.resources.size()
      << (draft.resources.size() == 1 ? " resource" : " resources");
  if (!draft.left_out.empty()) out << "; left out, as its end says: " << draft.left_out.size();
  out << ". Nothing in the database was changed, nor will be: keys lie in ./access.\n"
      << "Next, in the same shell:\n\n";
  const auto with_rows =
      std::find_if(draft.resources.begin(), draft.resources.end(), [&](const ResourceDraft& resource) {
        const store::Table* table =
            catalog.find_table(resource.schema.empty() ? draft.schema : resource.schema, resource.table);
        return table != nullptr && table->rows > 0 && !resource.key.empty();
      });
  print_next_steps({.description = shell_word(is_piped ? "api.yaml" : options.output),
                    .store = " --store " + shell_word(options.from) + " --access sqlite:access",
                    .account = first_account(catalog, draft, options.owner),
                    .resource = (with_rows == draft.resources.end() ? draft.resources.begin() : with_rows)->name},
                   out);
  return ExitCode::Done;
}

ExitCode init_empty(const InitOptions& options) {
  const std::string text = starter_description(options.vendor.empty() ? "example" : options.vendor);
  write_output(options, text);
  const bool is_piped = options.output == "-";
  std::ostream& out = is_piped ? std::cerr : std::cout;
  const std::string file = shell_word(is_piped ? "api.yaml" : options.output);
  out << (is_piped ? "Written" : "Written to " + options.output) << ". Next, in the same shell:\n\n"
      << "portico migrate " << file << " --yes\n";
  print_next_steps({.description = file, .store = "", .account = "demo", .resource = "orders"}, out);
  return check_written(options, text);
}

}  // namespace

ExitCode init(const InitOptions& options) {
  try {
    check_options(options);
    return options.from.empty() ? init_empty(options) : init_from_database(options);
  } catch (const Misuse& misuse) {
    std::cerr << "portico: " << misuse.what() << '\n';
    return ExitCode::Misused;
  } catch (const DescribeError& error) {
    std::cerr << "portico: " << error.what() << '\n';
    return ExitCode::Misused;
  }
}

}  // namespace portico::app
