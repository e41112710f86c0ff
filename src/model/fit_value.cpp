#include "model/fit_value.hpp"

#include <algorithm>

#include "base/ids.hpp"
#include "base/iso_codes.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "model/field_formats.hpp"

namespace portico::model {
namespace {

using Kind = Expression::Kind;
using Type = ExpressionType;

std::string text_of(const base::Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  return std::to_string(std::get<std::int64_t>(value));
}

/// Characters, as `max_length` counts them.
std::int64_t length_of(std::string_view text) {
  return std::count_if(text.begin(), text.end(),
                       [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
}

/// A text that is no value of its type, as clients' would be judged; empty: it is one, or any text is.
struct FormatMistake {
  std::string_view is_no;
  std::string_view hint;
};
FormatMistake format_mistake_of(FieldType type, std::string_view text) {
  const auto unless = [](bool good, FormatMistake mistake) { return good ? FormatMistake{} : mistake; };
  switch (type) {
    case FieldType::Date:
      return unless(base::is_date(text), {"date", "YYYY-MM-DD: '2026-01-31'"});
    case FieldType::Id:
      return unless(base::is_id(text), {"id", "32 lower-case hex digits"});
    case FieldType::Email:
      return unless(is_email(text), {"e-mail address", "'ana@example.com'"});
    case FieldType::Url:
      return unless(is_url(text), {"URL", "http or https and a host: 'https://example.com/path'"});
    case FieldType::Country:
      return unless(base::is_code(base::CodeList::Country, text), {"country", "a code of ISO 3166-1: 'ES'"});
    case FieldType::Currency:
      return unless(base::is_code(base::CodeList::Currency, text), {"currency", "a code of ISO 4217: 'EUR'"});
    case FieldType::Language:
      return unless(base::is_code(base::CodeList::Language, text), {"language", "a code of ISO 639-1: 'es'"});
    case FieldType::String:
    case FieldType::Integer:
    case FieldType::Money:
    case FieldType::Rate:
    case FieldType::Boolean:
    case FieldType::Timestamp:
    case FieldType::Choice:
    case FieldType::Object:
    case FieldType::List:
    case FieldType::Json:
    case FieldType::File:
      break;
  }
  return {};
}

class ValueCheck {
 public:
  ValueCheck(const ValueTarget& target, const ExpressionScope& scope, MistakeList& mistakes)
      : field_(*target.leaf.field), target_(target), scope_(scope), mistakes_(mistakes) {}

  void check(const Expression& expression) {
    if (field_.type == FieldType::File) {
      fail(name() + " is a file, which no expression writes", "clients put and delete it on its own path");
      return;
    }
    const Type wanted = expression_type(field_);
    if (expression.type != Type::Null && expression.type != wanted) {
      fail(name() + " holds " + std::string(words_for(wanted)) + ", but this is " +
               std::string(words_for(expression.type)),
           "its type is " + std::string(name_of(field_.type)));
      return;
    }
    visit_results(expression, [this](const Expression& result) { check_result(result); });
  }

 private:
  [[nodiscard]] std::string name() const { return quoted(dotted(target_.leaf.path)); }
  void fail(std::string message, std::string hint = {}) {
    mistakes_.add(target_.text.position, std::move(message), std::move(hint));
  }

  void check_result(const Expression& result) {
    const bool is_literal = result.kind == Kind::Literal;
    if (is_literal && result.type == Type::Null) {
      if (!target_.leaf.nullable) fail(name() + " may not be null", "null: yes on the field, or another value");
      return;
    }
    const Field* source = ExpressionNames::field_of(result, scope_);
    if (field_.type == FieldType::Choice) return check_choice(result, source);
    if (field_.type == FieldType::Date && !is_literal && (source == nullptr || source->type != FieldType::Date)) {
      return fail(name() + " is a date, but this need not be one", "a field of type date, or '2026-01-31'");
    }
    if (field_.type == FieldType::List && !is_literal && (source == nullptr || source->type != FieldType::List)) {
      return fail(name() + " is a list, but this need not be one", "a field of type list, or []");
    }
    if (!is_literal) return;
    if (const auto* number = std::get_if<std::int64_t>(&result.value)) check_number(*number);
    if (const auto* text = std::get_if<std::string>(&result.value)) check_text(*text);
  }

  void check_choice(const Expression& result, const Field* source) {
    const auto& values = field_.choices;
    const auto is_one = [&values](const base::Value& value) {
      return std::find(values.begin(), values.end(), value) != values.end();
    };
    if (result.kind == Kind::Literal) {
      if (is_one(result.value)) return;
      std::vector<std::string> known;
      for (const base::Value& value : values) known.push_back(text_of(value));
      const std::string written = text_of(result.value);
      mistakes_.add_unknown({.position = target_.text.position, .what = "value", .name = written}, known);
    } else if (source == nullptr || source->type != FieldType::Choice ||
               !std::all_of(source->choices.begin(), source->choices.end(), is_one)) {
      fail(name() + " is a choice, but this need not be one of its values",
           "one of them, or a field whose values they all are");
    }
  }

  void check_number(std::int64_t number) {
    if (field_.min && number < *field_.min) {
      fail(name() + " is at least " + std::to_string(*field_.min) + ", but this is " + std::to_string(number));
    } else if (field_.max && number > *field_.max) {
      fail(name() + " is at most " + std::to_string(*field_.max) + ", but this is " + std::to_string(number));
    }
  }

  void check_text(const std::string& text) {
    const FormatMistake mistake = format_mistake_of(field_.type, text);
    if (field_.type == FieldType::List && field_.min.value_or(0) > 0) {
      fail(name() + " has at least " + std::to_string(*field_.min) + " items", "[] has none");
    } else if (!mistake.is_no.empty()) {
      fail(quoted(text) + " is no " + std::string(mistake.is_no), std::string(mistake.hint));
    } else if (field_.max_length && length_of(text) > *field_.max_length) {
      fail(name() + " has at most " + std::to_string(*field_.max_length) + " characters, but this has " +
           std::to_string(length_of(text)));
    } else if (field_.matcher && !field_.matcher->found_in(text)) {
      fail(quoted(text) + " does not match the pattern of " + name(), field_.pattern);
    }
  }

  const Field& field_;
  const ValueTarget& target_;
  const ExpressionScope& scope_;
  MistakeList& mistakes_;
};

}  // namespace

void check_value(const Expression& expression, const ValueTarget& target, const ExpressionScope& scope,
                 MistakeList& mistakes) {
  ValueCheck(target, scope, mistakes).check(expression);
}

}  // namespace portico::model
