#include "plan/sql_rows.hpp"

#include "plan/sql_filter.hpp"

namespace portico::plan {
namespace {

using model::Direction;
using model::OrderTerm;

/// SQLite's own order has null as the smallest value, and walks an index for either.
std::string_view nulls_of(const model::Leaf& leaf, ColumnKind kind, Direction direction) {
  if (!leaf.nullable && leaf.join == 0 && kind != ColumnKind::LocalInstant) return "";
  return direction == Direction::Descending ? " NULLS FIRST" : " NULLS LAST";
}

/// Behind FROM, up to the condition that they refer to the row.
void write_rows_from(const SqlSource& inner, const RelationName& names, SqlWriter& sql) {
  inner.write_from(sql);
  sql.text(" AND ").text(names.refers);
}

/// In SQLite `group_concat` takes the rows as they come, and in PostgreSQL an array keeps their order.
void write_list(const SqlSource& source, const RowsPlace& place, SqlWriter& sql) {
  const RelationName& names = source.relation(place.relation);
  SqlSource inner = source.rows_of(place.relation);
  inner.need(names.relation->order);
  const bool postgres = sql.flavor() == SqlFlavor::Postgres;
  sql.text(postgres ? "'[' || array_to_string(ARRAY(SELECT "
                    : "(SELECT '[' || coalesce(group_concat(item, ','), '') || ']' FROM (SELECT ");
  sql.text(place.item).text(postgres ? "" : " AS item");
  write_rows_from(inner, names, sql);
  write_order_by(inner, names.relation->order, sql);
  sql.text(names.limit).text(postgres ? "), ',') || ']'" : "))");
}

}  // namespace

void write_order_by(const SqlSource& source, const std::vector<OrderTerm>& order, SqlWriter& sql) {
  sql.text(" ORDER BY ");
  std::string_view separator;
  for (const OrderTerm& term : order) {
    sql.text(separator).text(source.order(term.leaf));
    separator = ", ";
    if (term.direction == Direction::Descending) sql.text(" DESC");
    if (sql.flavor() == SqlFlavor::Sqlite) {
      sql.text(nulls_of(source.resource().leaves[term.leaf], source.kind(term.leaf), term.direction));
    }
  }
}

void write_columns(const SqlSource& source, const ViewName& view, SqlWriter& sql) {
  const std::string_view columns = source.columns(view);
  std::size_t written = 0;
  for (const RowsPlace& place : view.rows) {
    sql.text(columns.substr(written, place.at - written));
    write_list(source, place, sql);
    written = place.at;
  }
  sql.text(columns.substr(written));
}

void write_exists(const SqlSource& source, const BoundTerm& term, SqlWriter& sql) {
  const RelationName& names = source.relation(term.relation - 1);
  SqlSource inner = source.rows_of(term.relation - 1);
  for (const std::size_t leaf : term.leaves) inner.need_leaf(leaf);
  const bool none = term.leaves.empty() && std::get<std::int64_t>(term.values.at(0)) != 0;
  sql.text(none ? "NOT EXISTS (SELECT 1" : "EXISTS (SELECT 1");
  write_rows_from(inner, names, sql);
  for (const std::size_t leaf : term.leaves) write_leaf(inner, leaf, term, sql.text(" AND "));
  sql.text(")");
}

void write_all_texts(const SqlSource& source, const RowsLeaf& place, SqlWriter& sql) {
  const RelationName& names = source.relation(place.relation - 1);
  SqlSource inner = source.rows_of(place.relation - 1);
  inner.need_leaf(place.leaf);
  sql.text("(SELECT string_agg(replace(replace(").text(inner.column(place.leaf));
  sql.text("::text, '~', '~0'), '|', '~1'), '|')");
  write_rows_from(inner, names, sql);
  sql.text(")");
}

}  // namespace portico::plan
