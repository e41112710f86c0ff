#include "store/postgres_violations.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "store/schema.hpp"

namespace portico::store {
namespace {

using Kind = Violation::Kind;

struct StateKind {
  std::string_view state;
  Kind kind;
};

/// Of SQLSTATE's class 23; what else there is in it is a Check.
constexpr std::array<StateKind, 4> kinds = {
    {{"23505", Kind::Unique}, {"23503", Kind::Reference}, {"23001", Kind::Reference}, {"23502", Kind::Null}}};
constexpr std::string_view integrity = "23";
constexpr std::string_view too_long = "54000";  // a statement of ours meets no other limit of the program's

/// `"merchant"`, or without quotes, as the name that it is.
std::string unquoted(std::string_view name) {
  if (name.size() < 2 || name.front() != '"' || name.back() != '"') return std::string(name);
  std::string out;
  for (std::size_t at = 1; at + 1 < name.size(); ++at) {
    out += name[at];
    if (name[at] == '"') ++at;  // doubled
  }
  return out;
}

/// `Key (merchant, mid)=(m1, a) already exists.`, in whatever language: what stands in the first parentheses.
std::vector<std::string> columns_in(std::string_view detail) {
  const std::size_t begin = detail.find('(');
  const std::size_t end = detail.find(")=(");
  if (begin == std::string_view::npos || end == std::string_view::npos || end < begin) return {};
  std::string_view names = detail.substr(begin + 1, end - begin - 1);
  std::vector<std::string> columns;
  for (;;) {
    const std::size_t comma = names.find(", ");
    columns.push_back(unquoted(names.substr(0, comma)));
    if (comma == std::string_view::npos) return columns;
    names.remove_prefix(comma + 2);
  }
}

}  // namespace

std::vector<std::string> PostgresViolations::columns_of(const PostgresFailure& failure) {
  if (!failure.column.empty()) return {failure.column};
  if (!columns_) {
    columns_.emplace();
    for (const WantedIndex& index : wanted_schema(*api_, plan::SqlFlavor::Postgres).indexes) {
      std::vector<std::string>& columns = (*columns_)[{index.table, index.name}];
      for (const IndexColumn& column : index.columns) columns.push_back(column.name);
    }
  }
  const auto known = columns_->find({failure.table, failure.constraint});
  return known == columns_->end() ? columns_in(failure.detail) : known->second;
}

std::optional<Violation> PostgresViolations::find(const PostgresFailure& failure) {
  if (failure.sqlstate == too_long) {
    return Violation{.kind = Kind::TooLong, .table = failure.table, .columns = columns_of(failure)};
  }
  if (!failure.sqlstate.starts_with(integrity)) return std::nullopt;
  const auto known =
      std::find_if(kinds.begin(), kinds.end(), [&](const StateKind& own) { return own.state == failure.sqlstate; });
  return Violation{.kind = known == kinds.end() ? Kind::Check : known->kind,
                   .table = failure.table,
                   .columns = columns_of(failure)};
}

}  // namespace portico::store
