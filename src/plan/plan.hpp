#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "base/value.hpp"
#include "model/resource.hpp"
#include "plan/row_check.hpp"

namespace portico::plan {

/// SQL text without any value of a client's, and the values for its parameters in their order.
struct Statement {
  std::string sql;
  std::vector<base::Value> binds;
  std::size_t columns_end =
      0;  ///< where in `sql` the view's columns end, which begin behind `SELECT `; 0: it has none
};

/// Whether work stays the same however many rows the account has (an index leads to the rows), or grows with them.
/// Decides only where a statement runs, never what it answers.
enum class Cost : std::uint8_t { Bounded, Growing };

/// How the text that PostgreSQL sends for a column becomes a base::Cell. SQLite's statements give cells as they are.
enum class Reading : std::uint8_t {
  Text,        ///< as it is
  Integer,     ///< digits, perhaps with a sign; behind a point only zeros
  Hundredths,  ///< a decimal number, as an integer of hundredths, rounded half away from zero; NaN and infinities:
               ///< null
  Boolean,     ///< `t` or `f`, as 1 or 0
  Instant,     ///< `2015-10-02 18:15:45.101838+00`, or without zone (UTC), as microseconds since 1970; the infinities
               ///< as the last and the first instant that can be written
  Seconds,     ///< a number, as microseconds
  Date,        ///< the first ten characters: `2015-10-02`, of a timestamp too
};

/// Filters that the database cannot judge as the contract wants (PostgreSQL: regex, iregex, search). It gives the
/// candidates, they are judged here, and the page is read by the keys that remain.
struct Screening {
  Statement candidates;    ///< of all rows that the other filters leave, in the list's order: the key's columns as
                           ///< text, then those that `check` looks at
  std::size_t keys = 1;    ///< how many columns that is: Resource::key's, or one of a resource without a key; of a
                           ///< summary none
  std::size_t judged = 0;  ///< how many columns `check` looks at; behind them, of a summary, those of its aggregates
  std::vector<Reading> readings;  ///< of the candidates' columns
  RowCheck check;                 ///< gets a candidate's cells behind the key's
};

/// How many rows so many full pages have; the largest integer where none holds it.
[[nodiscard]] constexpr std::int64_t rows_of(std::int64_t pages, std::int64_t size) noexcept {
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  return pages > most / size ? most : pages * size;
}

/// One page and the exact count of all its list's rows, read from one snapshot.
struct ListPlan {
  const model::View* view = nullptr;  ///< the select list is its leaves, in order
  /// PostgreSQL: one text column more, the last: the snapshot (pg_current_snapshot) that the row was read in.
  /// With `screening`: the rows of certain keys, in the list's order; for each column of the key one bind more, the
  /// last ones: a PostgreSQL array literal of the keys' texts (`{"1","2"}`).
  Statement page;
  /// One row, one integer; PostgreSQL: the snapshot behind it. Empty with `screening`.
  Statement count;
  /// PostgreSQL: `page` with the count as one column more, the last, behind the snapshot, from the same snapshot.
  /// Empty on SQLite and with `screening`.
  Statement page_with_count;
  std::span<const Reading> readings = {};  ///< PostgreSQL: of the view's leaves; the Planner's
  std::int64_t number = 1;                 ///< of the page, from 1
  std::int64_t size = 0;                   ///< rows of a full page
  /// The list's rows before the page, and up to its end if it is full.
  [[nodiscard]] std::int64_t rows_before() const noexcept { return rows_of(number - 1, size); }
  [[nodiscard]] std::int64_t rows_through() const noexcept { return rows_of(number, size); }
  Cost page_cost = Cost::Growing;
  std::shared_ptr<const Screening> screening = nullptr;  ///< null: the statements alone answer
};

/// One row or none.
struct RetrievePlan {
  const model::View* view = nullptr;
  Statement row;  ///< PostgreSQL: one column more, the last: the snapshot. With `screening`: none
  std::span<const Reading> readings = {};
  std::string name = {};  ///< as the client named the object, for the 404
  /// The row is this summary of the rows chosen, whose shape `view` shows; none where there are none. A sum that no
  /// integer holds is null.
  const model::Summary* summary = nullptr;
  Cost cost = Cost::Bounded;
  std::shared_ptr<const Screening> screening = nullptr;  ///< of a summary: the candidates are summed up here
};

/// What a row's column says of a file, one row or none; or parts of the file's bytes, one row each. One text column.
struct FilePlan {
  Statement rows;    ///< PostgreSQL: one column more, the last: the snapshot
  std::string name;  ///< as the client named the object
  Cost cost = Cost::Bounded;
};
/// How its column is read.
inline constexpr std::array<Reading, 1> file_readings = {Reading::Text};

/// What will run.
using Plan = std::variant<ListPlan, RetrievePlan, FilePlan>;

}  // namespace portico::plan
