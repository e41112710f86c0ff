// Grammar, for example `confirmed != null && amount <= total - coalesce(refunded, 0)`; operators from loose to tight:
//   choice   = or ["?" choice ":" choice]
//   or       = and {"||" and}            and      = equal {"&&" equal}
//   equal    = order {("=="|"!=") order}  order    = sum {("<"|"<="|">"|">=") sum}
//   sum      = term {("+"|"-") term}      term     = sign {("*"|"/") sign}
//   sign     = ("-"|"!") sign | primary
//   primary  = INTEGER | TEXT | "true" | "false" | "null" | "[" "]" | NAME | NAME "(" [choice {"," choice}] ")"
//            | "(" choice ")"
#include "model/load_expression.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"
#include "model/expression_tokens.hpp"

namespace portico::model {
namespace {

using Kind = Expression::Kind;
using Type = ExpressionType;
using TokenKind = ExpressionToken::Kind;

constexpr std::size_t depth_max = 64;
constexpr std::size_t text_bytes_max = 10'000;

/// What an operator takes.
enum class Taking : std::uint8_t { Numbers, Comparables, Alike, Conditions };

struct BinaryOperator {
  std::string_view symbol;
  int power;  ///< the higher the tighter
  Kind kind;
  Taking taking;
};
constexpr int choice_power = 1;
constexpr int unary_power = 8;
constexpr std::array<BinaryOperator, 12> binary_operators = {{
    {"||", 2, Kind::Or, Taking::Conditions},
    {"&&", 3, Kind::And, Taking::Conditions},
    {"==", 4, Kind::Equal, Taking::Alike},
    {"!=", 4, Kind::NotEqual, Taking::Alike},
    {"<", 5, Kind::Less, Taking::Comparables},
    {"<=", 5, Kind::LessOrEqual, Taking::Comparables},
    {">", 5, Kind::Greater, Taking::Comparables},
    {">=", 5, Kind::GreaterOrEqual, Taking::Comparables},
    {"+", 6, Kind::Add, Taking::Numbers},
    {"-", 6, Kind::Subtract, Taking::Numbers},
    {"*", 7, Kind::Multiply, Taking::Numbers},
    {"/", 7, Kind::Divide, Taking::Numbers},
}};

struct Function {
  std::string_view name;
  Kind kind;
  std::size_t least;  ///< arguments
  std::size_t most;
  std::string_view use;
};
constexpr std::array<Function, 9> functions = {{
    {"now", Kind::Now, 0, 0, "now()"},
    {"new_id", Kind::NewId, 0, 0, "new_id()"},
    {"sandbox", Kind::Sandbox, 0, 0, "sandbox()"},
    {"public_key", Kind::PublicKey, 0, 0, "public_key()"},
    {"coalesce", Kind::Coalesce, 2, depth_max, "coalesce(a, b): the first that is not null"},
    {"min", Kind::Least, 2, depth_max, "min(a, b): the least that is not null"},
    {"max", Kind::Greatest, 2, depth_max, "max(a, b): the greatest that is not null"},
    {"sum", Kind::Sum, 2, 2, "sum(articles, quantity * price): over the items of a list"},
    {"count", Kind::Count, 1, 2, "count(articles), or count(articles, price > 0): of the items of a list"},
}};

/// An expression with its place.
struct Part {
  Expression expression;
  const Field* field = nullptr;  ///< whose value it is
  std::size_t offset = 0;
  std::size_t end = 0;
  std::size_t depth = 1;
};
using MaybePart = std::optional<Part>;

bool is_number(Type type) {
  return type == Type::Integer;
}

class Parser {
 public:
  Parser(const YamlNode& text, const ExpressionScope& scope, MistakeList& mistakes)
      : node_(text), text_(text.text), place_(scope.place), names_(scope, mistakes), mistakes_(mistakes) {}

