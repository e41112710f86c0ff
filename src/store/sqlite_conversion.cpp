#include "store/sqlite_conversion.hpp"

#include <algorithm>
#include <array>

namespace portico::store {
namespace {

// Counted from the year 1, so that what is left of a second is never negative; years 1 to 9999, as the API has them.
constexpr std::string_view text_of_instant =
    "CASE WHEN $ BETWEEN -62135596800000000 AND 253402300799999999 THEN strftime('%Y-%m-%dT%H:%M:%S.', "
    "($ + 62135596800000000) / 1000000 - 62135596800, 'unixepoch') || "
    "printf('%06dZ', ($ + 62135596800000000) % 1000000) END";
constexpr std::string_view day_of_instant =
    "CASE WHEN $ BETWEEN -62135596800000000 AND 253402300799999999 THEN date(($ + 62135596800000000) / 1000000 - "
    "62135596800, 'unixepoch') END";

// `2020-02-29`, `2020-02-29T10:20` or `2020-02-29 10:20:30.123456`, each with `Z`, `+02:00` or no zone behind, which
// is UTC. From the inside: the zone, the day with what is left, the clock with a fraction; and outside, what is there
// is compared with what SQLite makes of it, which takes 31 days and 24 hours for granted.
constexpr std::string_view instant_of_text =
    "(SELECT CASE WHEN strftime('%Y-%m-%dT%H:%M:%S', day || clock, '+0 days') = day || clock "
    "AND min(day, date(day || clock || zone)) > '0001' AND (fraction = '' OR fraction GLOB '.[0-9]*' "
    "AND substr(fraction, 2) NOT GLOB '*[^0-9]*' AND length(fraction) <= 7) "
    "THEN strftime('%s', day || clock || zone) * 1000000 + substr(fraction || '000000', 2, 6) END "
    "FROM (SELECT day, zone, CASE WHEN rest = '' THEN 'T00:00:00' WHEN substr(rest, 1, 1) NOT IN ('T', ' ') THEN '' "
    "WHEN length(rest) = 6 THEN 'T' || substr(rest, 2) || ':00' ELSE 'T' || substr(rest, 2, 8) END AS clock, "
    "substr(rest, 10) AS fraction "
    "FROM (SELECT substr($, 1, 10) AS day, zone, substr($, 11, length($) - 10 - length(zone)) AS rest "
    "FROM (SELECT CASE WHEN $ GLOB '*Z' THEN 'Z' WHEN $ GLOB '*[-+][0-9][0-9]:[0-9][0-9]' THEN substr($, -6) "
    "ELSE '' END AS zone))))";

// Values that are copied go into a column that takes no others; so nothing is lost silently, but for what a text has
// beyond the number that it is: `007`.
constexpr std::array<SqliteConversion, 19> conversions = {{
    {ColumnType::Text, ColumnType::Integer, Effect::LosesData},
    {ColumnType::Text, ColumnType::Boolean, Effect::LosesData},
    {ColumnType::Text, ColumnType::Timestamp, Effect::LosesData, instant_of_text},
    {ColumnType::Text, ColumnType::Json, Effect::Harmless},
    {ColumnType::Integer, ColumnType::Text, Effect::Harmless},
    {ColumnType::Integer, ColumnType::Date, Effect::Harmless},
    {ColumnType::Integer, ColumnType::Boolean, Effect::Harmless},
    {ColumnType::Integer, ColumnType::Json, Effect::Harmless},
    {ColumnType::Boolean, ColumnType::Text, Effect::Harmless},
    {ColumnType::Boolean, ColumnType::Date, Effect::Harmless},
    {ColumnType::Boolean, ColumnType::Integer, Effect::Harmless},
    {ColumnType::Boolean, ColumnType::Json, Effect::Harmless},
    {ColumnType::Timestamp, ColumnType::Text, Effect::Harmless, text_of_instant},
    {ColumnType::Timestamp, ColumnType::Date, Effect::LosesData, day_of_instant},
    {ColumnType::Timestamp, ColumnType::Integer, Effect::Harmless},
    {ColumnType::Json, ColumnType::Text, Effect::Harmless},
    {ColumnType::Json, ColumnType::Date, Effect::Harmless},
    {ColumnType::Json, ColumnType::Integer, Effect::LosesData},
    {ColumnType::Json, ColumnType::Boolean, Effect::LosesData},
}};

}  // namespace

const SqliteConversion* sqlite_conversion(ColumnType from, ColumnType to) {
  const auto* found = std::find_if(conversions.begin(), conversions.end(), [&](const SqliteConversion& conversion) {
    return conversion.from == from && conversion.to == to;
  });
  return found == conversions.end() ? nullptr : &*found;
}

std::string sqlite_converted(std::string_view expression, std::string_view column) {
  std::string sql;
  for (const char c : expression) {
    if (c == '$') {
      sql += column;
    } else {
      sql += c;
    }
  }
  return sql;
}

}  // namespace portico::store
