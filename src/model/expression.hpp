#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/value.hpp"

namespace portico::model {

/// What an expression is worth. Null belongs to every type.
enum class ExpressionType : std::uint8_t {
  Null,     ///< the literal alone
  Boolean,  ///< 1 or 0
  Integer,  ///< integers, money and rates
  Text,     ///< strings and their family, ids, dates, text choices
  Instant,  ///< microseconds since 1970 UTC
  List,     ///< as its column holds it: JSON; only `sum`, `count` and `== null` take it
};

/// A formula of the description: the condition of a guard or check, the value of an effect, a default, an answer's
/// field. The grammar stands in docs/expressions.md. A tree; immutable once loaded, and every name in it was looked
/// up.
///
/// Meaning: integers are exact, and 64 bits that overflow are a fault of the request (InvalidData), never wrapped; an
/// operand that is null makes an arithmetic operation null and a comparison false, but `==` and `!=` compare with
/// null as with a value; `&&` and `||` look at the right side only where the left does not decide; a condition that
/// is null is false.
struct Expression {
  enum class Kind : std::uint8_t {
    Literal,    ///< `value`
    Leaf,       ///< the row's own: `index` into Resource::leaves
    Parent,     ///< of the row that the leaf `index` refers to (Field::refers): `member` is a leaf of that resource
    Input,      ///< what the action's body says: `index` into Action::input's leaves
    Item,       ///< within `sum` or `count`: the member `text` of the list's item
    Now,        ///< now(): when the request came; the same in all of one request
    NewId,      ///< new_id(): as the id of a new row (P9)
    Sandbox,    ///< sandbox(): whether this is the sandbox
    PublicKey,  ///< public_key(): the calling account's newest valid one of this mode; computed resources only
    Not,        ///< one operand
    Negate,     ///< one operand
    Add,        ///< two operands, as all up to Or
    Subtract,
    Multiply,
    Divide,  ///< of integers, rounded half away from zero; by zero: null
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    And,
    Or,
    If,        ///< condition ? then : else
    Coalesce,  ///< coalesce(a, b, …): the first that is not null
    Least,     ///< min(a, b, …); of those that are not null
    Greatest,  ///< max(a, b, …)
    Sum,       ///< sum(list, expression over its items); nulls are left out, an empty list gives 0
    Count,     ///< count(list), or count(list, condition)
  };
  Kind kind = Kind::Literal;
  ExpressionType type = ExpressionType::Null;
  base::Value value = {};
  std::size_t index = 0;
  std::size_t member = 0;
  std::string text = {};
  std::vector<Expression> operands = {};  ///< Sum, Count: the list's leaf as a Leaf expression, then the formula
};

}  // namespace portico::model