  MaybePart parse_all() {
    if (text_.size() > text_bytes_max) {
      mistakes_.add(node_.position, "a very long expression", "at most " + std::to_string(text_bytes_max) + " bytes");
      return std::nullopt;
    }
    auto tokens = expression_tokens(text_);
    if (auto* fault = std::get_if<ExpressionFault>(&tokens)) {
      return fail(fault->offset, std::move(fault->message), std::move(fault->hint));
    }
    tokens_ = std::get<std::vector<ExpressionToken>>(std::move(tokens));
    if (tokens_.front().kind == TokenKind::End) return fail(0, "an empty expression", "as total_amount > 0");
    auto part = parse(0);
    if (part && token().kind != TokenKind::End) {
      const std::string_view hint = ExpressionNames::hint_for(token().text);
      return fail(token().offset, quoted(written(token())) + " is one too many",
                  token().kind == TokenKind::Operator ? ""
                  : hint.empty()                      ? "an operator is missing before it"
                                                      : std::string(hint));
    }
    return part;
  }

 private:
  [[nodiscard]] const ExpressionToken& token() const { return tokens_[next_]; }
  [[nodiscard]] std::string_view written(const ExpressionToken& token) const {
    return text_.substr(token.offset, token.end - token.offset);
  }
  [[nodiscard]] std::string_view written(const Part& part) const {
    return text_.substr(part.offset, part.end - part.offset);
  }
  [[nodiscard]] bool is_at(std::string_view symbol) const {
    return token().kind == TokenKind::Operator && token().text == symbol;
  }
  [[nodiscard]] SourcePosition position(std::size_t offset) const { return position_within(node_, offset); }

  /// As messages show it: texts have quotes of their own.
  [[nodiscard]] std::string shown(const Part& part) const {
    return written(part).starts_with('\'') ? std::string(written(part)) : quoted(written(part));
  }

  std::nullopt_t fail(std::size_t offset, std::string message, std::string hint = {}) {
    mistakes_.add(position(offset), std::move(message), std::move(hint));
    return std::nullopt;
  }

  std::nullopt_t fail_type(const Part& part, std::string_view wanted) {
    return fail(
        part.offset,
        shown(part) + " is " + std::string(words_for(part.expression.type)) + ", and not " + std::string(wanted),
        part.expression.type == Type::Null ? "null is compared: == null; coalesce(a, 0) replaces it" : "");
  }

  bool expect(std::string_view symbol) {
    if (is_at(symbol)) {
      ++next_;
      return true;
    }
    const std::string found = token().kind == TokenKind::End ? "the end" : quoted(written(token()));
    // A comma ends a plain text of YAML within braces and brackets.
    const bool is_cut = token().kind == TokenKind::End && !node_.is_quoted;
    fail(token().offset, "expected " + quoted(symbol) + ", found " + found,
         is_cut ? "an expression with a comma wants double quotes around it" : "");
    return false;
  }

  /// Operators that bind tighter than `power`.
  MaybePart parse(int power) {
    if (++depth_ > depth_max) return fail(token().offset, "too deep", "at most 64 levels");
    auto left = parse_primary();
    while (left) {
      if (is_at("?")) {
        if (power >= choice_power) break;
        left = parse_choice(*std::move(left));
        continue;
      }
      const auto found = std::find_if(binary_operators.begin(), binary_operators.end(),
                                      [this](const BinaryOperator& row) { return is_at(row.symbol); });
      if (found == binary_operators.end() || found->power <= power) break;
      ++next_;
      auto right = parse(found->power);
      if (!right) return std::nullopt;
      left = combine(*found, *std::move(left), *std::move(right));
    }
    --depth_;
    return left;
  }

  MaybePart parse_choice(Part condition) {
    ++next_;
    if (condition.expression.type != Type::Boolean) return fail_type(condition, "true or false");
    auto first = parse(0);
    if (!first || !expect(":")) return std::nullopt;
    auto second = parse(0);
    if (!second) return std::nullopt;
    const auto type = common_type(*first, *second);
    if (!type) return std::nullopt;
    std::vector<Part> parts;
    parts.push_back(std::move(condition));
    parts.push_back(*std::move(first));
    parts.push_back(*std::move(second));
    return joined(Kind::If, *type, std::move(parts));
  }

