#include "plan/sql_names.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/ascii.hpp"
#include "base/text.hpp"
#include "plan/file_statements.hpp"
#include "plan/json_item.hpp"
#include "plan/outbox_statements.hpp"
#include "plan/summary_columns.hpp"
#include "plan/write_statements.hpp"

namespace portico::plan {
namespace {

using model::Api;
using model::Join;
using model::Leaf;
using model::Mode;
using model::Resource;

constexpr std::array<Mode, 2> modes = {Mode::Production, Mode::Sandbox};

std::string quoted(std::string_view name) {
  std::string text;
  base::append_sql_quoted(text, name);
  return text;
}

std::string literal(std::string_view text) {
  std::string sql = "'";
  for (const char letter : text) sql.append(letter == '\'' ? 2 : 1, letter);
  return sql + "'";
}

/// What tables are called within a statement: `t`, and of a join `j2`.
struct Aliases {
  std::string_view own = "t";
  std::string_view join = "j";
};
constexpr Aliases rows_aliases = {.own = "r", .join = "r"};  // within another statement

/// One table, as the model names it.
struct TableName {
  std::string_view schema;
  std::string_view table;
  bool operator==(const TableName&) const = default;
};

std::string quoted_table(SqlFlavor flavor, const TableName& table, Mode mode) {
  switch (flavor) {
    case SqlFlavor::Sqlite:
      return quoted(table.table);
    case SqlFlavor::Postgres:
      return quoted(std::string(table.schema) + (mode == Mode::Sandbox ? "_sandbox" : "")) + "." +
             quoted(table.table);
  }
  return {};
}

/// Writes the names of one resource.
class Namer {
 public:
  Namer(const Api& api, const SqlRules& rules, const Resource& resource, Aliases aliases = {})
      : api_(api), rules_(rules), resource_(resource), aliases_(aliases) {}

  ResourceName name() const {
    ResourceName names = name_without_relations();
    for (const model::Relation& relation : resource_.relations) names.relations.push_back(relation_name(relation));
    return names;
  }

 private:
  ResourceName name_without_relations() const {
    ResourceName names{.resource = &resource_, .owner = owner(resource_.owner_column, 0)};
    for (const Mode mode : modes) {
      const std::string table = quoted_table(rules_.flavor, table_of(resource_), mode);
      const std::string from = " FROM " + table;
      names.table.at(static_cast<std::size_t>(mode)) = table;
      names.from.at(static_cast<std::size_t>(mode)) = from;
      names.from_qualified.at(static_cast<std::size_t>(mode)) = from + " AS " + alias_of(0);
    }
    for (const Leaf& leaf : resource_.leaves) names.leaves.push_back(leaf_name(leaf));
    names.row = row_name(names);
    if (resource_.summary) names.summary = summary_columns(resource_, names.leaves, rules_.flavor);
    names.columns = stored_columns();
    for (std::size_t i = 0; i < resource_.joins.size(); ++i) names.joins.push_back(join_name(i));
    for (const model::View& view : resource_.views) names.views.push_back(view_name(view, names));
    names.usual_limit = " LIMIT " + std::to_string(resource_.page_size.usual);
    return names;
  }

  std::string alias_of(std::size_t join) const {
    return join == 0 ? std::string(aliases_.own) : std::string(aliases_.join) + std::to_string(join);
  }

  /// As the list of rows of a relation has them.
  RelationName relation_name(const model::Relation& relation) const {
    RelationName name{.relation = &relation,
                      .rows = Namer(api_, rules_, *relation.resource, rows_aliases).name_without_relations()};
    const std::string key = column_name(resource_.leaves[resource_.key.front()].column, 0).qualified;
    name.refers = name.rows.leaves[relation.by].column.qualified + " = " + key;
    name.limit = " LIMIT " + std::to_string(resource_.leaves[relation.leaf].field->max.value_or(1));
    return name;
  }

