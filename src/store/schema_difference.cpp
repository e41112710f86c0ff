#include "store/schema_difference.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <set>

#include "base/text.hpp"
#include "store/left_over.hpp"

namespace portico::store {
namespace {

std::string column_names(const std::vector<IndexColumn>& columns) {
  std::vector<std::string> names;
  for (const IndexColumn& column : columns) {
    names.push_back(column.name + (column.direction == model::Direction::Descending ? " descending" : ""));
  }
  return base::joined(names, ", ");
}

class Comparer {
 public:
  Comparer(const Comparison& comparison, Difference& difference)
      : place_(comparison.place),
        schema_(comparison.schema),
        wanted_(comparison.wanted),
        catalogue_(comparison.catalogue),
        writer_(comparison.writer),
        unused_(comparison.unused),
        difference_(difference),
        present_(catalogue_.read()) {}

  void compare() {
    if (!present_.exists) make_schema();
    drop_lapsed_rules();
    const std::vector<const WantedIndex*> missing = missing_indexes();
    for (const WantedIndex* index : missing) make_room(*index);
    for (const WantedTable& table : wanted_.tables) {
      if (table.schema == schema_) compare_table(table);
    }
    for (const WantedIndex* index : missing) make_index(*index);
    for (const PresentTable& table : present_.tables) find_unused(table);
    difference_.changes.insert(difference_.changes.end(), drops_.begin(), drops_.end());
  }

 private:
  [[nodiscard]] bool same(std::string_view a, std::string_view b) const { return same_name(wanted_.flavor, a, b); }

  template <typename List>
  [[nodiscard]] auto find(const List& list, std::string_view name) const -> decltype(&list.front()) {
    const auto found =
        std::find_if(list.begin(), list.end(), [&](const auto& item) { return same(item.name, name); });
    return found == list.end() ? nullptr : &*found;
  }

  [[nodiscard]] const WantedTable* find_wanted(std::string_view name) const {
    const auto found = std::find_if(wanted_.tables.begin(), wanted_.tables.end(), [&](const WantedTable& table) {
      return table.schema == schema_ && same(table.name, name);
    });
    return found == wanted_.tables.end() ? nullptr : &*found;
  }

  /// Looked for once: the answer costs a query.
  [[nodiscard]] bool has_rows(const std::string& table) {
    const auto known = rows_.find(table);
    return known != rows_.end() ? known->second : rows_.emplace(table, catalogue_.has_rows(table)).first->second;
  }

  void add(Change change) {
    change.place = place_;
    difference_.changes.push_back(std::move(change));
  }

  void make_schema() {
    const std::string sql = writer_.create_schema();
    if (!sql.empty()) add({.place = {}, .what = "the schema is made", .sql = {sql}});
  }

  // --- Tables and columns

  void compare_table(const WantedTable& table) {
    const PresentTable* present = find(present_.tables, table.name);
    if (present == nullptr) {
      add({.place = {},
           .what = "table " + table.name + " is made",
           .sql = {writer_.create_table(table)},
           .advice = table_rename_hint(table)});
    } else if (!present->is_table()) {
      add({.place = {},
           .what = "table " + table.name + " is made",
           .sql = {},
           .effect = Effect::Impossible,
           .advice = present->name + " is a " + present->kind +
                     ": give one of them another name (`table:` in the description names the resource's)"});
    } else {
      compare_columns(table, *present);
    }
  }

  void compare_columns(const WantedTable& table, const PresentTable& present) {
    std::vector<ColumnChange> changes;
    std::vector<const WantedColumn*> missing;
    std::vector<ColumnChange> only_marked;
    for (const WantedColumn& column : table.columns) {
      const PresentColumn* there = find(present.columns, column.name);
      if (there == nullptr) {
        missing.push_back(&column);
        continue;
      }
      if (column.type == ColumnType::Date) check_dates(present, *there);
      ColumnChange change{.present = *there, .wanted = column};
      if (writer_.is_of_type(*there, column.type) && !change.changes_nullability()) {
        if (there->own && there->type != column.type) only_marked.push_back(change);
        continue;
      }
      if (there->nullable && !column.nullable) change.nulls = catalogue_.nulls({present.name, {there->name}});
      changes.push_back(change);
    }
    std::deque<WantedColumn> loosened;  // stay where they are
    for (const PresentColumn* column : columns_in_the_way(wanted_.flavor, table, present)) {
      if (!can_be_loosened(table, present, *column)) continue;
      loosened.push_back({.name = column->name, .type = column->type.value_or(ColumnType::Text), .nullable = true});
      changes.push_back({.present = *column, .wanted = loosened.back(), .is_left_over = true});
      loosened_.insert(column);
    }
    if (!changes.empty()) {
      for (const ColumnChange& change : only_marked) changes.push_back(change);
      for (Change& change : writer_.alter(present, changes)) add(std::move(change));
    }
    for (const WantedColumn* column : missing) add_column(table, present, *column);
  }

