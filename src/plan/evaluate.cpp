#include "plan/evaluate.hpp"

#include <algorithm>
#include <forward_list>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <utility>

#include <simdjson.h>

#include "base/ids.hpp"

namespace portico::plan {
namespace {

using base::Cell;
using base::Value;
using model::Expression;
using model::ExpressionType;
using Kind = Expression::Kind;
namespace dom = simdjson::dom;

// Lists over this are parsed in room of their own, given back at once.
constexpr std::size_t kept_bytes_max = std::size_t{1024} * 1024;

Cell cell_of(std::int64_t integer) {
  return {.kind = Cell::Kind::Integer, .integer = integer};
}
Cell cell_of(std::string_view text) {
  return {.kind = Cell::Kind::Text, .text = text};
}
Cell cell_of_condition(bool condition) {
  return cell_of(std::int64_t{condition ? 1 : 0});
}

/// Without a copy: texts stay in the value.
Cell cell_of(const Value& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return cell_of(*integer);
  if (const auto* text = std::get_if<std::string>(&value)) return cell_of(std::string_view(*text));
  return {};
}

Value value_of(const Cell& cell) {
  if (cell.kind == Cell::Kind::Integer) return cell.integer;
  if (cell.kind == Cell::Kind::Text) return std::string(cell.text);
  return std::monostate{};
}

bool is_true(const Cell& cell) {
  return cell.kind == Cell::Kind::Integer && cell.integer != 0;
}

/// Below zero, zero, above zero. Precondition: neither is null; the loader saw to it that both are of one type.
int order_of(const Cell& left, const Cell& right) {
  if (left.kind == Cell::Kind::Text) return left.text.compare(right.text);
  return left.integer < right.integer ? -1 : left.integer > right.integer ? 1 : 0;
}

bool are_equal(const Cell& left, const Cell& right) {
  return left.kind == right.kind && (left.is_null() || order_of(left, right) == 0);
}

/// A member of a list's item, as its column would hold it; null where it is not of its type, as it is shown.
Cell cell_of(const dom::element& element, ExpressionType type) {
  std::int64_t integer = 0;
  bool boolean = false;
  std::string_view text;
  switch (type) {
    case ExpressionType::Integer:
      return element.get(integer) == simdjson::SUCCESS ? cell_of(integer) : Cell{};
    case ExpressionType::Boolean:
      return element.get(boolean) == simdjson::SUCCESS ? cell_of_condition(boolean) : Cell{};
    case ExpressionType::Text:
      return element.get(text) == simdjson::SUCCESS ? cell_of(text) : Cell{};
    case ExpressionType::Instant:
      if (element.get(text) == simdjson::SUCCESS) {
        const auto instant = base::parse_timestamp(text, base::TimeZone::utc());
        if (instant) return cell_of(*instant);
      }
      return {};
    case ExpressionType::Null:
    case ExpressionType::List:
      break;
  }
  return {};
}

class Evaluation {
 public:
  explicit Evaluation(const Surroundings& around) : around_(around) {}

  [[nodiscard]] Cell of(const Expression& expression) {
    switch (expression.kind) {
      case Kind::Literal:
        return cell_of(expression.value);
      case Kind::Leaf:
        return cell_of(around_.row[expression.index]);
      case Kind::Parent:
        return parent(expression);
      case Kind::Input:
        return around_.input == nullptr ? Cell{} : cell_of((*around_.input)[expression.index]);
      case Kind::Item:
        return item(expression);
      case Kind::Now:
        return cell_of(around_.now);
      case Kind::NewId:
        return cell_of(std::string_view(made_.emplace_front(base::make_row_id(around_.now))));
      case Kind::Sandbox:
        return cell_of_condition(around_.mode == model::Mode::Sandbox);
      case Kind::PublicKey:
        return cell_of(around_.public_key);
      case Kind::Not:
        return cell_of_condition(!is_true(of(expression.operands[0])));
      case Kind::Negate:
      case Kind::Add:
      case Kind::Subtract:
      case Kind::Multiply:
      case Kind::Divide:
        return arithmetic(expression);
      case Kind::Equal:
      case Kind::NotEqual:
      case Kind::Less:
      case Kind::LessOrEqual:
      case Kind::Greater:
      case Kind::GreaterOrEqual:
        return comparison(expression);
      case Kind::And:
        return cell_of_condition(is_true(of(expression.operands[0])) && is_true(of(expression.operands[1])));
      case Kind::Or:
        return cell_of_condition(is_true(of(expression.operands[0])) || is_true(of(expression.operands[1])));
      case Kind::If:
        return of(is_true(of(expression.operands[0])) ? expression.operands[1] : expression.operands[2]);
      case Kind::Coalesce:
        return first_known(expression);
      case Kind::Least:
      case Kind::Greatest:
        return extreme(expression);
      case Kind::Sum:
      case Kind::Count:
        return over_list(expression);
    }
    throw std::logic_error("evaluate: no such kind of expression");
  }

