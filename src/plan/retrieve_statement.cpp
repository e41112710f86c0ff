#include "plan/retrieve_statement.hpp"

#include "plan/name_condition.hpp"

namespace portico::plan {
namespace {

/// ` FROM … WHERE …`
void write_named_row(const StatementNames& names, const SqlSource& from, const operation::Retrieve& retrieve,
                     SqlWriter& sql) {
  from.write_from(sql);
  const NameCondition condition(names.all, names.api, names.scope);
  condition.write_parents(from, retrieve.parents, sql);
  if (retrieve.name) condition.write(from, *retrieve.name, sql.text(" AND "));
}

}  // namespace

Statement row_statement(const StatementNames& names, const operation::Retrieve& retrieve) {
  SqlWriter sql(names.rules.flavor);
  SqlSource from(names.resource, names.rules, names.scope);
  from.need(names.view);
  write_select(names, from, sql);
  write_named_row(names, from, retrieve, sql);
  return std::move(sql).take();
}

Statement file_statement(const StatementNames& names, const operation::Retrieve& retrieve) {
  SqlWriter sql(names.rules.flavor);
  const SqlSource from(names.resource, names.rules, names.scope);
  sql.text("SELECT ").text(from.shown(*retrieve.file)).end_columns();
  write_snapshot(sql);
  write_named_row(names, from, retrieve, sql);
  return std::move(sql).take();
}

}  // namespace portico::plan