  TableName table_of(const Resource& resource) const {
    return {resource.schema.empty() ? api_.database.schema : resource.schema, resource.table};
  }
  TableName table_of(const Join& join) const {
    return {join.schema.empty() ? api_.database.schema : join.schema, join.table};
  }

  ColumnName column_name(const std::string& column, std::size_t join) const {
    std::string bare = quoted(column);
    std::string qualified = alias_of(join) + "." + bare;
    return {std::move(bare), std::move(qualified)};
  }

  LeafName leaf_name(const Leaf& leaf) const {
    if (leaf.relation != 0) return {.column = {}, .shown = {}, .order = {}, .kind = ColumnKind::Json};
    LeafName name{.column = column_name(leaf.column, leaf.join), .kind = kind_of(*leaf.field)};
    name.shown = shown_column(name.column, name.kind, rules_.flavor);
    name.order = order_column(name.column, name.kind, rules_);
    return name;
  }

  JoinName join_name(std::size_t index) const {
    const Join& join = resource_.joins[index];
    const std::string key = column_name(join.key_column, index + 1).qualified;
    const std::string on =
        " AS " + alias_of(index + 1) + " ON " + key + " = " + column_name(join.column, 0).qualified;
    JoinName name{.owner = owner(join.owner_column, index + 1)};
    for (const Mode mode : modes) {
      name.from.at(static_cast<std::size_t>(mode)) =
          " LEFT JOIN " + quoted_table(rules_.flavor, table_of(join), mode) + on;
    }
    return name;
  }

  ViewName view_name(const model::View& view, const ResourceName& names) const {
    ViewName name;
    std::string_view separator;
    for (const std::size_t index : view.leaves) {
      const Leaf& leaf = resource_.leaves[index];
      const ColumnName& column = selected(index, names.leaves[index]);
      name.columns.bare.append(separator).append(column.bare);
      name.columns.qualified.append(separator).append(column.qualified);
      if (leaf.relation != 0) name.rows.push_back(rows_place(leaf, view.version, name.columns.qualified.size()));
      if (leaf.is_joined()) name.joins.set(leaf.join - 1);
      name.readings.push_back(reading_of(*leaf.field));
      separator = ", ";
    }
    return name;
  }

  RowsPlace rows_place(const Leaf& leaf, int version, std::size_t at) const {
    const std::vector<model::Field>& members = leaf.field->item.front().fields;
    const ItemRules rules{.flavor = rules_.flavor, .version = version, .alias = rows_aliases.own};
    return {.at = at, .relation = leaf.relation - 1, .item = json_item(members, rules)};
  }

  /// The key as it is sorted by: PostgreSQL would carry it twice otherwise, and take the second off each row again.
  const ColumnName& selected(std::size_t index, const LeafName& name) const {
    const std::vector<std::size_t>& key = resource_.key;
    const bool sorted_by_bytes = rules_.flavor == SqlFlavor::Postgres && !rules_.existing &&
                                 name.kind == ColumnKind::Text &&
                                 std::find(key.begin(), key.end(), index) != key.end();
    return sorted_by_bytes ? name.order : name.shown;
  }

  ViewName row_name(const ResourceName& names) const {
    ViewName name;
    std::string_view separator;
    for (std::size_t i = 0; i < resource_.leaves.size(); ++i) {
      const bool own = resource_.leaves[i].join == 0;
      name.columns.bare.append(separator).append(own ? names.leaves[i].shown.bare : "NULL");
      name.readings.push_back(own ? reading_of(*resource_.leaves[i].field) : Reading::Text);
      separator = ", ";
    }
    return name;
  }

  bool same_column(const std::string& a, const std::string& b) const {
    if (rules_.flavor == SqlFlavor::Postgres) return a == b;
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char one, char other) { return base::to_ascii_lower(one) == base::to_ascii_lower(other); });
  }

