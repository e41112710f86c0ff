#include "plan/read_value.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <stdexcept>

#include "base/ascii.hpp"
#include "base/ids.hpp"
#include "base/iso_codes.hpp"
#include "base/text.hpp"
#include "model/field_formats.hpp"

namespace portico::plan {
namespace {

using base::Cell;
using base::Document;
using model::Field;
using model::FieldType;
using operation::Writing;

constexpr std::size_t shown_bytes_max = 60;
constexpr std::size_t choices_shown_max = 20;
constexpr std::size_t json_depth_max = 256;  // what render/stored_json shows

Cell cell_of(std::int64_t integer) {
  return {.kind = Cell::Kind::Integer, .integer = integer};
}
Cell cell_of(std::string_view text) {
  return {.kind = Cell::Kind::Text, .text = text};
}

/// The value as it was written, if it is short and one; else what kind it is.
std::string shown(const Document& document) {
  const bool is_one = document.kind != Document::Kind::Array && document.kind != Document::Kind::Object;
  if (!is_one || document.text.size() > shown_bytes_max) return std::string(base::words_for(document.kind));
  std::string json;
  append_json(document, json);
  return json;
}

/// `WHAT, not 12.5.`
std::string instead_of(std::string what, const Document& document) {
  const bool is_telling = document.kind == Document::Kind::Number;
  return std::move(what) + ", not " + (is_telling ? shown(document) : std::string(base::words_for(document.kind))) +
         ".";
}

std::size_t length_of(std::string_view text) {
  if (base::is_ascii(text)) return text.size();
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }));
}

// --- numbers

std::string_view integer_words(FieldType type) {
  if (type == FieldType::Money) return "An integer of hundredths is required (12.50 is written 1250)";
  if (type == FieldType::Rate) return "An integer of hundredths of a per cent is required (21 % is written 2100)";
  return "A valid integer is required";
}

bool is_integer_text(std::string_view text) {
  const std::string_view digits = text.substr(text.starts_with('-') ? 1 : 0);
  return !digits.empty() && digits.find_first_not_of("0123456789") == std::string_view::npos;
}

ReadValue read_integer(const Field& field, const Document& document, const BodyRules& rules) {
  const bool is_form = rules.writing == Writing::Form;
  std::optional<std::int64_t> number;
  if (!is_form && document.kind == Document::Kind::Integer) number = document.integer;
  if (is_form && document.kind == Document::Kind::Text) number = base::parse_integer(document.text);
  if (!number) {
    const bool is_written = document.kind == (is_form ? Document::Kind::Text : Document::Kind::Number);
    if (is_written && is_integer_text(document.text)) {
      return "Out of range: from " + std::to_string(std::numeric_limits<std::int64_t>::min()) + " to " +
             std::to_string(std::numeric_limits<std::int64_t>::max()) + ".";
    }
    std::string words(integer_words(field.type));
    if (is_form && is_written) return std::move(words) + ", not " + shown(document) + ".";
    return instead_of(std::move(words), document);
  }
  if (rules.checks == Checks::TypeOnly) return cell_of(*number);
  if (field.min && *number < *field.min) {
    return "Ensure this value is greater than or equal to " + std::to_string(*field.min) + ".";
  }
  if (field.max && *number > *field.max) {
    return "Ensure this value is less than or equal to " + std::to_string(*field.max) + ".";
  }
  return cell_of(*number);
}

ReadValue read_boolean(const Document& document, Writing writing) {
  if (writing == Writing::Json) {
    if (document.kind == Document::Kind::Boolean) return cell_of(std::int64_t{document.boolean ? 1 : 0});
    return instead_of("Must be a valid boolean: true or false", document);
  }
  struct Word {
    std::string_view word;
    std::int64_t value;
  };
  constexpr std::array<Word, 4> words = {{{"true", 1}, {"false", 0}, {"1", 1}, {"0", 0}}};
  for (const Word& known : words) {
    const auto same = [](char ours, char theirs) { return ours == base::to_ascii_lower(theirs); };
    if (std::equal(known.word.begin(), known.word.end(), document.text.begin(), document.text.end(), same)) {
      return cell_of(known.value);
    }
  }
  return "Must be a valid boolean: true or false (1 and 0 are understood too), not " + shown(document) + ".";
}

// --- choices

std::string text_of(const base::Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  return {};
}

