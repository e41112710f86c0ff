#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/field.hpp"
#include "plan/sql_flavor.hpp"

namespace portico::plan {

struct ItemRules {
  SqlFlavor flavor = SqlFlavor::Sqlite;
  int version = 0;         ///< whose fields it has
  std::string_view alias;  ///< of the table
};

/// SQL that gives a row as the JSON text of an object, as a list's column holds an item (plan/read_list): members
/// under their latest names, in the order of `members`, whose leaves name their columns; what a column holds that is
/// none of its type is null. Without parameters.
///
/// In SQLite a function of ours helps, which the store defines (store/sqlite_functions):
///   portico_timestamp(instant)  base::format_timestamp in double quotes; the text `null` where it is none
[[nodiscard]] std::string json_item(const std::vector<model::Field>& members, const ItemRules& rules);

}  // namespace portico::plan
