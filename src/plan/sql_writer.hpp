#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/value.hpp"
#include "plan/plan.hpp"
#include "plan/sql_flavor.hpp"

namespace portico::plan {

/// The only place where SQL text is put together. Text is literals of this module and names that `sql_names` has
/// quoted; whatever came from a client is a bind.
class SqlWriter {
 public:
  explicit SqlWriter(SqlFlavor flavor) : flavor_(flavor) { statement_.sql.reserve(usual_bytes); }

  SqlWriter& text(std::string_view sql) {
    statement_.sql.append(sql);
    return *this;
  }
  /// A parameter with its value. PostgreSQL: of the type that the place where it stands gives it.
  SqlWriter& bind(base::Value value);
  /// A parameter with its value; PostgreSQL: `$1::TYPE`.
  SqlWriter& bind(base::Value value, std::string_view type);
  /// PostgreSQL: the parameter that was written last, once more.
  SqlWriter& last_bind(std::string_view type);
  /// PostgreSQL: a parameter whose value is added later, behind all others. Only such ones may follow.
  SqlWriter& open_bind(std::string_view type = {});

  /// What was written up to here behind `SELECT ` are the view's columns.
  SqlWriter& end_columns() {
    statement_.columns_end = statement_.sql.size();
    return *this;
  }

  [[nodiscard]] SqlFlavor flavor() const noexcept { return flavor_; }
  [[nodiscard]] Statement take() && { return std::move(statement_); }

 private:
  static constexpr std::size_t usual_bytes = 4096;  // a list of some hundred columns and a few conditions
  void add_parameter(std::string_view type);

  SqlFlavor flavor_;
  std::size_t open_ = 0;
  Statement statement_;
};

}  // namespace portico::plan
