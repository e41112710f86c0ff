#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "plan/plan.hpp"
#include "store/sqlite_functions.hpp"

namespace portico::store {

/// How the work of a statement grows.
enum class Growth : std::uint8_t {
  Constant,     ///< an index leads to the rows of the answer, however many there are beside them
  WithMatches,  ///< with the rows that an index finds for the filters: they are counted, sorted or checked
  WithTable,    ///< every row of the table is looked at, other accounts' too
};

/// What the database does for one statement.
struct Explanation {
  std::string purpose;  ///< `page`, `count`, `row`; `candidates`: rows that are judged by Portico itself
  std::string sql;
  std::vector<std::string> steps;    ///< in the database's words, indented as they nest
  std::vector<std::string> indexes;  ///< the indexes it uses
  Growth growth = Growth::Constant;
};

/// Asks the database in `file`; runs nothing. Throws SqliteError.
[[nodiscard]] std::vector<Explanation> explain(const plan::Plan& plan, const std::filesystem::path& file,
                                               const FunctionRules& rules);

}  // namespace portico::store