  std::vector<StoredColumn> stored_columns() const {
    std::vector<StoredColumn> columns;
    std::vector<std::string> unquoted;
    const auto column_of = [&](const std::string& column) -> StoredColumn& {
      for (std::size_t i = 0; i < unquoted.size(); ++i) {
        if (same_column(unquoted[i], column)) return columns[i];
      }
      unquoted.push_back(column);
      return columns.emplace_back(StoredColumn{.name = quoted(column), .leaves = {}});
    };
    if (!resource_.owner_column.empty()) column_of(resource_.owner_column).is_owner = true;
    for (std::size_t i = 0; i < resource_.leaves.size(); ++i) {
      if (resource_.leaves[i].join != 0) continue;
      StoredColumn& column = column_of(resource_.leaves[i].column);
      if (column.leaves.empty()) column.kind = kind_of(*resource_.leaves[i].field);
      column.leaves.push_back(i);
    }
    return columns;
  }

  OwnerName owner(const std::string& column, std::size_t join) const {
    if (column.empty()) return {};
    return {owner_kind(column, join), column_name(column, join)};
  }

  /// By the field on that column. Where there is none, Portico's own owner columns are text, and others may be of
  /// any type.
  OwnerKind owner_kind(const std::string& column, std::size_t join) const {
    const model::Field* field = field_of(column, join);
    if (field == nullptr) return rules_.existing ? OwnerKind::Unknown : OwnerKind::Text;
    switch (kind_of(*field)) {
      case ColumnKind::Text:
        return OwnerKind::Text;
      case ColumnKind::Integer:
        return OwnerKind::Integer;
      case ColumnKind::CastText:
        return OwnerKind::CastText;
      case ColumnKind::WholeNumber:
      case ColumnKind::Hundredths:
      case ColumnKind::Boolean:
      case ColumnKind::BooleanNumber:
      case ColumnKind::Instant:
      case ColumnKind::LocalInstant:
      case ColumnKind::Seconds:
      case ColumnKind::Day:
      case ColumnKind::DayOfTimestamp:
      case ColumnKind::Json:
        return OwnerKind::Unknown;
    }
    return OwnerKind::Unknown;
  }

  /// A field of the resource itself on that column, or of any resource of the same table.
  const model::Field* field_of(const std::string& column, std::size_t join) const {
    for (const Leaf& leaf : resource_.leaves) {
      if (leaf.join == join && leaf.column == column) return leaf.field;
    }
    const TableName table = join == 0 ? table_of(resource_) : table_of(resource_.joins[join - 1]);
    for (const auto& other : api_.resources) {
      if (table_of(*other) != table) continue;
      for (const Leaf& leaf : other->leaves) {
        if (leaf.join == 0 && leaf.column == column) return leaf.field;
      }
    }
    return nullptr;
  }

  const Api& api_;
  const SqlRules& rules_;
  const Resource& resource_;
  const Aliases aliases_;
};

SqlRules rules_of(const Api& api, SqlFlavor flavor) {
  SqlRules rules{.flavor = flavor, .existing = api.database.existing};
  if (!api.time_zone.is_utc()) rules.zone_literal = literal(api.time_zone.name());
  return rules;
}

/// A table of ours that is no resource's.
ResourceName own_name(const Api& api, SqlFlavor flavor, std::string_view table_name) {
  const std::string account = quoted("account");
  ResourceName names{.owner = {OwnerKind::Text, {account, account}}};
  for (const Mode mode : modes) {
    const std::string table = quoted_table(flavor, {api.database.schema, table_name}, mode);
    names.table.at(static_cast<std::size_t>(mode)) = table;
    names.from.at(static_cast<std::size_t>(mode)) = " FROM " + table;
  }
  return names;
}

}  // namespace

Planner::Names::Names(const Api& api, SqlFlavor flavor)
    : rules_(rules_of(api, flavor)),
      answers_(own_name(api, flavor, answers_table)),
      outbox_(own_name(api, flavor, outbox_table)),
      files_(own_name(api, flavor, files_table)) {
  files_.owner = {};  // of all accounts: who names a file has found it in a row of its own
  for (const auto& resource : api.resources) {
    names_.emplace(resource.get(), Namer(api, rules_, *resource).name());
  }
}

}  // namespace portico::plan
