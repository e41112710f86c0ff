#include "store/index_advice.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "base/text.hpp"
#include "plan/column_kind.hpp"
#include "store/index_list.hpp"
#include "store/sqlite_connection.hpp"

namespace portico::store {
namespace {

using model::Leaf;
using model::Lookup;
using model::Resource;
using ValueKind = plan::ColumnKind;
using Columns = std::vector<std::string>;

// A sorted index leads to the rows of these, or to a range that holds them.
constexpr std::array<Lookup, 9> indexed_lookups = {Lookup::Exact, Lookup::In,     Lookup::StartsWith,
                                                   Lookup::Year,  Lookup::IsNull, Lookup::Gt,
                                                   Lookup::Gte,   Lookup::Lt,     Lookup::Lte};

bool can_be_indexed(Lookup lookup) {
  return std::find(indexed_lookups.begin(), indexed_lookups.end(), lookup) != indexed_lookups.end();
}

/// Whether bytes must be in order: not for equality on PostgreSQL, which every collation has alike.
bool needs_bytes(Lookup lookup, plan::SqlFlavor flavor) {
  const bool equality = lookup == Lookup::Exact || lookup == Lookup::In || lookup == Lookup::IsNull;
  return !equality || flavor == plan::SqlFlavor::Sqlite;
}

bool is_text(ValueKind kind) {
  return kind == ValueKind::Text || kind == ValueKind::CastText || kind == ValueKind::Json;
}

/// Names of SQLite that nothing else has. PostgreSQL finds one itself.
class FreeNames {
 public:
  explicit FreeNames(const Catalog& catalog) {
    for (const std::string& name : catalog.names) taken_.emplace(comparable(name), "");
  }

  /// The same for the same index.
  std::string find(const std::string& wish, const std::string& index) {
    std::string name = wish;
    for (int next = 2;; ++next) {
      const auto [entry, is_free] = taken_.emplace(comparable(name), index);
      if (is_free || entry->second == index) return name;
      name = wish + "_" + std::to_string(next);
    }
  }

 private:
  static std::string comparable(const std::string& name) { return comparable_name(plan::SqlFlavor::Sqlite, name); }

  std::map<std::string, std::string> taken_;  // by name: what is indexed; nothing of what is there
};

/// One resource's fields against its tables' indexes.
class Advisor {
 public:
  struct Basis {
    const model::Api& api;
    const Catalog& catalog;
    plan::SqlFlavor flavor;
    FreeNames& names;
  };
  Advisor(const Basis& basis, const Resource& resource)
      : api_(basis.api),
        catalog_(basis.catalog),
        flavor_(basis.flavor),
        names_(basis.names),
        resource_(resource),
        table_(find(resource.schema, resource.table)) {}

  void add_to(std::vector<MissingIndex>& missing) const {
    if (table_ == nullptr || has_one_row()) return;
    for (std::size_t i = 0; i < resource_.leaves.size(); ++i) {
      const Leaf& leaf = resource_.leaves[i];
      if (leaf.relation != 0) {
        add_relation(resource_.relations[leaf.relation - 1], missing);
        continue;
      }
      MissingIndex lacks{.resource = &resource_, .leaf = &leaf};
      lacks.for_ordering = is_ordering(i) && !serves_ordering(leaf);
      for (const Lookup lookup : indexed_lookups) {
        if (model::allows(leaf.field->lookups, lookup) && !serves(leaf, lookup)) lacks.lookups.push_back(lookup);
      }
      if (!lacks.for_ordering && lacks.lookups.empty()) continue;
      lacks.obstacle = obstacle_of(leaf);
      if (lacks.obstacle.empty()) lacks.sql = sql_for(leaf);
      missing.push_back(std::move(lacks));
    }
  }

 private:
  /// From one of our rows to those that refer to it: for whatever is shown of them, or asked of them.
  void add_relation(const model::Relation& relation, std::vector<MissingIndex>& missing) const {
    const Resource& other = *relation.resource;
    const Table* table = find(other.schema, other.table);
    const Leaf& by = other.leaves[relation.by];
    Columns columns = {by.column};
    Columns parts = {quoted_name(by.column)};
    const bool is_owned = !other.owner_column.empty() && other.owner_column != by.column;
    if (table == nullptr || has_index(*table, columns, false)) return;
    if (is_owned) {
      columns.insert(columns.begin(), other.owner_column);
      parts.insert(parts.begin(), quoted_name(other.owner_column));
      if (has_index(*table, columns, false)) return;
    }
    MissingIndex lacks{.resource = &resource_, .leaf = &resource_.leaves[relation.leaf], .lookups = {Lookup::IsNull}};
    lacks.obstacle = obstacle_of(*table);
    if (lacks.obstacle.empty()) {
      lacks.sql = {create(
          {.schema = other.schema, .table = other.table, .columns = std::move(columns), .parts = std::move(parts)})};
    }
    missing.push_back(std::move(lacks));
  }

