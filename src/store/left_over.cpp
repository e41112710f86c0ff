#include "store/left_over.hpp"

#include <algorithm>

#include "store/index_list.hpp"

namespace portico::store {

std::vector<const PresentColumn*> columns_in_the_way(plan::SqlFlavor flavor, const WantedTable& wanted,
                                                     const PresentTable& present) {
  std::vector<const PresentColumn*> found;
  for (const PresentColumn& column : present.columns) {
    const auto is_it = [&](const WantedColumn& other) { return same_name(flavor, other.name, column.name); };
    if (!column.must_be_given() || std::any_of(wanted.columns.begin(), wanted.columns.end(), is_it)) continue;
    found.push_back(&column);
  }
  return found;
}

bool is_lapsed_rule(const Schema& wanted, const WantedTable& table, const PresentIndex& index) {
  if (!index.unique || !(index.constraint.empty() || index.primary)) return false;
  if (!is_name_of_rule(wanted.flavor, table.name, index.columns, index.name)) return false;
  const auto same = [&](const IndexColumn& a, const IndexColumn& b) {
    return same_name(wanted.flavor, a.name, b.name);
  };
  return std::none_of(wanted.indexes.begin(), wanted.indexes.end(), [&](const WantedIndex& other) {
    return other.uniqueness != Uniqueness::Plain && other.schema == table.schema &&
           same_name(wanted.flavor, other.table, table.name) &&
           std::equal(other.columns.begin(), other.columns.end(), index.columns.begin(), index.columns.end(), same);
  });
}

}  // namespace portico::store