  [[nodiscard]] bool overflowed() const { return overflowed_; }

 private:
  /// While it lives, names stand for the item's members.
  class Within {
   public:
    Within(Evaluation& evaluation, const dom::element& item)
        : evaluation_(evaluation), around_(std::exchange(evaluation.item_, &item)) {}
    ~Within() { evaluation_.item_ = around_; }
    Within(const Within&) = delete;
    Within& operator=(const Within&) = delete;

   private:
    Evaluation& evaluation_;
    const dom::element* around_;
  };

  [[nodiscard]] Cell parent(const Expression& expression) const {
    const TableRow* row = around_.referred ? around_.referred(expression.index) : nullptr;
    return row == nullptr ? Cell{} : cell_of((*row)[expression.member]);
  }

  [[nodiscard]] Cell item(const Expression& expression) const {
    dom::object object;
    dom::element member;
    if (item_ == nullptr || item_->get(object) != simdjson::SUCCESS) return {};
    if (object.at_key(expression.text).get(member) != simdjson::SUCCESS) return {};
    return cell_of(member, expression.type);
  }

  [[nodiscard]] Cell overflow() {
    overflowed_ = true;
    return {};
  }

  [[nodiscard]] Cell arithmetic(const Expression& expression) {
    const Cell left = expression.kind == Kind::Negate ? cell_of(std::int64_t{0}) : of(expression.operands[0]);
    const Cell right = of(expression.operands.back());
    if (left.kind != Cell::Kind::Integer || right.kind != Cell::Kind::Integer) return {};
    std::int64_t result = 0;
    bool is_over = false;
    if (expression.kind == Kind::Add) {
      is_over = __builtin_add_overflow(left.integer, right.integer, &result);
    } else if (expression.kind == Kind::Multiply) {
      is_over = __builtin_mul_overflow(left.integer, right.integer, &result);
    } else if (expression.kind == Kind::Divide) {
      return quotient(left.integer, right.integer);
    } else {
      is_over = __builtin_sub_overflow(left.integer, right.integer, &result);
    }
    return is_over ? overflow() : cell_of(result);
  }

  /// Rounded half away from zero; by zero: null.
  [[nodiscard]] Cell quotient(std::int64_t dividend, std::int64_t divisor) {
    if (divisor == 0) return {};
    if (divisor == -1) {  // the one quotient that 64 bits may not hold
      std::int64_t negated = 0;
      return __builtin_sub_overflow(std::int64_t{0}, dividend, &negated) ? overflow() : cell_of(negated);
    }
    const std::int64_t whole = dividend / divisor;
    const auto magnitude = [](std::int64_t number) {
      const auto bits = static_cast<std::uint64_t>(number);
      return number < 0 ? std::uint64_t{0} - bits : bits;
    };
    const std::uint64_t rest = magnitude(dividend % divisor);
    if (rest < magnitude(divisor) - rest) return cell_of(whole);
    return cell_of((dividend < 0) == (divisor < 0) ? whole + 1 : whole - 1);
  }

  [[nodiscard]] Cell comparison(const Expression& expression) {
    const Cell left = of(expression.operands[0]);
    const Cell right = of(expression.operands[1]);
    if (expression.kind == Kind::Equal) return cell_of_condition(are_equal(left, right));
    if (expression.kind == Kind::NotEqual) return cell_of_condition(!are_equal(left, right));
    if (left.is_null() || right.is_null() || left.kind != right.kind) return cell_of_condition(false);
    const int order = order_of(left, right);
    if (expression.kind == Kind::Less) return cell_of_condition(order < 0);
    if (expression.kind == Kind::LessOrEqual) return cell_of_condition(order <= 0);
    if (expression.kind == Kind::Greater) return cell_of_condition(order > 0);
    return cell_of_condition(order >= 0);
  }

