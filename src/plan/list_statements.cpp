#include "plan/list_statements.hpp"

#include <algorithm>
#include <limits>
#include <string>

#include "plan/name_condition.hpp"
#include "plan/postgres_filter.hpp"
#include "plan/sql_filter.hpp"
#include "plan/sql_rows.hpp"

namespace portico::plan {
namespace {

using model::Leaf;

/// Pages behind this many rows look up their keys in an index before they read whole rows.
constexpr std::int64_t late_lookup_offset = 200;

/// Behind them the place of a page is a parameter.
constexpr std::int64_t pages_planned_once = 4;

/// Proves, when it is the same again, that nothing was committed in between. Uncorrelated: it runs once a statement.
constexpr std::string_view snapshot = "(SELECT pg_current_snapshot()::text)";

/// The alias matters: ORDER BY takes a bare name for an output column of that name first, and would sort by the text.
constexpr std::string_view as_text = "::text AS \"as text\"";

void write_key_columns(const SqlSource& source, SqlWriter& sql) {
  std::string_view separator;
  for (const std::size_t leaf : source.resource().key) {
    sql.text(separator).text(source.column(leaf));
    separator = ", ";
  }
}

}  // namespace

std::int64_t offset_of(const BoundList& list) {
  return rows_of(list.page - 1, list.page_size);
}

void write_select(const StatementNames& names, const SqlSource& source, SqlWriter& sql) {
  write_columns(source, names.view, sql.text("SELECT "));
  sql.end_columns();
  write_snapshot(sql);
}

void write_snapshot(SqlWriter& sql) {
  if (sql.flavor() == SqlFlavor::Postgres) sql.text(", ").text(snapshot);
}

void ListStatements::write_terms(const SqlSource& source, SqlWriter& sql) const {
  NameCondition(names_.all, names_.api, names_.scope).write_parents(source, parents_, sql);
  for (const BoundTerm& term : list_.filter.terms) write_term(source, term, sql.text(" AND "));
}

bool ListStatements::has_usual_size() const {
  return list_.page_size == source().resource().page_size.usual;
}

/// The first pages of a whole list, newest first or last: read off the index of that order whoever asks. PostgreSQL
/// takes as long to plan such a page as to read it. Each page is a statement of its own then, so they are few.
bool ListStatements::is_planned_once() const {
  const std::size_t first = list_.order.front().leaf;
  const Leaf& leaf = source().resource().leaves[first];
  return names_.rules.flavor == SqlFlavor::Postgres && page_cost_ == Cost::Bounded && list_.filter.terms.empty() &&
         parents_.empty() && source().kind(first) == ColumnKind::Instant && !leaf.nullable && leaf.join == 0 &&
         has_usual_size() && list_.page <= pages_planned_once && !is_far();
}

/// True of every row. Without an account PostgreSQL expects as many rows as accounts have on average; where most have
/// few, it would take any index of the account and sort all rows of one that has many. Of a range whose ends it
/// cannot see it expects one row in two hundred, and only the index of the order leads to a range of it.
void ListStatements::write_whole_range(const SqlSource& from, SqlWriter& sql) const {
  const std::string_view column = from.column(list_.order.front().leaf);
  sql.text(" AND ").text(column).text(" >= (SELECT '-infinity'::timestamptz) AND ");
  sql.text(column).text(" <= (SELECT 'infinity'::timestamptz)");
}

/// PostgreSQL plans a statement of unknown limit for a tenth of all rows, so the usual one, which the description
/// names, is said; and the first page has no offset.
void ListStatements::write_window(SqlWriter& sql) const {
  const std::int64_t offset = offset_of(list_);
  const bool postgres = sql.flavor() == SqlFlavor::Postgres;
  if (postgres && has_usual_size()) {
    sql.text(names_.resource.usual_limit);
  } else {
    sql.text(" LIMIT ").bind(list_.page_size);
  }
  if (is_planned_once()) {
    if (offset > 0) sql.text(" OFFSET ").text(std::to_string(offset));
  } else if (!postgres || offset > 0) {
    sql.text(" OFFSET ").bind(offset);
  }
}

/// Whether the page is the first of a whole list, read off the index of its order.
bool ListStatements::is_walk() const {
  return page_cost_ == Cost::Bounded && list_.filter.terms.empty() && parents_.empty() && offset_of(list_) == 0;
}

/// Lists of rows are made for the rows of the page alone: not for those before it, nor for what is yet to be sorted.
bool ListStatements::is_far() const {
  if (names_.resource.resource->is_keyless) return false;
  return offset_of(list_) >= late_lookup_offset || (!names_.view.rows.empty() && !is_walk());
}

/// Its keys first, read off an index alone where one covers them, then the rows of those keys.
/// PostgreSQL takes an array to the key's index however many keys it expects.
void ListStatements::write_far_keys(const SqlSource& from, SqlWriter& sql) const {
  const std::vector<std::size_t>& key = from.resource().key;
  const bool as_array = sql.flavor() == SqlFlavor::Postgres && key.size() == 1;
  SqlSource inner = source();
  inner.need(list_.filter).need(list_.order);
  if (key.size() > 1) sql.text("(");
  write_key_columns(from, sql);
  if (key.size() > 1) sql.text(")");
  sql.text(as_array ? " = ANY(ARRAY(SELECT " : " IN (SELECT ");
  write_key_columns(inner, sql);
  inner.write_from(sql);
  write_terms(inner, sql);
  write_order_by(inner, list_.order, sql);
  write_window(sql);
  sql.text(as_array ? "))" : ")");
}

Statement ListStatements::page_statement(Counting counting) const {
  const bool far = is_far();
  SqlSource from = source();
  from.need(names_.view).need(list_.order);
  if (!far) from.need(list_.filter);
  const bool once = counting == Counting::Apart && is_planned_once();
  if (once) from.plan_once();
  SqlWriter sql(names_.rules.flavor);
  write_select(names_, from, sql);
  if (counting == Counting::Within) {
    write_count(sql.text(", ("));
    sql.text(")");
  }
  from.write_from(sql);
  if (far) {
    write_far_keys(from, sql.text(" AND "));
  } else {
    write_terms(from, sql);
  }
  if (once) write_whole_range(from, sql);
  write_order_by(from, list_.order, sql);
  if (!far) write_window(sql);
  return std::move(sql).take();
}

/// Joins lead to one row at most, so a count needs only those that filters look at.
void ListStatements::write_count(SqlWriter& sql) const {
  SqlSource from = source();
  from.need(list_.filter);
  sql.text("SELECT count(*)");
  from.write_from(sql);
  write_terms(from, sql);
}

Statement ListStatements::count() const {
  SqlSource from = source();
  from.need(list_.filter);
  SqlWriter sql(names_.rules.flavor);
  sql.text("SELECT count(*)");
  if (sql.flavor() == SqlFlavor::Postgres) sql.text(", ").text(snapshot);
  from.write_from(sql);
  write_terms(from, sql);
  return std::move(sql).take();
}

/// One array of texts for each column of the key. Of a single key it has the column's own type, whatever that is.
void ListStatements::write_screened_keys(const SqlSource& from, SqlWriter& sql) const {
  const std::vector<std::size_t>& key = from.resource().key;
  if (key.size() == 1) {
    sql.text(from.column(key.front())).text(" = ANY(").open_bind().text(")");
    return;
  }
  sql.text("(");
  std::string_view separator;
  for (const std::size_t leaf : key) {
    sql.text(separator).text(from.column(leaf)).text(from.kind(leaf) == ColumnKind::CastText ? "::text" : "");
    separator = ", ";
  }
  sql.text(") IN (SELECT * FROM unnest(");
  separator = {};
  for (const std::size_t leaf : key) {
    sql.text(separator).open_bind(std::string(postgres_type(from.kind(leaf))) + "[]");
    separator = ", ";
  }
  sql.text("))");
}

/// Rows without a key are found again by their places in the list.
void ListStatements::write_screened_by_place(SqlWriter& sql) const {
  SqlSource from = source();
  from.need(names_.view).need(list_.filter).need(list_.order);
  // A derived table wants each column under a name of its own.
  std::string aliases;
  for (std::size_t i = 0; i < names_.view.readings.size(); ++i) aliases += "c" + std::to_string(i) + ", ";
  sql.text("SELECT ").text(std::string_view(aliases)).text(snapshot).text(" FROM (SELECT ");
  sql.text(from.columns(names_.view)).text(", row_number() OVER (");
  write_order_by(from, list_.order, sql);
  sql.text(")");
  from.write_from(sql);
  write_terms(from, sql);
  sql.text(") AS places (").text(std::string_view(aliases)).text("place) WHERE place = ANY(");
  sql.open_bind("bigint[]").text(") ORDER BY place");
}

Statement ListStatements::screened_page() const {
  SqlWriter sql(names_.rules.flavor);
  if (names_.resource.resource->is_keyless) {
    write_screened_by_place(sql);
    return std::move(sql).take();
  }
  SqlSource from = source();
  from.need(names_.view).need(list_.order);
  write_select(names_, from, sql);
  from.write_from(sql);
  write_screened_keys(from, sql.text(" AND "));
  write_order_by(from, list_.order, sql);
  return std::move(sql).take();
}

ListStatements::Judging ListStatements::judging(const std::vector<BoundTerm>& judged, SqlSource& from) {
  Judging made;
  for (const BoundTerm& term : judged) {
    RowCheck::Term& check = made.terms.emplace_back(RowCheck::Term{{}, term.lookup, term.values});
    if (term.relation != 0) check.cells = RowCheck::Cells::Several;
    for (const std::size_t leaf : term.leaves) {
      const RowsLeaf place{.relation = term.relation, .leaf = leaf};
      const auto known = std::find(made.places.begin(), made.places.end(), place);
      check.columns.push_back(static_cast<std::size_t>(known - made.places.begin()));
      if (known == made.places.end()) made.places.push_back(place);
    }
    from.need(term);
  }
  return made;
}

void ListStatements::write_judged(const Judging& check, const SqlSource& from, SqlWriter& sql) {
  std::string_view separator;
  for (const RowsLeaf& place : check.places) {
    sql.text(separator);
    if (place.relation != 0) {
      write_all_texts(from, place, sql);
    } else {
      sql.text(from.column(place.leaf));
    }
    sql.text(as_text);
    separator = ", ";
  }
}

Statement ListStatements::summary() const {
  SqlSource from = source();
  from.need(list_.filter);
  SqlWriter sql(names_.rules.flavor);
  sql.text("SELECT ").text(from.columns(names_.view));
  if (sql.flavor() == SqlFlavor::Postgres) sql.text(", ").text(snapshot);
  from.write_from(sql);
  write_terms(from, sql);
  sql.text(" HAVING count(*) > 0");
  return std::move(sql).take();
}

std::shared_ptr<const Screening> ListStatements::summary_screening(const std::vector<BoundTerm>& judged) const {
  SqlSource from = source();
  from.need(list_.filter);
  Judging check = judging(judged, from);
  std::vector<Reading> readings(check.places.size(), Reading::Text);
  SqlWriter sql(names_.rules.flavor);
  write_judged(check, from, sql.text("SELECT "));
  for (const model::Aggregate& aggregate : from.resource().summary->aggregates) {
    if (aggregate.function == model::Aggregate::Function::Rows) continue;
    sql.text(", ").text(from.shown(aggregate.leaf));
    readings.push_back(reading_of(*from.resource().leaves[aggregate.leaf].field));
  }
  from.write_from(sql);
  write_terms(from, sql);
  return std::make_shared<const Screening>(Screening{.candidates = std::move(sql).take(),
                                                     .keys = 0,
                                                     .judged = check.places.size(),
                                                     .readings = std::move(readings),
                                                     .check = RowCheck(std::move(check.terms), names_.api.limits)});
}

std::shared_ptr<const Screening> ListStatements::screening(const std::vector<BoundTerm>& judged,
                                                           const base::Limits& limits) const {
  SqlSource from = source();
  from.need(list_.filter).need(list_.order);
  Judging check = judging(judged, from);
  SqlWriter sql(names_.rules.flavor);
  sql.text("SELECT ");
  const bool keyless = from.resource().is_keyless;
  std::string_view separator;
  if (keyless) {
    sql.text("row_number() OVER (");
    write_order_by(from, list_.order, sql);
    sql.text(")::text");
    separator = ", ";
  } else {
    for (const std::size_t leaf : from.resource().key) {
      sql.text(separator).text(from.column(leaf)).text(as_text);
      separator = ", ";
    }
  }
  write_judged(check, from, sql.text(", "));
  from.write_from(sql);
  write_terms(from, sql);
  write_order_by(from, list_.order, sql);
  const std::size_t keys = keyless ? 1 : from.resource().key.size();
  return std::make_shared<const Screening>(
      Screening{.candidates = std::move(sql).take(),
                .keys = keys,
                .judged = check.places.size(),
                .readings = std::vector<Reading>(keys + check.places.size(), Reading::Text),
                .check = RowCheck(std::move(check.terms), limits)});
}

}  // namespace portico::plan
