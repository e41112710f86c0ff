#include "plan/bind_value.hpp"

#include <array>
#include <limits>

#include "base/ids.hpp"
#include "base/regex.hpp"
#include "base/text.hpp"

namespace portico::plan {
namespace {

using base::Value;
using model::Field;
using model::FieldType;
using model::Lookup;
using Values = std::vector<Value>;

std::string shown(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  return {};
}

TypedValues bind_integer(std::string_view text, std::string_view what) {
  const auto number = base::parse_integer(text);
  if (number) return Values{*number};
  const std::string_view digits = text.substr(text.starts_with('-') ? 1 : 0);
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos) return std::string(what);
  return "Out of range: from " + std::to_string(std::numeric_limits<std::int64_t>::min()) + " to " +
         std::to_string(std::numeric_limits<std::int64_t>::max()) + ".";
}

TypedValues bind_timestamp(std::string_view text, const ValueRules& rules) {
  const auto instant = base::parse_timestamp(text, rules.time_zone);
  if (!instant) return "Not a timestamp; write it as 2015-10-02T18:15:45.101838Z.";
  return Values{*instant};
}

TypedValues bind_date(std::string_view text) {
  if (!base::is_date(text)) return "Not a date; write it as 2015-10-02.";
  return Values{std::string(text)};
}

/// yes and no (contract.md, null family), true, false, 1 and 0, in any case.
TypedValues bind_yes_no(std::string_view text) {
  const std::string word = base::folded(text);
  if (word == "yes" || word == "true" || word == "1") return Values{std::int64_t{1}};
  if (word == "no" || word == "false" || word == "0") return Values{std::int64_t{0}};
  return "Must be yes or no (true, false, 1 and 0 are understood too).";
}

TypedValues bind_choice(const Field& field, std::string_view text) {
  std::vector<std::string> names;
  for (const Value& choice : field.choices) {
    names.push_back(shown(choice));
    if (names.back() == text) return Values{choice};
  }
  return "Not one of the choices, which are " + base::enumerated(names) + ".";
}

/// A value of the column's own type: what Exact, In and the range lookups compare with.
TypedValues bind_typed(const Field& field, std::string_view text, const ValueRules& rules) {
  switch (field.type) {
    case FieldType::Id:
    case FieldType::String:
    case FieldType::Email:
    case FieldType::Url:
    case FieldType::Country:
    case FieldType::Currency:
    case FieldType::Language:
    case FieldType::List:
    case FieldType::Json:
    case FieldType::File:
    case FieldType::Object:
      return Values{std::string(text)};
    case FieldType::Integer:
      return bind_integer(text, "A whole number is required.");
    case FieldType::Money:
      return bind_integer(text, "A whole number of cents is required: 12.50 is written 1250.");
    case FieldType::Rate:
      return bind_integer(text, "A whole number of hundredths of a per cent is required: 21 % is written 2100.");
    case FieldType::Boolean:
      return bind_yes_no(text);
    case FieldType::Timestamp:
      return bind_timestamp(text, rules);
    case FieldType::Date:
      return bind_date(text);
    case FieldType::Choice:
      return bind_choice(field, text);
  }
  return std::string("This field cannot be compared.");
}

/// in = value *( "," value ); an empty value is the empty text.
TypedValues bind_in(const Field& field, std::string_view text, const ValueRules& rules) {
  Values values;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const std::string_view item = text.substr(begin, end - begin);
    TypedValues typed = bind_typed(field, item, rules);
    if (const auto* problem = std::get_if<std::string>(&typed)) {
      return "'" + std::string(item) + "': " + *problem + " Values are separated by commas.";
    }
    values.push_back(std::move(std::get<Values>(typed).front()));
    begin = end + 1;
  }
  if (values.size() > rules.limits.filter_terms) {
    return "At most " + std::to_string(rules.limits.filter_terms) + " values.";
  }
  return values;
}

TypedValues bind_regex(std::string_view text, base::Case letters, const ValueRules& rules) {
  const auto regex = base::Regex::compile(text, letters, rules.limits.regex_memory_bytes);
  if (!regex) return regex.error().message;
  return Values{std::string(text)};
}

TypedValues bind_search(std::string_view text, const ValueRules& rules) {
  Values values;
  for (std::string& word : base::search_words(text)) values.emplace_back(std::move(word));
  if (values.empty()) return "At least one word of letters or digits is required.";
  if (values.size() > rules.limits.search_terms) {
    return "At most " + std::to_string(rules.limits.search_terms) + " words.";
  }
  return values;
}

/// A year as a half-open range of what the column holds, so that an index on it serves (P19).
TypedValues bind_year(const Field& field, std::string_view text, const ValueRules& rules) {
  const auto year = base::parse_integer(text);
  if (!year || *year < 1 || *year > 9999) return "A year from 1 to 9999 is required.";
  if (field.type == FieldType::Timestamp) {
    const auto [first, next] = base::year_range(*year, rules.time_zone);
    return Values{first, next};
  }
  const auto new_year = [](std::int64_t number) {
    std::string digits = std::to_string(number);
    return std::string(4 - std::min<std::size_t>(4, digits.size()), '0') + digits + "-01-01";
  };
  // Text order has no year 10000: behind every date of 9999 comes what follows the digit 9.
  return Values{new_year(*year), *year == 9999 ? std::string(":") : new_year(*year + 1)};
}

TypedValues bind_date_part(std::string_view text, std::int64_t first, std::int64_t last) {
  const auto number = base::parse_integer(text);
  if (!number || *number < first || *number > last) {
    return "A number from " + std::to_string(first) + " to " + std::to_string(last) + " is required.";
  }
  return Values{*number};
}

TypedValues bind_week_day(std::string_view text) {
  static const std::vector<std::string> names = {"monday", "tuesday",  "wednesday", "thursday",
                                                 "friday", "saturday", "sunday"};
  const std::string word = base::folded(text);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == word) return Values{static_cast<std::int64_t>(i + 1)};
  }
  const auto meant = base::did_you_mean(word, names);
  return "A week day is required: " + base::enumerated(names) + "." +
         (meant ? " Did you mean '" + *meant + "'?" : "");
}

}  // namespace

TypedValues bind_value(const Field& field, Lookup lookup, std::string_view text, const ValueRules& rules) {
  switch (lookup) {
    case Lookup::Exact:
    case Lookup::Gt:
    case Lookup::Gte:
    case Lookup::Lt:
    case Lookup::Lte:
      return bind_typed(field, text, rules);
    case Lookup::In:
      return bind_in(field, text, rules);
    case Lookup::Contains:
    case Lookup::StartsWith:
    case Lookup::EndsWith:
      return Values{std::string(text)};
    case Lookup::IExact:
    case Lookup::IContains:
    case Lookup::IStartsWith:
    case Lookup::IEndsWith:
      return Values{base::folded(text)};
    case Lookup::Regex:
      return bind_regex(text, base::Case::Sensitive, rules);
    case Lookup::IRegex:
      return bind_regex(text, base::Case::Insensitive, rules);
    case Lookup::Search:
      return bind_search(text, rules);
    case Lookup::Year:
      return bind_year(field, text, rules);
    case Lookup::Month:
      return bind_date_part(text, 1, 12);
    case Lookup::Day:
      return bind_date_part(text, 1, 31);
    case Lookup::Hour:
      return bind_date_part(text, 0, 23);
    case Lookup::WeekDay:
      return bind_week_day(text);
    case Lookup::IsNull:
      return bind_yes_no(text);
  }
  return std::string("This lookup is not known.");
}

}  // namespace portico::plan