  /// A column that others defined is left to them where they are the ones who add rows.
  bool can_be_loosened(const WantedTable& table, const PresentTable& present, const PresentColumn& column) {
    const auto holds_it = [&](const PresentIndex& index) {
      return index.primary && std::any_of(index.columns.begin(), index.columns.end(),
                                          [&](const IndexColumn& part) { return same(part.name, column.name); });
    };
    const auto key = std::find_if(present.indexes.begin(), present.indexes.end(), holds_it);
    if (key == present.indexes.end()) return column.own || table.is_added_to;
    if (table.is_added_to) {
      add({.place = {},
           .what = "column " + present.name + "." + column.name + " may be null",
           .sql = {},
           .effect = Effect::Impossible,
           .advice = advice_on_left_over(column.name) + "; but the primary key " + key->name +
                     " holds it: give the table another, or the column a default, by hand"});
    }
    return false;
  }

  /// A column that takes texts has been one of texts, perhaps.
  void check_dates(const PresentTable& table, const PresentColumn& column) {
    const Catalogue::Strays strays = catalogue_.no_dates(table.name, column);
    if (strays.rows == 0) return;
    add({.place = {},
         .what = "column " + table.name + "." + column.name + " becomes one of dates",
         .sql = {},
         .effect = Effect::Impossible,
         .advice =
             advice_on(strays) + "; make them dates (`2026-01-31`) or null first, or let the field be no date"});
  }

  void add_column(const WantedTable& table, const PresentTable& present, const WantedColumn& column) {
    Change change{.place = {},
                  .what = "column " + present.name + "." + column.name + " is added",
                  .sql = {writer_.add_column(present.name, column)},
                  .advice = column_rename_hint(table, present, column)};
    if (!column.nullable && has_rows(present.name)) {
      change.effect = Effect::Impossible;
      change.advice = "the rows that are there need a value: add it with one (`" + change.sql.front() +
                      " DEFAULT …`), or let the field be null (`\"null\": true`)" +
                      (change.advice.empty() ? "" : "; " + change.advice);
      change.sql.clear();
    }
    add(std::move(change));
  }

  /// A name that went and a name that came may be one thing: that cannot be told from the outside.
  [[nodiscard]] std::string column_rename_hint(const WantedTable& table, const PresentTable& present,
                                               const WantedColumn& column) const {
    std::vector<std::string> candidates;
    for (const PresentColumn& other : present.columns) {
      if (find(table.columns, other.name) == nullptr && writer_.is_of_type(other, column.type)) {
        candidates.push_back(other.name);
      }
    }
    if (candidates.empty()) return {};
    return "is it " + base::joined(candidates, " or ") + " under a new name, then keep the values: `ALTER TABLE " +
           writer_.quoted_table(present.name) + " RENAME COLUMN \"" + candidates.front() + "\" TO \"" + column.name +
           "\"`, or `column: " + candidates.front() + "` in the description";
  }

  [[nodiscard]] std::string table_rename_hint(const WantedTable& table) const {
    if (is_own_table(table.name)) return {};  // whose name is always the same
    std::vector<std::string> candidates;
    for (const PresentTable& other : present_.tables) {
      if (!other.is_table() || find_wanted(other.name) != nullptr || is_own_table(other.name)) continue;
      candidates.push_back(other.name);
    }
    if (candidates.empty()) return {};
    return "is it " + base::joined(candidates, " or ") + " under a new name, then keep the rows: `ALTER TABLE " +
           writer_.quoted_table(candidates.front()) + " RENAME TO \"" + table.name +
           "\"`, or `table: " + candidates.front() + "` in the description";
  }

  // --- Indexes

  /// Indexes that are in the way go before all else: what follows does not meet them.
  void drop_first(PresentTable& table, std::size_t at, Change change) {
    change.sql = {writer_.drop_index(table, table.indexes[at])};
    add(std::move(change));
    table.indexes.erase(table.indexes.begin() + static_cast<std::ptrdiff_t>(at));
  }

  void drop_lapsed_rules() {
    for (PresentTable& table : present_.tables) {
      const WantedTable* wanted = find_wanted(table.name);
      if (wanted == nullptr || !table.is_table()) continue;
      for (std::size_t at = table.indexes.size(); at-- > 0;) {
        const PresentIndex& index = table.indexes[at];
        if (!is_lapsed_rule(wanted_, *wanted, index)) continue;
        drop_first(table, at,
                   {.place = {},
                    .what = "index " + index.name + " of " + table.name + " (" + column_names(index.columns) +
                            ") is dropped",
                    .sql = {},
                    .advice = "it lets no two rows be alike in what the description no longer has as unique"});
      }
    }
  }

