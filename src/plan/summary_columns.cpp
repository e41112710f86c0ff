#include "plan/summary_columns.hpp"

#include <string_view>

#include "plan/fitting_number.hpp"

namespace portico::plan {
namespace {

using model::Aggregate;
using Function = Aggregate::Function;

/// Whether PostgreSQL's type of such a column may be one for decimals or floating-point numbers, of which some are
/// shown as null.
bool may_not_fit(ColumnKind kind) {
  return kind == ColumnKind::WholeNumber || kind == ColumnKind::Hundredths || kind == ColumnKind::Seconds;
}

bool is_text(ColumnKind kind) {
  return kind == ColumnKind::Text || kind == ColumnKind::CastText;
}

std::string joined(std::initializer_list<std::string_view> parts) {
  std::string sql;
  for (const std::string_view part : parts) sql += part;
  return sql;
}

/// A leaf's names, all bare or all qualified.
struct Column {
  const std::string& column;
  const std::string& shown;
  const std::string& order;
  ColumnKind kind;
};

std::string in_sqlite(Function function, const Column& leaf) {
  const bool is_day = leaf.kind == ColumnKind::Day || leaf.kind == ColumnKind::DayOfTimestamp;
  const std::string& ordered = is_text(leaf.kind) || is_day ? leaf.order : leaf.shown;
  switch (function) {
    case Function::Rows:
      return "count(*)";
    case Function::Values:
      return joined({"count(", leaf.shown, ")"});
    case Function::Sum:
      return joined({"portico_sum(", leaf.shown, ")"});
    case Function::Least:
      return joined({"min(", ordered, ")"});
    case Function::Greatest:
      return joined({"max(", ordered, ")"});
  }
  return {};
}

/// A row's number as an integer, as it would be shown.
std::string whole_in_postgres(const Column& leaf) {
  return may_not_fit(leaf.kind) ? fitting_number(leaf.column, leaf.kind) : leaf.column;
}

std::string in_postgres(Function function, const Column& leaf) {
  const std::string filter =
      may_not_fit(leaf.kind) ? joined({" FILTER (WHERE ", fitting_number(leaf.column, leaf.kind), " IS NOT NULL)"})
                             : std::string();
  const std::string& ordered = is_text(leaf.kind) ? leaf.order : leaf.column;
  switch (function) {
    case Function::Rows:
      return "count(*)";
    case Function::Values:
      return joined({"count(", leaf.column, ")", filter});
    case Function::Sum: {
      const std::string sum = joined({"coalesce(sum(", whole_in_postgres(leaf), "), 0)"});
      return joined({"CASE WHEN ", sum, " BETWEEN -9223372036854775808 AND 9223372036854775807 THEN ", sum, " END"});
    }
    case Function::Least:
      return joined({"min(", ordered, ")", filter});
    case Function::Greatest:
      return joined({"max(", ordered, ")", filter});
  }
  return {};
}

std::string written(SqlFlavor flavor, Function function, const Column& leaf) {
  switch (flavor) {
    case SqlFlavor::Sqlite:
      return in_sqlite(function, leaf);
    case SqlFlavor::Postgres:
      return in_postgres(function, leaf);
  }
  return {};
}

}  // namespace

ViewName summary_columns(const model::Resource& resource, const std::vector<LeafName>& leaves, SqlFlavor flavor) {
  ViewName view;
  std::string_view separator;
  for (const Aggregate& aggregate : resource.summary->aggregates) {
    const LeafName& leaf = leaves[aggregate.leaf];
    const Column bare{leaf.column.bare, leaf.shown.bare, leaf.order.bare, leaf.kind};
    const Column qualified{leaf.column.qualified, leaf.shown.qualified, leaf.order.qualified, leaf.kind};
    view.columns.bare.append(separator).append(written(flavor, aggregate.function, bare));
    view.columns.qualified.append(separator).append(written(flavor, aggregate.function, qualified));
    const bool is_value = aggregate.function == Function::Least || aggregate.function == Function::Greatest;
    view.readings.push_back(is_value ? reading_of(*resource.leaves[aggregate.leaf].field) : Reading::Integer);
    separator = ", ";
  }
  return view;
}

}  // namespace portico::plan