  [[nodiscard]] Cell first_known(const Expression& expression) {
    for (const Expression& operand : expression.operands) {
      const Cell cell = of(operand);
      if (!cell.is_null()) return cell;
    }
    return {};
  }

  [[nodiscard]] Cell extreme(const Expression& expression) {
    Cell found;
    for (const Expression& operand : expression.operands) {
      const Cell cell = of(operand);
      if (cell.is_null()) continue;
      const bool is_further =
          found.is_null() || (expression.kind == Kind::Least ? order_of(cell, found) < 0 : order_of(cell, found) > 0);
      if (is_further) found = cell;
    }
    return found;
  }

  /// A list that is null, or that is none, gives null.
  [[nodiscard]] Cell over_list(const Expression& expression) {
    const Cell list = of(expression.operands[0]);
    if (list.kind != Cell::Kind::Text) return {};
    thread_local dom::parser kept;
    // A list within another's formula would take the parser away under it.
    const bool needs_own = item_ != nullptr || list.text.size() > kept_bytes_max;
    const auto own = needs_own ? std::make_unique<dom::parser>() : nullptr;
    dom::array items;
    if ((own ? *own : kept).parse(list.text.data(), list.text.size()).get(items) != simdjson::SUCCESS) return {};
    return expression.kind == Kind::Sum ? sum(expression.operands[1], items) : count(expression.operands, items);
  }

  [[nodiscard]] Cell sum(const Expression& term, const dom::array& items) {
    std::int64_t total = 0;
    for (const dom::element item : items) {
      const Within within(*this, item);
      const Cell cell = of(term);
      if (cell.kind != Cell::Kind::Integer) continue;
      if (__builtin_add_overflow(total, cell.integer, &total)) return overflow();
    }
    return cell_of(total);
  }

  [[nodiscard]] Cell count(const std::vector<Expression>& operands, const dom::array& items) {
    std::int64_t counted = 0;
    for (const dom::element item : items) {
      const Within within(*this, item);
      if (operands.size() == 1 || is_true(of(operands[1]))) ++counted;
    }
    return cell_of(counted);
  }

  const Surroundings& around_;
  const dom::element* item_ = nullptr;
  std::forward_list<std::string> made_;  // new ids, which cells refer to
  bool overflowed_ = false;
};

}  // namespace

base::Result<Value> evaluate(const Expression& expression, const Surroundings& around) {
  Evaluation evaluation(around);
  const Cell cell = evaluation.of(expression);
  if (!evaluation.overflowed()) return value_of(cell);
  return base::Error{.code = base::ErrorCode::InvalidData,
                     .message = "The numbers are too large: what is computed of them does not fit into 64 bits."};
}

base::Result<bool> holds(const Expression& condition, const Surroundings& around) {
  Evaluation evaluation(around);
  const bool result = is_true(evaluation.of(condition));
  if (!evaluation.overflowed()) return result;
  return base::Error{.code = base::ErrorCode::InvalidData,
                     .message = "The numbers are too large: what is computed of them does not fit into 64 bits."};
}

void collect_referred(const Expression& expression, std::vector<std::size_t>& leaves) {
  if (expression.kind == Kind::Parent && std::find(leaves.begin(), leaves.end(), expression.index) == leaves.end()) {
    leaves.push_back(expression.index);
  }
  for (const Expression& operand : expression.operands) collect_referred(operand, leaves);
}

bool looks_only_at(const Expression& expression, const std::vector<bool>& known) {
  if (expression.kind == Kind::Parent || expression.kind == Kind::Input) return false;
  if (expression.kind == Kind::Leaf && !known[expression.index]) return false;
  return std::all_of(expression.operands.begin(), expression.operands.end(),
                     [&known](const Expression& operand) { return looks_only_at(operand, known); });
}

}  // namespace portico::plan