std::string fault_of_choice(const Field& field, const Document& document) {
  std::string message = shown(document) + " is not a valid choice";
  std::vector<std::string> known;
  for (const base::Value& choice : field.choices) known.push_back(text_of(choice));
  const bool is_short = document.kind == Document::Kind::Text && document.text.size() <= shown_bytes_max;
  const auto meant = is_short ? base::did_you_mean(document.text, known) : std::nullopt;
  const bool takes_integers = !field.choices.empty() && std::holds_alternative<std::int64_t>(field.choices.front());
  if (takes_integers && document.kind == Document::Kind::Text) message += ": an integer is required";
  if (!takes_integers && document.kind != Document::Kind::Text) message += ": a text is required";
  if (meant && !takes_integers) {
    message += "; did you mean \"" + *meant + "\"?";
    return message;
  }
  if (known.size() <= choices_shown_max) message += "; the choices are " + base::enumerated(known);
  return message + ".";
}

ReadValue read_choice(const Field& field, const Document& document, const BodyRules& rules) {
  std::optional<std::int64_t> number;
  if (document.kind == Document::Kind::Integer) number = document.integer;
  if (document.kind == Document::Kind::Text && rules.writing == Writing::Form) {
    number = base::parse_integer(document.text);
  }
  for (const base::Value& choice : field.choices) {
    const auto* integer = std::get_if<std::int64_t>(&choice);
    if (integer != nullptr && number == *integer) return cell_of(*integer);
    const auto* text = std::get_if<std::string>(&choice);
    if (text != nullptr && document.kind == Document::Kind::Text && document.text == *text) {
      return cell_of(std::string_view(document.text));
    }
  }
  return fault_of_choice(field, document);
}

// --- texts

struct CodeWords {
  base::CodeList list;
  std::string_view message;
  bool is_upper;
};

CodeWords code_words(FieldType type) {
  if (type == FieldType::Country) {
    return {base::CodeList::Country, "Must be a country code of ISO 3166-1, such as ES", true};
  }
  if (type == FieldType::Currency) {
    return {base::CodeList::Currency, "Must be a currency code of ISO 4217, such as EUR", true};
  }
  return {base::CodeList::Language, "Must be a language code of ISO 639-1, such as es", false};
}

/// `es` for a country: the code is there, in the other case.
std::string fault_of_code(FieldType type, std::string_view text) {
  const CodeWords words = code_words(type);
  if (base::is_code(words.list, text)) return {};
  const std::string message(words.message);
  std::string other(text.substr(0, std::min<std::size_t>(text.size(), 4)));
  for (char& letter : other) {
    letter = base::to_ascii_lower(letter);
    if (words.is_upper && letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - ('a' - 'A'));
  }
  if (base::is_code(words.list, other)) return message + "; did you mean '" + other + "'?";
  return message + ".";
}

constexpr std::size_t date_length = 10;

/// YYYY-MM-DD, whether that day exists or not.
bool looks_like_date(std::string_view text) {
  constexpr std::string_view form = "0000-00-00";
  if (text.size() != form.size()) return false;
  return std::equal(text.begin(), text.end(), form.begin(), [](char letter, char wanted) {
    return wanted == '-' ? letter == '-' : letter >= '0' && letter <= '9';
  });
}

/// Why a date that looks like one is none.
std::string fault_of_day(std::string_view date) {
  if (date.starts_with("0000")) return "Out of range: the years are 0001 to 9999.";
  return "There is no such day: " + std::string(date) + ".";
}

/// Why what has the format of a timestamp is none; empty where it has another format.
std::string fault_of_instant(std::string_view text) {
  const std::string_view date = text.substr(0, date_length);
  if (!looks_like_date(date)) return {};
  const std::string usual_day = "2000-01-01";
  const std::string time(text.substr(date_length));
  std::string zeros = time;
  std::replace_if(
      zeros.begin(), zeros.end(), [](char letter) { return letter >= '0' && letter <= '9'; }, '0');
  const base::TimeZone utc = base::TimeZone::utc();
  if (!base::parse_timestamp(usual_day + zeros, utc)) return {};
  if (!base::is_date(date)) return fault_of_day(date);
  if (!base::parse_timestamp(usual_day + time, utc)) {
    return "There is no such time: hours are 00 to 23, minutes and seconds 00 to 59.";
  }
  return "Out of range: from 0001-01-01T00:00:00Z to 9999-12-31T23:59:59.999999Z.";
}

