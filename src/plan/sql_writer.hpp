#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/value.hpp"
#include "plan/plan.hpp"
#include "plan/sql_flavor.hpp"

namespace portico::plan {

/// The only place where SQL text is put together. Text is literals of this module and select lists, names are columns
/// and tables of the checked description, quoted; whatever came from a client is a bind.
class SqlWriter {
 public:
  explicit SqlWriter(SqlFlavor flavor) : flavor_(flavor) { statement_.sql.reserve(usual_bytes); }

  SqlWriter& text(std::string_view literal) {
    statement_.sql.append(literal);
    return *this;
  }
  /// A table's or column's name, quoted.
  SqlWriter& name(std::string_view identifier);
  /// A parameter with its value.
  SqlWriter& bind(base::Value value);

  [[nodiscard]] SqlFlavor flavor() const noexcept { return flavor_; }
  [[nodiscard]] Statement take() && { return std::move(statement_); }

 private:
  static constexpr std::size_t usual_bytes = 4096;  // a list of some hundred columns and a few conditions
  SqlFlavor flavor_;
  Statement statement_;
};

}  // namespace portico::plan