  MaybePart parse_primary() {
    const ExpressionToken first = token();
    ++next_;
    Part part{.offset = first.offset, .end = first.end};
    switch (first.kind) {
      case TokenKind::End:
        return fail(first.offset, "the expression ends too early");
      case TokenKind::Integer:
        part.expression.type = Type::Integer;
        part.expression.value = first.integer;
        return part;
      case TokenKind::Text:
        part.expression.type = Type::Text;
        part.expression.value = first.text;
        return part;
      case TokenKind::Name:
        return is_at("(") ? parse_call(first) : parse_name(first);
      case TokenKind::Operator:
        break;
    }
    if (first.text == "(") return parse_group(first);
    if (first.text == "-" || first.text == "!") return parse_sign(first);
    if (first.text == "[") {
      if (!expect("]")) return std::nullopt;
      part.end = tokens_[next_ - 1].end;
      part.expression.type = Type::List;
      part.expression.value = "[]";
      return part;
    }
    return fail(first.offset, "a value is missing before " + quoted(first.text));
  }

  MaybePart parse_group(const ExpressionToken& opening) {
    auto part = parse(0);
    if (!part || !expect(")")) return std::nullopt;
    part->offset = opening.offset;
    part->end = tokens_[next_ - 1].end;
    return part;
  }

  MaybePart parse_sign(const ExpressionToken& sign) {
    auto operand = parse(unary_power - 1);
    if (!operand) return std::nullopt;
    const bool negates = sign.text == "-";
    if (negates && !is_number(operand->expression.type)) return fail_type(*operand, "an integer");
    if (!negates && operand->expression.type != Type::Boolean) return fail_type(*operand, "true or false");
    const Type type = operand->expression.type;
    std::vector<Part> parts;
    parts.push_back(*std::move(operand));
    auto part = joined(negates ? Kind::Negate : Kind::Not, type, std::move(parts));
    if (part) part->offset = sign.offset;
    return part;
  }

  MaybePart parse_name(const ExpressionToken& name) {
    Part part{.offset = name.offset, .end = name.end};
    if (name.text == "true" || name.text == "false") {
      part.expression.type = Type::Boolean;
      part.expression.value = std::int64_t{name.text == "true"};
      return part;
    }
    if (name.text == "null") return part;
    auto named = names_.find(name.text, position(name.offset));
    if (!named) return std::nullopt;
    part.expression = std::move(named->expression);
    part.field = named->field;
    return part;
  }

  MaybePart parse_call(const ExpressionToken& name) {
    const auto function = std::find_if(functions.begin(), functions.end(),
                                       [&name](const Function& row) { return row.name == name.text; });
    if (function == functions.end()) {
      std::vector<std::string> known;
      for (const Function& row : functions) known.emplace_back(row.name);
      mistakes_.add_unknown({.position = position(name.offset), .what = "function", .name = name.text}, known);
      return std::nullopt;
    }
    if (function->kind == Kind::PublicKey && place_ != ExpressionPlace::Computed) {
      return fail(name.offset, "public_key() stands here", "only computed resources show it: computed: yes");
    }
    ++next_;  // the parenthesis
    auto parts = parse_arguments(*function);
    if (!parts) return std::nullopt;
    if (parts->size() < function->least || parts->size() > function->most) {
      return fail(name.offset, quoted(name.text) + " with " + count_of(parts->size()), std::string(function->use));
    }
    const std::size_t end = tokens_[next_ - 1].end;
    const auto type = result_type(*function, *parts);
    if (!type) return std::nullopt;
    auto part = joined(function->kind, *type, *std::move(parts));
    if (part) {
      part->offset = name.offset;
      part->end = end;
    }
    return part;
  }

  static std::string count_of(std::size_t arguments) {
    return arguments == 0 ? "no arguments"
                          : std::to_string(arguments) + (arguments == 1 ? " argument" : " arguments");
  }

