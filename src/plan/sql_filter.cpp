#include "plan/sql_filter.hpp"

#include "plan/postgres_filter.hpp"
#include "plan/sql_rows.hpp"
#include "plan/sqlite_filter.hpp"

namespace portico::plan {

void write_leaf(const SqlSource& source, std::size_t leaf, const BoundTerm& term, SqlWriter& sql) {
  const SqlColumn column{source.column(leaf), source.kind(leaf)};
  switch (sql.flavor()) {
    case SqlFlavor::Sqlite:
      return SqliteFilter(source.rules(), sql).write(column, term.lookup, term.values);
    case SqlFlavor::Postgres:
      return PostgresFilter(source.rules(), sql).write(column, term.lookup, term.values);
  }
}

void write_term(const SqlSource& source, const BoundTerm& term, SqlWriter& sql) {
  if (term.relation != 0) return write_exists(source, term, sql);
  sql.text("(");
  for (std::size_t i = 0; i < term.leaves.size(); ++i) {
    if (i > 0) sql.text(" OR ");
    write_leaf(source, term.leaves[i], term, sql);
  }
  sql.text(")");
}

}  // namespace portico::plan
