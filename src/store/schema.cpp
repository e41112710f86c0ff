#include "store/schema.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <set>
#include <string_view>
#include <utility>

#include "store/sqlite_connection.hpp"

namespace portico::store {
namespace {

using model::Direction;
using model::Field;
using model::FieldType;
using model::Resource;

constexpr std::size_t index_name_bytes_max = 60;

/// SQLite compares names without regard to the case of ASCII letters.
std::string comparable(std::string_view name) {
  std::string out(name);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

bool same_name(std::string_view a, std::string_view b) {
  return comparable(a) == comparable(b);
}

// --- Tables
// -----------------------------------------------------------------------------------------------------------

enum class Content : std::uint8_t { Text, Integer, Boolean, Json };

Content content_of(const Field& field) {
  switch (field.type) {
    case FieldType::Id:
    case FieldType::String:
    case FieldType::Email:
    case FieldType::Url:
    case FieldType::Country:
    case FieldType::Currency:
    case FieldType::Language:
    case FieldType::Date:
      return Content::Text;
    case FieldType::Integer:
    case FieldType::Money:
    case FieldType::Rate:
    case FieldType::Timestamp:
      return Content::Integer;
    case FieldType::Boolean:
      return Content::Boolean;
    case FieldType::Choice:
      return !field.choices.empty() && std::holds_alternative<std::int64_t>(field.choices.front()) ? Content::Integer
                                                                                                   : Content::Text;
    case FieldType::Object:
    case FieldType::List:
    case FieldType::Json:
      return Content::Json;
  }
  return Content::Text;
}

struct Column {
  std::string name;
  Content content = Content::Text;
  bool nullable = false;
};

struct Table {
  std::string name;
  std::vector<Column> columns;
};

Column* find_column(Table& table, std::string_view name) {
  const auto found = std::find_if(table.columns.begin(), table.columns.end(),
                                  [name](const Column& column) { return same_name(column.name, name); });
  return found == table.columns.end() ? nullptr : &*found;
}

void add_columns(const Resource& resource, Table& table) {
  const std::string& key_column = resource.leaves[resource.key.front()].column;
  for (const auto& leaf : resource.leaves) {
    const bool may_be_null = leaf.nullable && !same_name(leaf.column, key_column);
    if (Column* column = find_column(table, leaf.column)) {
      // Two fields (of different versions, or resources) on one column: what either may hold, it may hold.
      column->nullable = column->nullable || may_be_null;
      continue;
    }
    table.columns.push_back({.name = leaf.column, .content = content_of(*leaf.field), .nullable = may_be_null});
  }
  if (!resource.owner_column.empty() && find_column(table, resource.owner_column) == nullptr) {
    table.columns.push_back({.name = resource.owner_column});
  }
}

std::string column_sql(const Column& column) {
  const std::string name = quoted_name(column.name);
  std::string sql = name;
  switch (column.content) {
    case Content::Text:
    case Content::Json:
      sql += " TEXT";
      break;
    case Content::Integer:
    case Content::Boolean:
      sql += " INTEGER";
      break;
  }
  if (!column.nullable) sql += " NOT NULL";
  if (column.content == Content::Boolean) sql += " CHECK (" + name + " IN (0, 1))";
  if (column.content == Content::Json) sql += " CHECK (json_valid(" + name + "))";
  return sql;
}

std::string table_sql(const Table& table) {
  std::string sql = "CREATE TABLE IF NOT EXISTS " + quoted_name(table.name) + " (";
  std::string_view separator = "\n  ";
  for (const Column& column : table.columns) {
    sql.append(separator).append(column_sql(column));
    separator = ",\n  ";
  }
  return sql + "\n) STRICT";
}

std::vector<Table> tables_of(const model::Api& api) {
  std::vector<Table> tables;
  for (const auto& resource : api.resources) {
    auto found = std::find_if(tables.begin(), tables.end(),
                              [&](const Table& table) { return same_name(table.name, resource->table); });
    if (found == tables.end()) found = tables.insert(tables.end(), Table{.name = resource->table});
    add_columns(*resource, *found);
  }
  return tables;
}

// --- Indexes
// ----------------------------------------------------------------------------------------------------------

enum class Uniqueness : bool { Plain, Unique };

struct IndexColumn {
  std::string name;
  Direction direction = Direction::Ascending;
  bool operator==(const IndexColumn&) const = default;
};

struct Index {
  std::string name;
  Uniqueness uniqueness = Uniqueness::Plain;
  std::vector<IndexColumn> columns;
};

std::uint32_t fnv1a(std::string_view text) {
  std::uint32_t hash = 2166136261U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return hash;
}

/// The indexes of one database: names are one space there, shared with the tables.
class IndexList {
 public:
  explicit IndexList(const std::vector<Table>& tables) {
    for (const Table& table : tables) names_.insert(comparable(table.name));
  }

  /// `wish` is the readable name; shortened or made unique by a hash of what the index holds, where it must be.
  void add(const Resource& resource, Uniqueness uniqueness, std::string_view wish, std::vector<IndexColumn> columns) {
    std::string identity = comparable(resource.table);
    for (const auto& column : columns) {
      identity.append(1, '\0').append(comparable(column.name)).append(1, static_cast<char>(column.direction));
    }
    if (!identities_.insert(identity).second) return;
    const Index index{free_name(resource.table + "_" + std::string(wish), identity), uniqueness, std::move(columns)};
    objects_.push_back({index.name, index_sql(resource, index)});
  }

  [[nodiscard]] std::vector<SchemaObject> take() && { return std::move(objects_); }

 private:
  std::string free_name(std::string name, std::string_view identity) {
    if (name.size() > index_name_bytes_max || names_.contains(comparable(name))) {
      char hash[10];
      std::snprintf(hash, sizeof hash, "_%08x", fnv1a(identity));
      std::size_t kept = std::min(name.size(), index_name_bytes_max - 9);
      while (kept > 0 && kept < name.size() && (static_cast<unsigned char>(name[kept]) & 0xC0U) == 0x80U) --kept;
      name.resize(kept);
      name += hash;
    }
    names_.insert(comparable(name));
    return name;
  }

  static std::string index_sql(const Resource& resource, const Index& index) {
    std::string sql = index.uniqueness == Uniqueness::Unique ? "CREATE UNIQUE INDEX" : "CREATE INDEX";
    sql += " IF NOT EXISTS " + quoted_name(index.name) + " ON " + quoted_name(resource.table) + " (";
    std::string_view separator;
    for (const auto& column : index.columns) {
      sql.append(separator).append(quoted_name(column.name));
      if (column.direction == Direction::Descending) sql += " DESC";
      separator = ", ";
    }
    return sql + ")";
  }

  std::set<std::string> names_;
  std::set<std::string> identities_;
  std::vector<SchemaObject> objects_;
};

class ResourceIndexes {
 public:
  ResourceIndexes(const Resource& resource, IndexList& list)
      : resource_(resource), key_(resource.leaves[resource.key.front()].column), list_(list) {}

  void add_all() {
    list_.add(resource_, Uniqueness::Unique, "key", {{key_}});
    for (const auto& leaf : resource_.leaves) {
      if (leaf.field->unique && leaf.column != key_) add_unique(leaf);
    }
    add_default_order();
    for (const std::size_t leaf : resource_.orderable) add_order({{leaf}});
    for (const std::size_t leaf : resource_.names) {
      if (leaf != resource_.key.front()) add_order({{leaf}});  // objects are looked up by it, per owner
    }
    for (std::size_t leaf = 0; leaf < resource_.leaves.size(); ++leaf) {
      if (resource_.leaves[leaf].field->indexed) add_order({{leaf}});
    }
  }

 private:
  [[nodiscard]] std::vector<IndexColumn> owner_prefix() const {
    if (resource_.owner_column.empty() || same_name(resource_.owner_column, key_)) return {};
    return {{resource_.owner_column}};
  }

  void add_unique(const model::Leaf& leaf) {
    auto columns = owner_prefix();
    columns.push_back({leaf.column});
    list_.add(resource_, Uniqueness::Unique, leaf.column + "_unique", std::move(columns));
  }

  void add_default_order() {
    if (resource_.default_order.empty()) {
      add_order({{resource_.key.front()}});
      return;
    }
    add_order(resource_.default_order);
  }

  /// Whether an index on (owner, leaf) orders totally: no two rows of one owner are alike in it.
  [[nodiscard]] bool is_total(std::size_t leaf) const {
    return leaf == resource_.key.front() ||
           (resource_.leaves[leaf].field->unique && !resource_.leaves[leaf].nullable);
  }

  /// An index is read in either direction, so only a direction that differs from the first term's must be written.
  void add_order(const std::vector<model::OrderTerm>& terms) {
    auto columns = owner_prefix();
    std::string wish = "by";
    bool total = false;
    for (const auto& term : terms) {
      if (total) break;
      const auto direction = term.direction == terms.front().direction ? Direction::Ascending : Direction::Descending;
      const std::string& column = resource_.leaves[term.leaf].column;
      columns.push_back({column, direction});
      wish += "_" + column;
      total = is_total(term.leaf);
    }
    if (!total) columns.push_back({key_});
    if (columns.size() == 1 && columns.front().name == key_) return;  // the key's own index serves
    list_.add(resource_, Uniqueness::Plain, wish, std::move(columns));
  }

  const Resource& resource_;
  const std::string& key_;
  IndexList& list_;
};

}  // namespace

Schema sqlite_schema(const model::Api& api) {
  const std::vector<Table> tables = tables_of(api);
  Schema schema;
  for (const Table& table : tables) schema.tables.push_back({table.name, table_sql(table)});
  IndexList indexes(tables);
  for (const auto& resource : api.resources) ResourceIndexes(*resource, indexes).add_all();
  schema.indexes = std::move(indexes).take();
  return schema;
}

std::string add_column_sql(const model::Resource& resource, std::string_view column) {
  Table table{.name = resource.table};
  add_columns(resource, table);
  const Column* found = find_column(table, column);
  return "ALTER TABLE " + quoted_name(resource.table) + " ADD COLUMN " +
         column_sql(found == nullptr ? Column{} : *found);
}

}  // namespace portico::store