  std::optional<std::vector<Part>> parse_arguments(const Function& function) {
    const bool walks = function.kind == Kind::Sum || function.kind == Kind::Count;
    std::vector<Part> parts;
    while (!is_at(")")) {
      if (!parts.empty() && !expect(",")) return std::nullopt;
      auto part = parse(0);
      if (!part) return std::nullopt;
      if (walks && parts.empty() && !look_into(*part)) return std::nullopt;
      parts.push_back(*std::move(part));
    }
    ++next_;
    if (walks && !parts.empty()) {
      names_.look_into(nullptr);
      is_inside_list_ = false;
    }
    return parts;
  }

  /// The second argument of `sum` and `count` sees the items' members.
  bool look_into(const Part& list) {
    if (is_inside_list_) {
      fail(list.offset, "sum and count inside each other", "one list at a time");
      return false;
    }
    if (list.field == nullptr || list.field->type != FieldType::List) {
      fail(list.offset, quoted(written(list)) + " is no list", "the first argument is a field of type list");
      return false;
    }
    names_.look_into(list.field);
    is_inside_list_ = true;
    return true;
  }

  std::optional<Type> result_type(const Function& function, const std::vector<Part>& parts) {
    if (function.kind == Kind::Now) return Type::Instant;
    if (function.kind == Kind::NewId || function.kind == Kind::PublicKey) return Type::Text;
    if (function.kind == Kind::Sandbox) return Type::Boolean;
    if (function.kind == Kind::Sum) {
      if (is_number(parts[1].expression.type)) return Type::Integer;
      return fail_type(parts[1], "an integer");
    }
    if (function.kind == Kind::Count) {
      if (parts.size() == 1 || parts[1].expression.type == Type::Boolean) return Type::Integer;
      return fail_type(parts[1], "true or false");
    }
    Type type = Type::Null;
    for (std::size_t i = 1; i < parts.size(); ++i) {
      const auto common = common_type(parts[0].expression.type == Type::Null ? parts[i - 1] : parts[0], parts[i]);
      if (!common) return std::nullopt;
      type = *common;
    }
    const bool compares = function.kind != Kind::Coalesce;
    if (compares && !is_comparable(type)) return fail_type(parts.front(), "an integer, a text or a timestamp");
    return type;
  }

  static bool is_comparable(Type type) {
    return type == Type::Integer || type == Type::Text || type == Type::Instant;
  }

  /// Null fits every type.
  std::optional<Type> common_type(const Part& left, const Part& right) {
    const Type first = left.expression.type;
    const Type second = right.expression.type;
    if (first == second || second == Type::Null) return first;
    if (first == Type::Null) return second;
    for (const Part* part : {&left, &right}) {
      if (part->field == nullptr || part->field->type != FieldType::File) continue;
      return fail(part->offset, quoted(written(*part)) + " is a file",
                  "an expression asks only whether it is there: == null, != null");
    }
    return fail(right.offset, shown(left) + " is " + std::string(words_for(first)) + ", but " + shown(right) + " " +
                                  std::string(words_for(second)));
  }

  MaybePart combine(const BinaryOperator& sign, Part left, Part right) {
    const auto type = type_of(sign, left, right);
    if (!type) return std::nullopt;
    if (sign.taking == Taking::Alike && !(is_possible(left, right) && is_possible(right, left))) return std::nullopt;
    std::vector<Part> parts;
    parts.push_back(std::move(left));
    parts.push_back(std::move(right));
    return joined(sign.kind, *type, std::move(parts));
  }

