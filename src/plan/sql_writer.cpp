#include "plan/sql_writer.hpp"

#include "base/text.hpp"

namespace portico::plan {

SqlWriter& SqlWriter::name(std::string_view identifier) {
  base::append_sql_quoted(statement_.sql, identifier);
  return *this;
}

SqlWriter& SqlWriter::bind(base::Value value) {
  switch (flavor_) {
    case SqlFlavor::Sqlite:
      statement_.sql += '?';
      break;
    case SqlFlavor::Postgres:
      statement_.sql += '$' + std::to_string(statement_.binds.size() + 1);
      break;
  }
  statement_.binds.push_back(std::move(value));
  return *this;
}

}  // namespace portico::plan