  /// The accounts themselves: who asks sees its own row alone.
  [[nodiscard]] bool has_one_row() const {
    return resource_.key.size() == 1 && resource_.leaves[resource_.key.front()].column == resource_.owner_column;
  }
  [[nodiscard]] const std::string& schema_or_default(const std::string& schema) const {
    return schema.empty() ? api_.database.schema : schema;
  }
  [[nodiscard]] const Table* find(const std::string& schema, const std::string& table) const {
    return catalog_.find_table(flavor_ == plan::SqlFlavor::Sqlite ? "" : schema_or_default(schema), table);
  }

  /// Named by `ordering`, or the first of the default order.
  [[nodiscard]] bool is_ordering(std::size_t leaf) const {
    const auto& allowed = resource_.orderable;
    return std::find(allowed.begin(), allowed.end(), leaf) != allowed.end() ||
           (!resource_.default_order.empty() && resource_.default_order.front().leaf == leaf);
  }

  [[nodiscard]] bool has_index(const Table& table, const Columns& columns, bool bytewise) const {
    return std::any_of(table.indexes.begin(), table.indexes.end(), [&](const Index& index) {
      return index.columns.size() >= columns.size() && (index.is_bytewise || !bytewise) &&
             std::equal(columns.begin(), columns.end(), index.columns.begin());
    });
  }

  [[nodiscard]] Columns behind_owner(const std::string& column) const {
    const bool owned = !resource_.owner_column.empty() && resource_.owner_column != column;
    return owned ? Columns{resource_.owner_column, column} : Columns{column};
  }

  /// Whether a column is compared as it is, so that an index on it may serve.
  [[nodiscard]] static bool compares_plainly(ValueKind kind) {
    return kind != ValueKind::CastText && kind != ValueKind::BooleanNumber && kind != ValueKind::Json;
  }
  [[nodiscard]] bool sorts_plainly(ValueKind kind) const {
    if (kind == ValueKind::DayOfTimestamp) return false;
    if (kind == ValueKind::LocalInstant && flavor_ == plan::SqlFlavor::Sqlite) return false;
    return compares_plainly(kind);
  }

  [[nodiscard]] bool serves_ordering(const Leaf& leaf) const {
    const ValueKind kind = plan::kind_of(*leaf.field);
    return leaf.join == 0 && sorts_plainly(kind) && has_index(*table_, behind_owner(leaf.column), is_text(kind));
  }

  [[nodiscard]] bool serves(const Leaf& leaf, Lookup lookup) const {
    const ValueKind kind = plan::kind_of(*leaf.field);
    if (!compares_plainly(kind) && lookup != Lookup::IsNull) return false;
    const bool bytewise = is_text(kind) && needs_bytes(lookup, flavor_);
    if (leaf.join > 0) return serves_through(resource_.joins[leaf.join - 1], leaf.column, bytewise);
    return has_index(*table_, behind_owner(leaf.column), bytewise) || has_index(*table_, {leaf.column}, bytewise);
  }

  /// From the other table's rows to ours.
  [[nodiscard]] bool serves_through(const model::Join& join, const std::string& column, bool bytewise) const {
    const Table* other = find(join.schema, join.table);
    return other != nullptr && has_index(*other, {column}, bytewise) && leads_here(join);
  }
  [[nodiscard]] bool leads_here(const model::Join& join) const {
    return has_index(*table_, {join.column}, false) || has_index(*table_, behind_owner(join.column), false);
  }

  // --- What the database would refuse

  [[nodiscard]] static std::string obstacle_of(const Table& table) {
    return table.unindexable.empty() ? "" : table.name + " is a " + table.unindexable;
  }
  [[nodiscard]] static std::string obstacle_of(const Table& table, const std::string& name, ValueKind kind) {
    if (!table.unindexable.empty()) return obstacle_of(table);
    const Column* column = table.find_column(name);
    const bool text = kind == ValueKind::CastText && column != nullptr && !column->has_immutable_text;
    const bool day = kind == ValueKind::DayOfTimestamp && column != nullptr && !column->has_immutable_day;
    if (!text && !day) return "";
    return std::string("PostgreSQL makes no index of what is not immutable, as the ") + (text ? "text" : "day") +
           " of " + column->declared_type;
  }
  [[nodiscard]] std::string obstacle_of(const Leaf& leaf) const {
    const ValueKind kind = plan::kind_of(*leaf.field);
    if (leaf.join > 0) {
      const model::Join& join = resource_.joins[leaf.join - 1];
      const Table* other = find(join.schema, join.table);
      std::string there = other == nullptr ? "" : obstacle_of(*other, leaf.column, kind);
      return there.empty() && !leads_here(join) ? obstacle_of(*table_) : there;
    }
    if (is_sorted_by_ours(kind) && has_index(*table_, behind_owner(leaf.column), false)) {
      return "Portico sorts it by a function of its own, which no other program has that writes to the table";
    }
    return obstacle_of(*table_, leaf.column, kind);
  }
  [[nodiscard]] bool is_sorted_by_ours(ValueKind kind) const {
    return kind == ValueKind::LocalInstant && flavor_ == plan::SqlFlavor::Sqlite;
  }