  std::optional<Type> type_of(const BinaryOperator& sign, const Part& left, const Part& right) {
    const Type first = left.expression.type;
    const Type second = right.expression.type;
    switch (sign.taking) {
      case Taking::Conditions:
        if (first != Type::Boolean) return fail_type(left, "true or false");
        if (second != Type::Boolean) return fail_type(right, "true or false");
        return Type::Boolean;
      case Taking::Alike:
        if (!common_type(left, right)) return std::nullopt;
        if (first == Type::List && second == Type::List) return fail_type(right, "null: lists are not compared");
        return Type::Boolean;
      case Taking::Comparables:
        if (!is_comparable(first)) return fail_type(left, "an integer, a text or a timestamp");
        if (!is_comparable(second)) return fail_type(right, "an integer, a text or a timestamp");
        if (!common_type(left, right)) return std::nullopt;
        return Type::Boolean;
      case Taking::Numbers:
        break;
    }
    // Instants are microseconds: a distance between two, or one moved by some.
    if (first == Type::Instant && second == Type::Instant && sign.kind == Kind::Subtract) return Type::Integer;
    const bool moves = sign.kind == Kind::Add || sign.kind == Kind::Subtract;
    if (first == Type::Instant && is_number(second) && moves) return Type::Instant;
    if (!is_number(first)) return fail_type(left, "an integer");
    if (!is_number(second)) return fail_type(right, "an integer");
    return Type::Integer;
  }

  /// Whether a literal is one of the values that a choice has.
  bool is_possible(const Part& literal, const Part& choice) {
    const bool is_literal = literal.expression.kind == Kind::Literal && literal.expression.type != Type::Null;
    if (!is_literal || choice.field == nullptr || choice.field->type != FieldType::Choice) return true;
    const auto& values = choice.field->choices;
    if (std::find(values.begin(), values.end(), literal.expression.value) != values.end()) return true;
    add_no_choice(literal.expression.value, *choice.field, position(literal.offset));
    return false;
  }

  void add_no_choice(const base::Value& value, const Field& choice, SourcePosition place) {
    const auto text_of = [](const base::Value& one) {
      const auto* text = std::get_if<std::string>(&one);
      return text != nullptr ? *text : std::to_string(std::get<std::int64_t>(one));
    };
    std::vector<std::string> known;
    for (const base::Value& one : choice.choices) known.push_back(text_of(one));
    const std::string name = text_of(value);
    mistakes_.add_unknown({.position = place, .what = "value", .name = name}, known);
  }

  MaybePart joined(Kind kind, Type type, std::vector<Part> parts) {
    Part whole{.expression = {.kind = kind, .type = type}};
    for (Part& part : parts) {
      whole.depth = std::max(whole.depth, part.depth + 1);
      whole.expression.operands.push_back(std::move(part.expression));
    }
    if (!parts.empty()) {
      whole.offset = parts.front().offset;
      whole.end = parts.back().end;
    }
    if (whole.depth > depth_max) return fail(whole.offset, "too deep", "at most 64 levels");
    return whole;
  }

  const YamlNode& node_;
  std::string_view text_;
  ExpressionPlace place_;
  ExpressionNames names_;
  MistakeList& mistakes_;
  std::vector<ExpressionToken> tokens_;
  std::size_t next_ = 0;
  std::size_t depth_ = 0;
  bool is_inside_list_ = false;
};

}  // namespace

std::string_view words_for(ExpressionType type) {
  static constexpr std::array<std::string_view, 6> words = {"null",   "true or false", "an integer",
                                                            "a text", "a timestamp",   "a list"};
  return words[static_cast<std::size_t>(type)];
}

std::optional<Expression> load_expression(const YamlNode& text, const ExpressionScope& scope, MistakeList& mistakes) {
  auto part = Parser(text, scope, mistakes).parse_all();
  if (!part) return std::nullopt;
  return std::move(part->expression);
}

std::optional<Expression> load_condition(const YamlNode& text, const ExpressionScope& scope, MistakeList& mistakes) {
  auto expression = load_expression(text, scope, mistakes);
  if (!expression || expression->type == ExpressionType::Boolean) return expression;
  mistakes.add(text.position, "a condition is true or false, but this is " + std::string(words_for(expression->type)),
               "as amount > 0, or amount != null");
  return std::nullopt;
}

}  // namespace portico::model
