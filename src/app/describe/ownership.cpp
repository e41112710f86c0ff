#include "app/describe/ownership.hpp"

#include <algorithm>
#include <set>

#include "app/describe/describe_catalog.hpp"
#include "app/describe/draft_names.hpp"
#include "app/shell_word.hpp"
#include "base/text.hpp"

namespace portico::app {
namespace {

std::string meant(const std::string& word, const std::vector<std::string>& known) {
  const auto near = base::did_you_mean(word, known);
  return near ? "; did you mean `" + *near + "`?" : "";
}

}  // namespace

Ownership::Ownership(const store::Catalog& catalog, const DescribeOptions& options)
    : catalog_(catalog), options_(options) {
  if (options_.owner.empty()) {
    if (options_.shared.empty()) return;
    throw DescribeError("--shared goes with --owner: without an owner column every account sees all tables");
  }
  check_owner();
  check_shared();
  find_accounts();
}

void Ownership::check_owner() const {
  std::set<std::string> columns;
  for (const store::Table& table : catalog_.tables) {
    for (const store::Column& column : table.columns) columns.insert(column.name);
  }
  if (columns.contains(options_.owner)) return;
  throw DescribeError("--owner " + options_.owner + ": no table has such a column" +
                      meant(options_.owner, {columns.begin(), columns.end()}));
}

void Ownership::check_shared() const {
  std::vector<std::string> tables;
  for (const store::Table& table : catalog_.tables) tables.push_back(table.name);
  for (const std::string& name : options_.shared) {
    if (std::find(tables.begin(), tables.end(), name) != tables.end()) continue;
    throw DescribeError("--shared " + name + ": there is no such table" + meant(name, tables));
  }
}

/// The owner column of one table may refer to accounts, and of others be without a foreign key: all that refer must
/// agree, on a table with a key of that one column.
void Ownership::find_accounts() {
  std::set<const store::Table*> targets;
  for (const store::Table& table : catalog_.tables) {
    for (const store::ForeignKey& key : table.foreign_keys) {
      if (key.columns != std::vector{options_.owner}) continue;
      const store::Table* target = catalog_.find_table(key.schema, key.table);
      const bool is_by_key = target != nullptr && target->primary_key == key.target_columns;
      targets.insert(is_by_key ? target : nullptr);
    }
  }
  if (targets.size() == 1) accounts_ = *targets.begin();
}

bool Ownership::is_shared(const store::Table& table) const {
  return std::find(options_.shared.begin(), options_.shared.end(), table.name) != options_.shared.end();
}

std::optional<std::string> Ownership::reason_to_leave_out(const store::Table& table) const {
  const bool is_owned = options_.owner.empty() || &table == accounts_ || table.find_column(options_.owner) != nullptr;
  if (is_owned || is_shared(table)) return std::nullopt;
  std::vector<std::string> ways;
  for (const store::ForeignKey& key : table.foreign_keys) {
    const store::Table* target = catalog_.find_table(key.schema, key.table);
    const bool leads_to_owner = target != nullptr && target->find_column(options_.owner) != nullptr;
    if (leads_to_owner) ways.push_back(base::joined(key.columns, ", ") + " -> " + key.table);
  }
  const std::string how = ways.size() == 1 ? " but by " + ways.front() : "";
  return "no column " + options_.owner + how + ", so every account would see all of it; if that is right: --shared " +
         shell_word(table.name);
}

ResourceDraft::Owner Ownership::owner_of(const store::Table& table) const {
  if (options_.owner.empty()) return ResourceDraft::Owner::Everybody;
  if (&table == accounts_) return ResourceDraft::Owner::Account;
  return table.find_column(options_.owner) != nullptr ? ResourceDraft::Owner::Column
                                                      : ResourceDraft::Owner::Everybody;
}

std::vector<std::string> Ownership::heading() const {
  if (options_.owner.empty()) {
    return {"Every key sees every row: nothing here says whose a row is. `portico init --owner COLUMN` writes a",
            "description in which each account sees its own."};
  }
  const std::string accounts = accounts_ != nullptr ? "the row of " + accounts_->name + " that it names"
                                                    : "who is called so; there is no table of accounts";
  return {"A row belongs to the account in its column " + options_.owner + ": " + accounts + "."};
}

}  // namespace portico::app
