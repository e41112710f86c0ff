#include "plan/write_statements.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include "plan/judged_terms.hpp"
#include "plan/name_condition.hpp"
#include "plan/postgres_filter.hpp"
#include "plan/sql_filter.hpp"
#include "plan/sql_rows.hpp"

namespace portico::plan {
namespace {

using base::Value;

std::string_view words_of(Lock lock) {
  switch (lock) {
    case Lock::None:
      return "";
    case Lock::Share:
      return " FOR KEY SHARE";
    case Lock::Hold:
      return " FOR SHARE";
    case Lock::Change:
      return " FOR NO KEY UPDATE";
    case Lock::Remove:
      return " FOR UPDATE";
  }
  return "";
}

/// The leaf whose value a column gets. Nothing where none of its leaves differs.
std::optional<std::size_t> differing_leaf(const StoredColumn& column, const TableRow& before, const TableRow& after) {
  if (column.is_owner) return std::nullopt;
  for (const std::size_t leaf : column.leaves) {
    if (before[leaf] != after[leaf]) return leaf;
  }
  return std::nullopt;
}

const Value& first_value(const StoredColumn& column, const TableRow& row) {
  for (const std::size_t leaf : column.leaves) {
    if (!base::is_null(row[leaf])) return row[leaf];
  }
  return row[column.leaves.front()];
}

Value instant(SqlFlavor flavor, base::Microseconds value) {
  if (flavor == SqlFlavor::Postgres) return postgres_instant(value);
  return value;
}

/// The number of a lock that a transaction takes. The table's name tells the databases' schemas apart, and these
/// locks from others.
void write_claimed(const std::string& table, std::string_view account, std::string_view what, SqlWriter& sql) {
  std::string claimed = table + '\n';
  claimed.append(account).append(1, '\n').append(what);
  sql.text("hashtextextended(").bind(std::move(claimed), "text").text(", 0)");
}

/// ` IN (…)` of a leaf and some values, as a condition. Precondition: there is one.
void write_any(const SqlSource& from, std::size_t leaf, const std::vector<Value>& values, SqlWriter& sql) {
  if (values.size() == 1) return write_equal(from, leaf, values.front(), sql);
  const BoundTerm term{.leaves = {leaf}, .lookup = model::Lookup::In, .values = values};
  write_leaf(from, leaf, term, sql);
}

/// How many outdated answers one change removes: more than changes add.
constexpr std::string_view forgotten_at_once = "100";

}  // namespace

WriteStatements::WriteStatements(const Planner& planner, const model::Resource& resource, const Scope& scope)
    : planner_(planner), resource_(resource), scope_(scope) {}

const ResourceName& WriteStatements::names() const {
  return planner_.names().of(resource_);
}

SqlSource WriteStatements::source() const {
  return {names(), planner_.names().rules(), scope_};
}

Value WriteStatements::owner_value() const {
  return names().owner.kind == OwnerKind::None ? Value() : source().owner_value();
}

RowQuery WriteStatements::query(SqlWriter&& sql, const ViewName& columns) const {
  RowQuery query{.statement = std::move(sql).take(), .columns = columns.readings.size()};
  if (planner_.flavor() == SqlFlavor::Postgres) query.readings = columns.readings;
  return query;
}

/// As the column takes it: what PostgreSQL infers each parameter's type from is the column.
Value WriteStatements::stored(const StoredColumn& column, const Value& value) const {
  if (planner_.flavor() == SqlFlavor::Sqlite) return value;
  const auto* integer = std::get_if<std::int64_t>(&value);
  if (integer != nullptr && column.kind == ColumnKind::Instant) return postgres_instant(*integer);
  const auto* text = std::get_if<std::string>(&value);
  if (text != nullptr && text->find('\0') != std::string::npos) {
    throw std::invalid_argument("a text for the column " + column.name + " has a zero byte");
  }
  return value;
}

void WriteStatements::write_key(const SqlSource& from, const TableRow& row, SqlWriter& sql) const {
  for (const std::size_t leaf : resource_.key) write_equal(from, leaf, row[leaf], sql.text(" AND "));
}

/// ` AND ` and that the row has one of the keys.
void WriteStatements::write_keys(const SqlSource& from, std::span<const RowKey> keys, SqlWriter& sql) const {
  if (resource_.key.size() == 1) {
    std::vector<Value> values;
    for (const RowKey& key : keys) values.push_back(key.front());
    return write_any(from, resource_.key.front(), values, sql.text(" AND "));
  }
  std::string_view separator = " AND (";
  for (const RowKey& key : keys) {
    sql.text(std::exchange(separator, " OR ")).text("(");
    for (std::size_t i = 0; i < key.size(); ++i) {
      if (i > 0) sql.text(" AND ");
      write_equal(from, resource_.key[i], key[i], sql);
    }
    sql.text(")");
  }
  sql.text(")");
}

void WriteStatements::write_lock(Lock lock, SqlWriter& sql) const {
  if (planner_.flavor() == SqlFlavor::Postgres) sql.text(words_of(lock));
}

RowQuery WriteStatements::read_named(const RowName& row, Lock lock) const {
  SqlWriter sql(planner_.flavor());
  const SqlSource from = source();
  from.write_from(sql.text("SELECT ").text(from.columns(names().row)));
  for (std::size_t i = 0; i < row.parents.size(); ++i) {
    write_equal(from, resource_.parents.at(i).leaf, row.parents[i], sql.text(" AND "));
  }
  if (row.name) NameCondition(planner_.names(), planner_.api(), scope_).write(from, *row.name, sql.text(" AND "));
  write_lock(lock, sql);
  return query(std::move(sql), names().row);
}

RowQuery WriteStatements::read_keyed(const Value& key, Lock lock) const {
  SqlWriter sql(planner_.flavor());
  const SqlSource from = source();
  from.write_from(sql.text("SELECT ").text(from.columns(names().row)));
  write_equal(from, resource_.key.front(), key, sql.text(" AND "));
  write_lock(lock, sql);
  return query(std::move(sql), names().row);
}

Statement WriteStatements::erase(const TableRow& row) const {
  SqlWriter sql(planner_.flavor());
  const SqlSource from = source();
  from.write_from(sql.text("DELETE"));
  write_key(from, row, sql);
  return std::move(sql).take();
}

void WriteStatements::write_insert(const TableRow& row, SqlWriter& sql) const {
  const SqlSource into = source();
  into.write_table(sql.text("INSERT INTO "));
  std::string_view separator = " (";
  for (const StoredColumn& column : names().columns) {
    sql.text(separator).text(column.name);
    separator = ", ";
  }
  separator = ") VALUES (";
  for (const StoredColumn& column : names().columns) {
    sql.text(separator).bind(column.is_owner ? into.owner_value() : stored(column, first_value(column, row)));
    separator = ", ";
  }
  sql.text(")");
}

Statement WriteStatements::insert(const TableRow& row) const {
  SqlWriter sql(planner_.flavor());
  write_insert(row, sql);
  return std::move(sql).take();
}

const ViewName& WriteStatements::name_of(const model::View& view) const {
  return names().views.at(static_cast<std::size_t>(&view - resource_.views.data()));
}

bool WriteStatements::shows_row_alone(const model::View& view) const {
  const ViewName& columns = name_of(view);
  return columns.joins.none() && columns.rows.empty();
}

RowQuery WriteStatements::insert_and_show(const model::View& view, const TableRow& row) const {
  const ViewName& columns = name_of(view);
  SqlWriter sql(planner_.flavor());
  write_insert(row, sql);
  sql.text(" RETURNING ").text(columns.columns.bare);
  return query(std::move(sql), columns);
}

Statement WriteStatements::update(const TableRow& before, const TableRow& after) const {
  SqlWriter sql(planner_.flavor());
  const SqlSource at = source();
  at.write_table(sql.text("UPDATE "));
  std::string_view separator = " SET ";
  for (const StoredColumn& column : names().columns) {
    const auto leaf = differing_leaf(column, before, after);
    if (!leaf) continue;
    sql.text(separator).text(column.name).text(" = ").bind(stored(column, after[*leaf]));
    separator = ", ";
  }
  at.write_where(sql);
  write_key(at, before, sql);
  return std::move(sql).take();
}

bool WriteStatements::differ(const TableRow& before, const TableRow& after) const {
  const auto& columns = names().columns;
  return std::any_of(columns.begin(), columns.end(),
                     [&](const StoredColumn& column) { return differing_leaf(column, before, after).has_value(); });
}

RowQuery WriteStatements::any_with(std::size_t leaf, const std::vector<Value>& keys) const {
  SqlWriter sql(planner_.flavor());
  const SqlSource from = source();
  sql.text("SELECT ").text(from.shown(leaf));
  const model::Field& field = *resource_.leaves[leaf].field;
  const model::Resource* referred = planner_.api().find_resource(field.refers);
  if (referred != nullptr && referred->owner_column.empty()) {
    from.write_from_all_accounts(sql);
  } else {
    from.write_from(sql);
  }
  write_any(from, leaf, keys, sql.text(" AND "));
  sql.text(" LIMIT 1");
  return query(std::move(sql), {.columns = {}, .joins = {}, .readings = {reading_of(field)}});
}

RowQuery WriteStatements::lists_of_rows(const model::View& view, const TableRow& row) const {
  const ViewName& shown = name_of(view);
  ViewName lists{.columns = {}, .joins = {}, .readings = std::vector<Reading>(shown.rows.size(), Reading::Text)};
  for (const RowsPlace& place : shown.rows) {
    if (!lists.rows.empty()) lists.columns.qualified += ", ";
    lists.rows.push_back({.at = lists.columns.qualified.size(), .relation = place.relation, .item = place.item});
  }
  SqlWriter sql(planner_.flavor());
  SqlSource from = source();
  from.need(lists);
  write_columns(from, lists, sql.text("SELECT "));
  from.write_from(sql);
  write_key(from, row, sql);
  return query(std::move(sql), lists);
}

Candidates WriteStatements::candidates(RowChoice choice) const {
  const bool postgres = planner_.flavor() == SqlFlavor::Postgres;
  const std::vector<BoundTerm> judged = postgres ? take_judged_terms(choice.filter) : std::vector<BoundTerm>();
  SqlSource from = source();
  from.need(choice.filter);
  std::vector<RowsLeaf> looked_at;
  std::vector<RowCheck::Term> terms;
  for (const BoundTerm& term : judged) {
    RowCheck::Term& check = terms.emplace_back(RowCheck::Term{{}, term.lookup, term.values});
    if (term.relation != 0) check.cells = RowCheck::Cells::Several;
    for (const std::size_t leaf : term.leaves) {
      check.columns.push_back(looked_at.size());
      looked_at.push_back({.relation = term.relation, .leaf = leaf});
    }
    from.need(term);
  }
  SqlWriter sql(planner_.flavor());
  std::string_view separator = "SELECT ";
  RowQuery query{.columns = resource_.key.size() + looked_at.size()};
  for (const std::size_t leaf : resource_.key) {
    sql.text(std::exchange(separator, ", ")).text(from.shown(leaf));
    if (postgres) query.readings.push_back(reading_of(*resource_.leaves[leaf].field));
  }
  for (const RowsLeaf& place : looked_at) {
    sql.text(", ");
    if (place.relation != 0) {
      write_all_texts(from, place, sql);
      query.readings.push_back(Reading::Text);
    } else {
      sql.text(from.shown(place.leaf));
      query.readings.push_back(reading_of(*resource_.leaves[place.leaf].field));
    }
  }
  from.write_from(sql);
  for (std::size_t i = 0; i < choice.parents.size(); ++i) {
    write_equal(from, resource_.parents.at(i).leaf, choice.parents[i], sql.text(" AND "));
  }
  for (const BoundTerm& term : choice.filter.terms) write_term(from, term, sql.text(" AND "));
  separator = " ORDER BY ";
  for (const std::size_t leaf : resource_.key) sql.text(std::exchange(separator, ", ")).text(from.order(leaf));
  sql.text(" LIMIT ").bind(static_cast<std::int64_t>(choice.most));
  write_lock(Lock::Remove, sql);
  if (postgres && from.joins_tables()) sql.text(" OF t");  // the rows of other tables stay
  query.statement = std::move(sql).take();
  return {.query = std::move(query), .check = RowCheck(std::move(terms), planner_.api().limits)};
}

RowQuery WriteStatements::read_all(std::span<const RowKey> keys) const {
  SqlWriter sql(planner_.flavor());
  const SqlSource from = source();
  from.write_from(sql.text("SELECT ").text(from.columns(names().row)));
  write_keys(from, keys, sql);
  return query(std::move(sql), names().row);
}

Statement WriteStatements::erase_all(std::span<const RowKey> keys) const {
  SqlWriter sql(planner_.flavor());
  const SqlSource from = source();
  from.write_from(sql.text("DELETE"));
  write_keys(from, keys, sql);
  return std::move(sql).take();
}

RowQuery WriteStatements::show(const model::View& view, const TableRow& row) const {
  const ViewName& columns = name_of(view);
  SqlWriter sql(planner_.flavor());
  SqlSource from = source();
  from.need(columns);
  write_columns(from, columns, sql.text("SELECT "));
  from.write_from(sql);
  write_key(from, row, sql);
  return query(std::move(sql), columns);
}

RowQuery find_answer(const Planner& planner, const Scope& scope, std::string_view key, base::Microseconds oldest) {
  SqlWriter sql(planner.flavor());
  const SqlSource from(planner.names().answers(), planner.names().rules(), scope);
  from.write_from(sql.text(R"(SELECT "fingerprint", "status", "head", "body")"));
  sql.text(R"( AND "key" = )").bind(std::string(key));
  sql.text(R"( AND "created" >= )").bind(instant(planner.flavor(), oldest));
  RowQuery query{.statement = std::move(sql).take(), .columns = 4};
  if (planner.flavor() == SqlFlavor::Postgres) {
    query.readings = {Reading::Text, Reading::Integer, Reading::Text, Reading::Text};
  }
  return query;
}

Statement keep_answer(const Planner& planner, const Scope& scope, std::string_view key, const KeptAnswer& answer,
                      base::Microseconds now) {
  SqlWriter sql(planner.flavor());
  const SqlSource into(planner.names().answers(), planner.names().rules(), scope);
  into.write_table(sql.text("INSERT INTO "));
  sql.text(R"( AS kept ("account", "key", "fingerprint", "status", "head", "body", "created") VALUES ()");
  sql.bind(into.owner_value()).text(", ").bind(std::string(key)).text(", ").bind(answer.fingerprint).text(", ");
  sql.bind(answer.status).text(", ").bind(answer.head).text(", ").bind(answer.body).text(", ");
  sql.bind(instant(planner.flavor(), now));
  sql.text(R"() ON CONFLICT ("account", "key") DO UPDATE SET "fingerprint" = excluded."fingerprint", )"
           R"("status" = excluded."status", "head" = excluded."head", "body" = excluded."body", )"
           R"("created" = excluded."created" WHERE kept."created" < )");
  const auto time = std::chrono::duration_cast<std::chrono::microseconds>(planner.api().limits.idempotency_time);
  sql.bind(instant(planner.flavor(), now - time.count()));
  return std::move(sql).take();
}

/// In all accounts, which see nothing of it. PostgreSQL: those that nobody else removes just now.
Statement forget_answers(const Planner& planner, const Scope& scope, base::Microseconds oldest) {
  SqlWriter sql(planner.flavor());
  const SqlSource from(planner.names().answers(), planner.names().rules(), scope);
  from.write_from_all_accounts(sql.text("DELETE"));
  from.write_from_all_accounts(sql.text(R"( AND ("account", "key") IN (SELECT "account", "key")"));
  sql.text(R"( AND "created" < )").bind(instant(planner.flavor(), oldest)).text(" LIMIT ").text(forgotten_at_once);
  sql.text(planner.flavor() == SqlFlavor::Postgres ? " FOR UPDATE SKIP LOCKED)" : ")");
  return std::move(sql).take();
}

RowQuery claim_key(const Planner& planner, const Scope& scope, std::string_view key) {
  if (planner.flavor() == SqlFlavor::Sqlite) return {};
  SqlWriter sql(planner.flavor());
  sql.text("SELECT pg_try_advisory_xact_lock(");
  write_claimed(planner.names().answers().table.at(static_cast<std::size_t>(scope.mode)), scope.account, key, sql);
  sql.text(")");
  return {.statement = std::move(sql).take(), .columns = 1, .readings = {Reading::Boolean}};
}

RowQuery await_bulk(const Planner& planner, const model::Resource& resource, const Scope& scope) {
  if (planner.flavor() == SqlFlavor::Sqlite) return {};
  const ResourceName& names = planner.names().of(resource);
  const std::string_view account = names.owner.kind == OwnerKind::None ? std::string_view() : scope.account;
  SqlWriter sql(planner.flavor());
  sql.text("SELECT true FROM pg_advisory_xact_lock(");
  write_claimed(names.table.at(static_cast<std::size_t>(scope.mode)), account, "bulk", sql);
  sql.text(")");
  return {.statement = std::move(sql).take(), .columns = 1, .readings = {Reading::Boolean}};
}

}  // namespace portico::plan