std::string fault_of_format(FieldType type, std::string_view text) {
  switch (type) {
    case FieldType::Id:
      return base::is_id(text) ? "" : "Must be an id: 32 lower-case hex digits.";
    case FieldType::Email:
      return model::is_email(text) ? "" : "Enter a valid email address.";
    case FieldType::Url:
      return model::is_url(text) ? "" : "Enter a valid URL: http or https and a host, as https://example.com/path.";
    case FieldType::Country:
    case FieldType::Currency:
    case FieldType::Language:
      return fault_of_code(type, text);
    case FieldType::Date:
      if (base::is_date(text)) return {};
      if (looks_like_date(text)) return fault_of_day(text);
      return "Date has wrong format. Use one of these formats instead: YYYY-MM-DD.";
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

std::string fault_of_text(const Field& field, std::string_view text) {
  // PostgreSQL's texts cannot hold it, and both stores are to take the same.
  if (text.find('\0') != std::string_view::npos) return "Null characters are not allowed.";
  if (text.empty() && (field.required || field.type != FieldType::String)) return "This field may not be blank.";
  if (field.max_length && length_of(text) > static_cast<std::size_t>(*field.max_length)) {
    return "Ensure this field has no more than " + std::to_string(*field.max_length) + " characters.";
  }
  if (std::string fault = fault_of_format(field.type, text); !fault.empty()) return fault;
  if (field.matcher && !field.matcher->found_in(text)) {
    return "This value does not match the required pattern " + field.pattern + ".";
  }
  return {};
}

ReadValue read_text(const Field& field, const Document& document, Checks checks) {
  if (document.kind != Document::Kind::Text) return instead_of("Not a valid string: a text is required", document);
  if (checks == Checks::All) {
    if (std::string fault = fault_of_text(field, document.text); !fault.empty()) return fault;
  }
  return cell_of(std::string_view(document.text));
}

ReadValue read_timestamp(const Document& document, const base::TimeZone& time_zone) {
  if (document.kind == Document::Kind::Text) {
    if (const auto instant = base::parse_timestamp(document.text, time_zone)) return cell_of(*instant);
  }
  if (document.kind == Document::Kind::Text) {
    if (std::string fault = fault_of_instant(document.text); !fault.empty()) return fault;
  }
  return "Datetime has wrong format. Use one of these formats instead: "
         "YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z], YYYY-MM-DD.";
}

bool is_deeper(const Document& document, std::size_t levels) {
  const bool has_inner = document.kind == Document::Kind::Array || document.kind == Document::Kind::Object;
  if (!has_inner) return false;
  if (levels == 0) return true;
  return std::any_of(document.items.begin(), document.items.end(),
                     [levels](const Document& item) { return is_deeper(item, levels - 1); }) ||
         std::any_of(document.members.begin(), document.members.end(),
                     [levels](const base::Member& member) { return is_deeper(member.value, levels - 1); });
}

}  // namespace

bool says_null(const Field& field, const Document& document, Writing writing) {
  if (document.kind == Document::Kind::Null) return true;
  const bool is_empty_text = document.kind == Document::Kind::Text && document.text.empty();
  if (writing == Writing::Json || !is_empty_text || field.type == FieldType::String) return false;
  return field.nullable || field.type != FieldType::List;  // else it is an empty list, which a form cannot write
}

ReadValue read_value(const Field& field, const Document& document, const BodyRules& rules) {
  switch (field.type) {
    case FieldType::Id:
    case FieldType::String:
    case FieldType::Email:
    case FieldType::Url:
    case FieldType::Country:
    case FieldType::Currency:
    case FieldType::Language:
    case FieldType::Date:
      return read_text(field, document, rules.checks);
    case FieldType::Integer:
    case FieldType::Money:
    case FieldType::Rate:
      return read_integer(field, document, rules);
    case FieldType::Boolean:
      return read_boolean(document, rules.writing);
    case FieldType::Timestamp:
      return read_timestamp(document, rules.api.time_zone);
    case FieldType::Choice:
      return read_choice(field, document, rules);
    case FieldType::Object:
    case FieldType::List:
    case FieldType::Json:
    case FieldType::File:
      break;
  }
  throw std::logic_error("read_value: a field that is not one value");
}

std::string fault_of_json(const Document& document) {
  if (!is_deeper(document, json_depth_max)) return {};
  return "Too deep: at most " + std::to_string(json_depth_max) + " objects and lists within each other.";
}

std::string expected(std::string_view what, const Document& document) {
  return instead_of("Expected " + std::string(what), document);
}

}  // namespace portico::plan