  [[nodiscard]] std::vector<const WantedIndex*> missing_indexes() {
    std::vector<const WantedIndex*> missing;
    for (const WantedIndex& index : wanted_.indexes) {
      if (index.schema != schema_) continue;
      const PresentTable* table = find(present_.tables, index.table);
      if (table != nullptr && !table->is_table()) continue;  // nothing can be made of it
      if (table == nullptr || !is_there(index, *table)) missing.push_back(&index);
    }
    return missing;
  }

  /// One of another name serves as well.
  bool is_there(const WantedIndex& index, const PresentTable& table) {
    bool found = false;
    for (const PresentIndex& present : table.indexes) {
      const bool alike = present.usable && (present.unique || index.uniqueness == Uniqueness::Plain) &&
                         std::equal(present.columns.begin(), present.columns.end(), index.columns.begin(),
                                    index.columns.end(), [&](const IndexColumn& a, const IndexColumn& b) {
                                      return same(a.name, b.name) && a.direction == b.direction;
                                    });
      if (!alike) continue;
      serving_.insert(present.name);
      found = true;
    }
    return found;
  }

  void make_room(const WantedIndex& index) {
    for (PresentTable& table : present_.tables) {
      const PresentIndex* present = find(table.indexes, index.name);
      if (present == nullptr || serving_.contains(present->name)) continue;
      drop_first(table, static_cast<std::size_t>(present - table.indexes.data()),
                 {.place = {}, .what = "index " + present->name + " makes room for another of its name", .sql = {}});
    }
  }

  void make_index(const WantedIndex& index) {
    Change change{
        .place = {},
        .what = "index " + index.name + " is made on " + index.table + " (" + column_names(index.columns) + ")",
        .sql = {writer_.create_index(index)}};
    check_rows(index, change);
    add(std::move(change));
  }

  void check_rows(const WantedIndex& index, Change& change) {
    const PresentTable* table = find(present_.tables, index.table);
    if (table == nullptr || !has_rows(table->name)) return;
    change.advice = writer_.index_advice(table->name);
    if (index.uniqueness == Uniqueness::Plain) return;
    std::vector<std::string> columns;
    for (const IndexColumn& column : index.columns) {
      const PresentColumn* present = find(table->columns, column.name);
      if (present == nullptr) return;  // a new one: all null
      columns.push_back(present->name);
    }
    const std::int64_t duplicates = catalogue_.duplicates({table->name, columns});
    if (duplicates == 0) return;
    change.effect = Effect::Impossible;
    change.sql.clear();
    change.advice = std::to_string(duplicates) + (duplicates == 1 ? " value of " : " values of ") +
                    base::joined(columns, ", ") + (duplicates == 1 ? " is" : " are") +
                    " there several times: make the rows differ, or leave `unique` out";
  }

  // --- What the description does not have

  void drop(std::string what, std::string sql, Effect effect) {
    drops_.push_back({.place = place_, .what = std::move(what), .sql = {std::move(sql)}, .effect = effect});
  }

  void remark(std::string what) { difference_.remarks.push_back({place_, std::move(what)}); }

  void find_unused(const PresentTable& table) {
    const WantedTable* wanted = find_wanted(table.name);
    if (wanted == nullptr) {
      if (unused_ == Unused::Drop && table.is_table()) {
        drop("table " + table.name + " is dropped", writer_.drop_table(table.name), Effect::LosesData);
      } else {
        remark(table.kind + " " + table.name);
      }
      return;
    }
    if (!table.is_table()) return;
    for (const PresentIndex& index : table.indexes) find_unused(table, index);
    for (const PresentColumn& column : table.columns) {
      if (find(wanted->columns, column.name) != nullptr) continue;
      const std::string name = table.name + "." + column.name;
      if (unused_ == Unused::Drop) {
        drop("column " + name + " is dropped", writer_.drop_column(table.name, column.name), Effect::LosesData);
      } else if (!loosened_.contains(&column)) {
        remark("column " + name);
      }
    }
  }

  void find_unused(const PresentTable& table, const PresentIndex& index) {
    if (serving_.contains(index.name)) return;
    if (unused_ == Unused::Drop && index.constraint.empty()) {
      drop("index " + index.name + " is dropped", writer_.drop_index(table, index), Effect::Harmless);
    } else {
      remark("index " + index.name + " of " + table.name +
             (index.constraint.empty() ? "" : ", which belongs to " + index.constraint));
    }
  }

  const std::string& place_;
  const std::string& schema_;
  const Schema& wanted_;
  Catalogue& catalogue_;
  SchemaWriter& writer_;
  const Unused unused_;
  Difference& difference_;
  PresentSchema present_;  // without the indexes that are dropped first
  std::map<std::string, bool> rows_;
  std::set<std::string, std::less<>> serving_;  // present indexes that something is served by
  std::set<const PresentColumn*> loosened_;     // left over, and changed
  std::vector<Change> drops_;                   // last, and in the order of dependence: indexes before their columns
};

}  // namespace

void compare(const Comparison& comparison, Difference& difference) {
  Comparer(comparison, difference).compare();
}

}  // namespace portico::store
