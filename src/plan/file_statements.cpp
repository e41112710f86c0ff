#include "plan/file_statements.hpp"

#include "base/ids.hpp"
#include "plan/list_statements.hpp"
#include "plan/name_condition.hpp"
#include "plan/sql_names.hpp"

namespace portico::plan {
namespace {

/// PostgreSQL's literal of bytes.
std::string postgres_bytes(std::string_view bytes) {
  return "\\x" + base::to_hex(bytes);
}

SqlSource source_of_files(const Planner& planner, const Scope& scope) {
  return {planner.names().files(), planner.names().rules(), scope};
}

}  // namespace

/// The row is looked for again: what it names now is the file of that id, and its account's.
FilePlan plan_file_parts(const Planner& planner, const operation::Retrieve& file, const Scope& scope,
                         const FileParts& parts) {
  SqlWriter sql(planner.flavor());
  const bool postgres = planner.flavor() == SqlFlavor::Postgres;
  sql.text(postgres ? R"(SELECT encode("bytes", 'hex'))" : R"(SELECT "bytes")");
  write_snapshot(sql);
  source_of_files(planner, scope).write_from(sql);
  sql.text(R"( AND "file" = )").bind(parts.file);
  sql.text(R"( AND "part" BETWEEN )").bind(static_cast<std::int64_t>(parts.first));
  sql.text(" AND ").bind(static_cast<std::int64_t>(parts.last));
  const SqlSource from(planner.names().of(*file.resource), planner.names().rules(), scope);
  const NameCondition condition(planner.names(), planner.api(), scope);
  from.write_from(sql.text(" AND EXISTS (SELECT 1"));
  condition.write_parents(from, file.parents, sql);
  if (file.name) condition.write(from, *file.name, sql.text(" AND "));
  write_equal(from, *file.file, parts.column, sql.text(" AND "));
  sql.text(R"() ORDER BY "part")");
  FilePlan plan{.rows = std::move(sql).take(), .name = file.name.value_or("me")};
  if (parts.last > parts.first) plan.cost = Cost::Growing;
  return plan;
}

bool append_file_part(SqlFlavor flavor, std::string_view cell, std::string& out) {
  switch (flavor) {
    case SqlFlavor::Sqlite:
      out.append(cell);
      return true;
    case SqlFlavor::Postgres:
      break;
  }
  const std::string bytes = base::from_hex(cell);
  out.append(bytes);
  return bytes.size() * 2 == cell.size();
}

Statement insert_file_part(const Planner& planner, const Scope& scope, const NewFilePart& part) {
  SqlWriter sql(planner.flavor());
  source_of_files(planner, scope).write_table(sql.text("INSERT INTO "));
  sql.text(R"( ("file", "part", "bytes") VALUES ()").bind(std::string(part.file)).text(", ").bind(part.number);
  if (planner.flavor() == SqlFlavor::Postgres) {
    sql.text(", ").bind(postgres_bytes(part.bytes), "bytea").text(")");
  } else {
    sql.text(", CAST(").bind(std::string(part.bytes)).text(" AS BLOB))");
  }
  return std::move(sql).take();
}

Statement erase_file(const Planner& planner, const Scope& scope, std::string_view file) {
  SqlWriter sql(planner.flavor());
  source_of_files(planner, scope).write_from(sql.text("DELETE"));
  sql.text(R"( AND "file" = )").bind(std::string(file));
  return std::move(sql).take();
}

}  // namespace portico::plan
