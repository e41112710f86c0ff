#include "plan/sql_writer.hpp"

#include <array>
#include <charconv>

namespace portico::plan {

/// The parameter that is the last one now.
void SqlWriter::add_parameter(std::string_view type) {
  std::string& sql = statement_.sql;
  switch (flavor_) {
    case SqlFlavor::Sqlite:
      sql += '?';
      return;
    case SqlFlavor::Postgres:
      std::array<char, 24> digits = {};
      char* const end =
          std::to_chars(digits.data(), digits.data() + digits.size(), statement_.binds.size() + open_).ptr;
      sql += '$';
      sql.append(digits.data(), end);
      if (!type.empty()) sql.append("::").append(type);
      return;
  }
}

SqlWriter& SqlWriter::bind(base::Value value) {
  return bind(std::move(value), {});
}

SqlWriter& SqlWriter::bind(base::Value value, std::string_view type) {
  statement_.binds.push_back(std::move(value));
  add_parameter(type);
  return *this;
}

SqlWriter& SqlWriter::last_bind(std::string_view type) {
  add_parameter(type);
  return *this;
}

SqlWriter& SqlWriter::open_bind(std::string_view type) {
  ++open_;
  add_parameter(type);
  return *this;
}

}  // namespace portico::plan
