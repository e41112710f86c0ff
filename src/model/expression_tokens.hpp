#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace portico::model {

/// A word of an expression.
struct ExpressionToken {
  enum class Kind : std::uint8_t {
    End,
    Integer,   ///< `integer`
    Text,      ///< `text`, without quotes
    Name,      ///< `text`: steps joined by `.`
    Operator,  ///< `text`
  };
  Kind kind = Kind::End;
  std::size_t offset = 0;  ///< in the expression
  std::size_t end = 0;
  std::string text = {};
  std::int64_t integer = 0;
};

/// What is no word, and where.
struct ExpressionFault {
  std::size_t offset = 0;
  std::string message;
  std::string hint;
};

/// All words of `text`, an End last; or what is none.
[[nodiscard]] std::variant<std::vector<ExpressionToken>, ExpressionFault> expression_tokens(std::string_view text);

}  // namespace portico::model
