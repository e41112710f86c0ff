#include "plan/retrieve_statement.hpp"

#include "plan/name_condition.hpp"

namespace portico::plan {

Statement row_statement(const StatementNames& names, const operation::Retrieve& retrieve) {
  SqlWriter sql(names.rules.flavor);
  SqlSource from(names.resource, names.rules, names.scope);
  from.need(names.view);
  write_select(names, from, sql);
  from.write_from(sql);
  const NameCondition condition(names.all, names.api, names.scope);
  condition.write_parents(from, retrieve.parents, sql);
  if (retrieve.name) condition.write(from, *retrieve.name, sql.text(" AND "));
  return std::move(sql).take();
}

}  // namespace portico::plan
