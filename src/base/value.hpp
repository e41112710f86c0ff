#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace portico::base {

/// A typed value on its way to a store: a bind, or a default. Timestamps travel as microseconds since 1970-01-01 UTC,
/// money and rates as hundredths, booleans as 0 and 1, dates as `YYYY-MM-DD`: what the columns hold.
using Value = std::variant<std::monostate, std::int64_t, double, std::string>;

[[nodiscard]] inline bool is_null(const Value& value) noexcept {
  return std::holds_alternative<std::monostate>(value);
}

/// One cell of a row that a store read. `text` is valid as long as the Rows that hold the cell.
struct Cell {
  enum class Kind : std::uint8_t { Null, Integer, Real, Text };
  Kind kind = Kind::Null;
  std::int64_t integer = 0;
  double real = 0;
  std::string_view text = {};  ///< bytes as stored; not necessarily UTF-8
  [[nodiscard]] bool is_null() const noexcept { return kind == Kind::Null; }
};

}  // namespace portico::base
