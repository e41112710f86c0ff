#include <algorithm>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <unistd.h>

#include "app/cli/commands.hpp"
#include "app/cli/description.hpp"
#include "app/cli/terminal.hpp"
#include "app/store_location.hpp"
#include "store/migrations.hpp"
#include "store/sqlite_access.hpp"

namespace portico::app {
namespace {

using store::Change;
using store::Difference;
using store::Effect;

std::size_t count_of(const Difference& difference, Effect effect) {
  return static_cast<std::size_t>(std::count_if(difference.changes.begin(), difference.changes.end(),
                                                [effect](const Change& change) { return change.effect == effect; }));
}

std::string counted(std::size_t count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

/// All of it is SQL, or a comment of SQL.
void show(const Difference& difference) {
  for (const Change& change : difference.changes) {
    std::cout << "-- " << change.place << ": " << change.what;
    if (change.effect != Effect::Harmless) std::cout << " [" << name_of(change.effect) << ']';
    std::cout << '\n';
    if (!change.advice.empty()) std::cout << "--   " << printable(change.advice) << '\n';
    for (const std::string& sql : change.sql) std::cout << sql << ";\n";
  }
  if (difference.remarks.empty()) return;
  std::cout << "-- Not in the description, and left alone (--drop-unused drops tables, columns and indexes):\n";
  for (const store::Remark& remark : difference.remarks) {
    std::cout << "--   " << remark.place << ": " << remark.what << '\n';
  }
}

void print_json(const Difference& difference, std::size_t made) {
  std::cout << "{\"changes\": [";
  std::string_view separator;
  for (const Change& change : difference.changes) {
    std::cout << separator << "\n  {\"place\": " << json_text(change.place)
              << ", \"what\": " << json_text(change.what) << ", \"effect\": " << json_text(name_of(change.effect))
              << ", \"advice\": " << json_text(change.advice) << ", \"sql\": [";
    std::string_view between;
    for (const std::string& sql : change.sql) {
      std::cout << between << json_text(sql);
      between = ", ";
    }
    std::cout << "]}";
    separator = ",";
  }
  std::cout << "],\n \"unused\": [";
  separator = "";
  for (const store::Remark& remark : difference.remarks) {
    std::cout << separator << "\n  {\"place\": " << json_text(remark.place)
              << ", \"what\": " << json_text(remark.what) << '}';
    separator = ",";
  }
  std::cout << "],\n \"made\": " << made << "}\n";
}

bool asked_yes(const Difference& difference) {
  const std::size_t losses = count_of(difference, Effect::LosesData);
  std::cout << "Make " << counted(difference.changes.size(), "change")
            << (losses == 0 ? "" : ", " + std::to_string(losses) + " of which lose data") << "? [y/N] " << std::flush;
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "Y" || answer == "yes";
}

/// The worst that may be made now; nothing: nothing at all.
std::optional<Effect> permission(const MigrateOptions& options, const Difference& difference) {
  if (options.yes) return options.allow_loss ? Effect::LosesData : Effect::Harmless;
  const bool on_terminal =
      options.output == Output::People && ::isatty(STDIN_FILENO) != 0 && ::isatty(STDOUT_FILENO) != 0;
  if (!on_terminal || count_of(difference, Effect::Impossible) > 0 || !asked_yes(difference)) return std::nullopt;
  return Effect::LosesData;
}

void say_result(const Difference& left, std::size_t made) {
  if (made > 0) std::cout << "-- " << counted(made, "change") << " made.\n";
  if (left.changes.empty()) {
    std::cout << "Nothing " << (made > 0 ? "else " : "") << "to do: production and sandbox have all that the "
              << "description needs.\n";
    return;
  }
  std::cout << "-- " << counted(left.changes.size(), "change") << " not made";
  if (const std::size_t impossible = count_of(left, Effect::Impossible); impossible > 0) {
    std::cout << "; " << impossible << " cannot be made as things are, and nothing is while that is so.\n";
  } else if (const std::size_t losses = count_of(left, Effect::LosesData); losses == left.changes.size()) {
    std::cout << ": data would be lost. `--yes --allow-loss` makes " << (losses == 1 ? "it" : "them")
              << " all the same.\n";
  } else {
    std::cout << ". `--yes` makes what loses nothing" << (losses > 0 ? ", with `--allow-loss` the rest" : "")
              << ".\n";
  }
}

store::SchemaTarget target_of(const MigrateOptions& options, const model::Api& api) {
  const StoreLocation location = parse_store(options.target.store);
  if (const auto* file = std::get_if<SqliteFile>(&location); file != nullptr && !api.database.existing) {
    throw std::runtime_error("--store sqlite:" + file->path.string() +
                             ": is a file; a store is a directory, such as sqlite:data");
  }
  return schema_target(location);
}

}  // namespace

ExitCode migrate(const MigrateOptions& options) {
  const auto api = load_description(options.target.description);
  const store::SchemaTarget target = target_of(options, *api);
  const store::Unused unused = options.drop_unused ? store::Unused::Drop : store::Unused::Leave;
  const Difference difference = pending_changes(*api, target, unused);
  if (options.output == Output::People) show(difference);
  std::size_t made = 0;
  std::optional<Difference> left;
  if (!difference.changes.empty()) {
    if (const auto worst = permission(options, difference)) {
      made = apply_changes(*api, target, {.difference = difference, .unused = unused, .worst = *worst});
      left = pending_changes(*api, target, unused);  // somebody else may have made them first
    }
  }
  const auto* directory = std::get_if<std::filesystem::path>(&target);
  if (directory != nullptr && made > 0) {
    const store::SqliteKeyRegistry keys(*directory);  // the third file of a store
  }
  if (!left) left = difference;
  if (options.output == Output::Json) {
    print_json(difference, made);
  } else {
    say_result(*left, made);
  }
  return left->changes.empty() ? ExitCode::Done : ExitCode::Pending;
}

}  // namespace portico::app