  /// As an index must have it to be of use to the statements that plan/ writes.
  [[nodiscard]] std::string indexed(const std::string& column, ValueKind kind) const {
    const bool postgres = flavor_ == plan::SqlFlavor::Postgres;
    const std::string by_bytes = !api_.database.existing ? "" : postgres ? " COLLATE \"C\"" : " COLLATE BINARY";
    if (kind == ValueKind::CastText) {
      return postgres ? "(" + quoted_name(column) + "::text COLLATE \"C\")"
                      : "CAST(" + quoted_name(column) + " AS TEXT)" + by_bytes;
    }
    if (kind == ValueKind::BooleanNumber) return "(" + quoted_name(column) + " <> 0)";
    if (kind == ValueKind::DayOfTimestamp && postgres) return "(" + quoted_name(column) + "::date)";
    return quoted_name(column) + (is_text(kind) ? by_bytes : "");
  }

  struct Wanted {
    std::string schema;
    std::string table;
    Columns columns;  ///< unquoted
    Columns parts;    ///< the same as SQL
  };
  [[nodiscard]] std::string create(const Wanted& wanted) const {
    const bool sqlite = flavor_ == plan::SqlFlavor::Sqlite;
    const std::string schema = sqlite ? "" : quoted_name(schema_or_default(wanted.schema)) + ".";
    const std::string index =
        "ON " + schema + quoted_name(wanted.table) + " (" + base::joined(wanted.parts, ", ") + ")";
    if (!sqlite) return "CREATE INDEX " + index;
    // Several fields, and resources over one table, may need the same one.
    const std::string wish = wanted.table + "_by_" + base::joined(wanted.columns, "_");
    return "CREATE INDEX IF NOT EXISTS " + quoted_name(names_.find(wish, index)) + " " + index;
  }

  [[nodiscard]] std::vector<std::string> sql_for(const Leaf& leaf) const {
    const ValueKind kind = plan::kind_of(*leaf.field);
    if (kind == ValueKind::Json) return {};
    if (leaf.join > 0) return sql_for_join(resource_.joins[leaf.join - 1], leaf.column, kind);
    const bool is_part_of_text = kind == ValueKind::DayOfTimestamp && flavor_ == plan::SqlFlavor::Sqlite;
    if (is_part_of_text && has_index(*table_, behind_owner(leaf.column), false)) return {};
    Wanted wanted{.schema = resource_.schema, .table = resource_.table, .columns = {}, .parts = {}};
    const auto add = [&](const std::string& column, ValueKind kind_of_column) {
      if (std::find(wanted.columns.begin(), wanted.columns.end(), column) != wanted.columns.end()) return;
      if (!obstacle_of(*table_, column, kind_of_column).empty()) return;  // of the key: the rest serves without
      wanted.columns.push_back(column);
      wanted.parts.push_back(indexed(column, kind_of_column));
    };
    if (!resource_.owner_column.empty()) add(resource_.owner_column, ValueKind::Integer);  // compared for equality
    add(leaf.column, kind);
    for (const std::size_t key : resource_.key) {
      add(resource_.leaves[key].column, plan::kind_of(*resource_.leaves[key].field));
    }
    return {create(wanted)};
  }

  [[nodiscard]] std::vector<std::string> sql_for_join(const model::Join& join, const std::string& column,
                                                      ValueKind kind) const {
    std::vector<std::string> sql;
    const Table* other = find(join.schema, join.table);
    if (other != nullptr && !has_index(*other, {column}, is_text(kind))) {
      sql.push_back(create(
          {.schema = join.schema, .table = join.table, .columns = {column}, .parts = {indexed(column, kind)}}));
    }
    if (!leads_here(join)) {
      sql.push_back(create({.schema = resource_.schema,
                            .table = resource_.table,
                            .columns = {join.column},
                            .parts = {quoted_name(join.column)}}));
    }
    return sql;
  }

  const model::Api& api_;
  const Catalog& catalog_;
  plan::SqlFlavor flavor_;
  FreeNames& names_;
  const Resource& resource_;
  const Table* table_;  // null: it is not there, or cannot be read
};

}  // namespace

std::vector<MissingIndex> missing_indexes(const model::Api& api, const Catalog& catalog, plan::SqlFlavor flavor) {
  std::vector<MissingIndex> missing;
  FreeNames names(catalog);
  const Advisor::Basis basis{.api = api, .catalog = catalog, .flavor = flavor, .names = names};
  for (const auto& resource : api.resources) Advisor(basis, *resource).add_to(missing);
  return missing;
}

std::vector<Lookup> unindexed_lookups(const model::Api& api) {
  model::LookupSet used;
  for (const auto& resource : api.resources) {
    for (const Leaf& leaf : resource->leaves) used |= leaf.field->lookups;
  }
  std::vector<Lookup> lookups;
  for (std::size_t i = 0; i < used.size(); ++i) {
    const auto lookup = static_cast<Lookup>(i);
    if (used.test(i) && !can_be_indexed(lookup)) lookups.push_back(lookup);
  }
  return lookups;
}

}  // namespace portico::store
