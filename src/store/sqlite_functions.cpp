#include "store/sqlite_functions.hpp"

#include <array>
#include <exception>
#include <new>
#include <optional>
#include <type_traits>

#include <sqlite3.h>

#include "base/decimal.hpp"
#include "base/regex.hpp"
#include "base/text.hpp"
#include "base/wide_sum.hpp"

namespace portico::store {
namespace {

/// The bytes of an argument; nothing for null.
std::optional<std::string_view> text_of(sqlite3_value* value) {
  if (sqlite3_value_type(value) == SQLITE_NULL) return std::nullopt;
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_value_text(value));
  if (bytes == nullptr) return std::nullopt;  // out of memory inside SQLite
  return std::string_view(bytes, static_cast<std::size_t>(sqlite3_value_bytes(value)));
}

/// What is made once of a constant argument and kept by the statement while that argument stays.
template <typename Kept, typename Make>
const Kept& kept(sqlite3_context* context, int argument, std::optional<Kept>& fallback, Make make) {
  if (const void* known = sqlite3_get_auxdata(context, argument)) return *static_cast<const Kept*>(known);
  auto made = std::make_unique<Kept>(make());
  sqlite3_set_auxdata(context, argument, made.release(), [](void* old) { delete static_cast<Kept*>(old); });
  // SQLite may refuse to keep it and delete it at once; then it is made again for this call.
  if (const void* known = sqlite3_get_auxdata(context, argument)) return *static_cast<const Kept*>(known);
  return fallback.emplace(make());
}

void fold(sqlite3_context* context, int /*count*/, sqlite3_value** arguments) {
  const auto text = text_of(arguments[0]);
  if (!text) return sqlite3_result_null(context);
  thread_local std::string folded;
  base::fold_into(*text, folded);
  sqlite3_result_text(context, folded.data(), static_cast<int>(folded.size()), SQLITE_TRANSIENT);
}

void contains_folded(sqlite3_context* context, int /*count*/, sqlite3_value** arguments) {
  const auto text = text_of(arguments[0]);
  const auto needle = text_of(arguments[1]);
  if (!text || !needle) return sqlite3_result_null(context);
  sqlite3_result_int(context, base::contains_folded(*text, *needle) ? 1 : 0);
}

void ends_with(sqlite3_context* context, int /*count*/, sqlite3_value** arguments) {
  const auto text = text_of(arguments[0]);
  const auto end = text_of(arguments[1]);
  if (!text || !end) return sqlite3_result_null(context);
  sqlite3_result_int(context, text->ends_with(*end) ? 1 : 0);
}

template <base::Case Letters>
void regex(sqlite3_context* context, int /*count*/, sqlite3_value** arguments) {
  const auto pattern = text_of(arguments[0]);
  const auto text = text_of(arguments[1]);
  if (!text || !pattern) return sqlite3_result_null(context);
  const auto& rules = *static_cast<const FunctionRules*>(sqlite3_user_data(context));
  using Compiled = base::Result<base::Regex>;
  std::optional<Compiled> fallback;
  const Compiled& compiled = kept<Compiled>(
      context, 0, fallback, [&] { return base::Regex::compile(*pattern, Letters, rules.limits.regex_memory_bytes); });
  if (!compiled) return sqlite3_result_error(context, compiled.error().message.c_str(), -1);
  sqlite3_result_int(context, compiled->found_in(*text) ? 1 : 0);
}

void search(sqlite3_context* context, int count, sqlite3_value** arguments) {
  if (count < 2) return sqlite3_result_error(context, "portico_search takes a text and at least one word", -1);
  const auto text = text_of(arguments[0]);
  if (!text) return sqlite3_result_null(context);
  using Words = std::vector<std::string>;
  std::optional<Words> fallback;
  const Words& words = kept<Words>(context, 1, fallback, [&] {
    Words made;
    for (int i = 1; i < count; ++i) made.emplace_back(text_of(arguments[i]).value_or(std::string_view{}));
    return made;
  });
  sqlite3_result_int(context, base::starts_word_parts(*text, words) ? 1 : 0);
}

void date_part(sqlite3_context* context, int /*count*/, sqlite3_value** arguments) {
  const auto part = static_cast<base::DatePart>(sqlite3_value_int(arguments[0]));
  const auto& rules = *static_cast<const FunctionRules*>(sqlite3_user_data(context));
  if (sqlite3_value_type(arguments[1]) == SQLITE_INTEGER) {
    const base::Microseconds instant = sqlite3_value_int64(arguments[1]);
    if (instant < base::microseconds_min || instant > base::microseconds_max) return sqlite3_result_null(context);
    return sqlite3_result_int64(context, base::date_part(part, instant, rules.time_zone));
  }
  const auto text = text_of(arguments[1]);
  if (!text || !base::is_date(*text)) return sqlite3_result_null(context);
  const base::TimeZone utc = base::TimeZone::utc();  // a date is the same day everywhere
  sqlite3_result_int64(context, base::date_part(part, base::parse_timestamp(*text, utc).value_or(0), utc));
}

/// What a timestamp column of text stands for, in microseconds; without a zone it is UTC.
void instant(sqlite3_context* context, int /*count*/, sqlite3_value** arguments) {
  const auto text = text_of(arguments[0]);
  const auto read = text ? base::parse_timestamp(*text, base::TimeZone::utc()) : std::nullopt;
  if (!read) return sqlite3_result_null(context);
  sqlite3_result_int64(context, *read);
}

/// An instant as the JSON of a list has it (plan/json_item).
void timestamp(sqlite3_context* context, int /*count*/, sqlite3_value** arguments) {
  if (sqlite3_value_type(arguments[0]) != SQLITE_INTEGER)
    return sqlite3_result_text(context, "null", 4, SQLITE_STATIC);
  std::array<char, base::timestamp_length + 2> text = {};
  text.front() = '"';
  base::write_timestamp(sqlite3_value_int64(arguments[0]), text.data() + 1);
  text.back() = '"';
  sqlite3_result_text(context, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
}

/// A number, or the text of one, in units of 10^-Places.
template <int Places>
void scaled(sqlite3_context* context, int /*count*/, sqlite3_value** arguments) {
  std::optional<std::int64_t> number;
  if (sqlite3_value_type(arguments[0]) == SQLITE_FLOAT) {
    number = base::scaled_decimal(sqlite3_value_double(arguments[0]), Places);
  } else if (const auto text = text_of(arguments[0])) {
    number = base::scaled_decimal(*text, Places);
  }
  if (!number) return sqlite3_result_null(context);
  sqlite3_result_int64(context, *number);
}

/// A whole number, or the text of one, that 64 bits hold; else null.
void whole(sqlite3_context* context, int /*count*/, sqlite3_value** arguments) {
  std::optional<std::int64_t> number;
  if (sqlite3_value_type(arguments[0]) == SQLITE_INTEGER) {
    number = sqlite3_value_int64(arguments[0]);
  } else if (sqlite3_value_type(arguments[0]) == SQLITE_FLOAT) {
    number = base::whole_decimal(sqlite3_value_double(arguments[0]));
  } else if (const auto text = text_of(arguments[0])) {
    number = base::whole_decimal(*text);
  }
  if (!number) return sqlite3_result_null(context);
  sqlite3_result_int64(context, *number);
}

static_assert(std::is_trivially_copyable_v<base::WideSum> && std::is_trivially_destructible_v<base::WideSum>);

/// Adds up what is an integer, and skips the rest. SQLite zeroes the room that it keeps for an aggregate, which is
/// what a new sum holds.
void add_to_sum(sqlite3_context* context, int /*count*/, sqlite3_value** arguments) {
  if (sqlite3_value_type(arguments[0]) != SQLITE_INTEGER) return;
  auto* const sum = static_cast<base::WideSum*>(sqlite3_aggregate_context(context, sizeof(base::WideSum)));
  if (sum == nullptr) return sqlite3_result_error_nomem(context);
  sum->add(sqlite3_value_int64(arguments[0]));
}

/// Null where 64 bits do not hold it.
void give_sum(sqlite3_context* context) noexcept {
  const auto* const sum = static_cast<const base::WideSum*>(sqlite3_aggregate_context(context, 0));
  if (sum == nullptr) return sqlite3_result_int64(context, 0);  // nothing was added
  if (const auto value = sum->value()) return sqlite3_result_int64(context, *value);
  sqlite3_result_null(context);
}

struct Function {
  const char* name;
  int arguments;
  FunctionBody body;
};

constexpr std::array<Function, 12> functions = {{
    {"portico_fold", 1, without_exceptions<fold>},
    {"portico_contains_folded", 2, without_exceptions<contains_folded>},
    {"portico_ends_with", 2, without_exceptions<ends_with>},
    {"portico_regex", 2, without_exceptions<regex<base::Case::Sensitive>>},
    {"portico_iregex", 2, without_exceptions<regex<base::Case::Insensitive>>},
    {"portico_search", -1, without_exceptions<search>},
    {"portico_date_part", 2, without_exceptions<date_part>},
    {"portico_instant", 1, without_exceptions<instant>},
    {"portico_timestamp", 1, without_exceptions<timestamp>},
    {"portico_hundredths", 1, without_exceptions<scaled<2>>},
    {"portico_seconds", 1, without_exceptions<scaled<6>>},
    {"portico_whole", 1, without_exceptions<whole>},
}};

}  // namespace

void give_exception(sqlite3_context* context) noexcept {
  try {
    throw;
  } catch (const std::bad_alloc&) {
    sqlite3_result_error_nomem(context);
  } catch (const std::exception& fault) {
    sqlite3_result_error(context, fault.what(), -1);
  } catch (...) {
    sqlite3_result_error(context, "a function threw what is no std::exception", -1);
  }
}

void define_functions(SqliteConnection& connection, const FunctionRules& rules) {
  // INNOCUOUS: they reach nothing outside their arguments, so views and indexes may use them under trusted_schema
  // off.
  constexpr int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
  for (const Function& function : functions) {
    const int code =
        sqlite3_create_function_v2(connection.handle(), function.name, function.arguments, flags,
                                   const_cast<FunctionRules*>(&rules), function.body, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) connection.fail("defining the function " + std::string(function.name));
  }
  const int code = sqlite3_create_function_v2(connection.handle(), "portico_sum", 1, flags, nullptr, nullptr,
                                              without_exceptions<add_to_sum>, give_sum, nullptr);
  if (code != SQLITE_OK) connection.fail("defining the function portico_sum");
}

}  // namespace portico::store
