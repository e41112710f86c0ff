#include "plan/json_item.hpp"

#include <algorithm>
#include <initializer_list>
#include <utility>

#include "base/text.hpp"
#include "plan/column_name.hpp"
#include "plan/fitting_number.hpp"

namespace portico::plan {
namespace {

using model::Field;
using model::FieldType;

std::string joined(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) text += part;
  return text;
}

// --- SQLite: `shown` is a cell as a column of Portico's own would give it.

std::string sqlite_value(FieldType type, const std::string& shown) {
  switch (type) {
    case FieldType::Id:
    case FieldType::String:
    case FieldType::Email:
    case FieldType::Url:
    case FieldType::Country:
    case FieldType::Currency:
    case FieldType::Language:
    case FieldType::Date:
      return joined({"CASE typeof(", shown, ") WHEN 'text' THEN json_quote(", shown, ") ELSE 'null' END"});
    case FieldType::Integer:
    case FieldType::Money:
    case FieldType::Rate:
      return joined({"CASE typeof(", shown, ") WHEN 'integer' THEN ", shown, " ELSE 'null' END"});
    case FieldType::Boolean:
      return joined({"CASE ", shown, " WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END"});
    case FieldType::Timestamp:
      return joined({"portico_timestamp(", shown, ")"});
    case FieldType::Choice:
      return joined({"CASE typeof(", shown, ") WHEN 'text' THEN json_quote(", shown, ") WHEN 'integer' THEN ", shown,
                     " ELSE 'null' END"});
    case FieldType::List:
    case FieldType::Json:
    case FieldType::Object:
    case FieldType::File:
      return joined({"CASE WHEN json_valid(", shown, ") THEN ", shown, " ELSE 'null' END"});
  }
  return "'null'";
}

// --- PostgreSQL: `column` is the column itself.

std::string or_null(std::string_view text) {
  return joined({"coalesce(", text, ", 'null')"});
}

/// `instant` is of the type timestamp. What cannot be written is the first that can, or the last.
std::string instant_text(const std::string& instant, std::string_view form) {
  return joined({R"('"' || to_char(greatest(least()", instant, ", timestamp '9999-12-31 23:59:59.999999')",
                 ", timestamp '0001-01-01 00:00:00'), ", form, R"() || '"')"});
}

constexpr std::string_view instant_form = R"('YYYY-MM-DD"T"HH24:MI:SS.US"Z"')";
constexpr std::string_view day_form = "'YYYY-MM-DD'";

/// Whole seconds and the rest each for themselves, as PostgreSQL multiplies intervals by floating-point numbers.
std::string instant_of_seconds(const std::string& number) {
  const std::string seconds = joined({"greatest(least(round(", number, ", 6), 253402300799.999999), -62135596800)"});
  return joined({"(timestamp 'epoch' + floor(", seconds, ")::float8 * interval '1 second' + ((", seconds, " - floor(",
                 seconds, ")) * 1000000)::float8 * interval '1 microsecond')"});
}

std::string unless_null(const std::string& value, const std::string& text) {
  return joined({"CASE WHEN ", value, " IS NULL THEN 'null' ELSE ", text, " END"});
}

std::string postgres_value(ColumnKind kind, const std::string& column) {
  switch (kind) {
    case ColumnKind::Text:
      return or_null(joined({"to_json(", column, ")::text"}));
    case ColumnKind::CastText:
      return or_null(joined({"to_json(", column, "::text)::text"}));
    case ColumnKind::Integer:
    case ColumnKind::Json:
      return or_null(joined({column, "::text"}));
    case ColumnKind::WholeNumber:
      return or_null(joined({"trim_scale(", fitting_number(column, kind), ")::text"}));
    case ColumnKind::Hundredths:
      return or_null(joined({"(", fitting_number(column, kind), ")::text"}));
    case ColumnKind::Boolean:
      return or_null(joined({"CASE ", column, " WHEN TRUE THEN 'true' WHEN FALSE THEN 'false' END"}));
    case ColumnKind::BooleanNumber:
      return or_null(joined({"CASE (", column, " <> 0) WHEN TRUE THEN 'true' WHEN FALSE THEN 'false' END"}));
    case ColumnKind::Instant:
      return unless_null(column, instant_text(joined({column, " AT TIME ZONE 'UTC'"}), instant_form));
    case ColumnKind::LocalInstant:
      return unless_null(column, instant_text(column, instant_form));
    case ColumnKind::Seconds:
      return unless_null(fitting_number(column, kind),
                         instant_text(instant_of_seconds(fitting_number(column, kind)), instant_form));
    case ColumnKind::Day:
      return unless_null(column, instant_text(joined({column, "::timestamp"}), day_form));
    case ColumnKind::DayOfTimestamp:
      return unless_null(column, instant_text(column, day_form));
  }
  return "'null'";
}

/// Texts and values in turn, joined by `||`.
class ItemWriter {
 public:
  explicit ItemWriter(const ItemRules& rules) : rules_(rules) {}

  [[nodiscard]] std::string object(const std::vector<Field>& members) {
    write_object(members);
    settle();
    return std::move(sql_);
  }

 private:
  void write_object(const std::vector<Field>& members) {
    text_ += '{';
    bool is_first = true;
    for (const Field& member : members) {
      if (!has(member)) continue;
      text_.append(is_first ? "\"" : ",\"").append(member.name).append("\":");  // names need no escapes
      is_first = false;
      write_member(member);
    }
    text_ += '}';
  }

  void write_member(const Field& member) {
    if (member.is_leaf()) return add_value(value_of(member));
    if (!member.nullable) return write_object(member.fields);
    std::string nulls;
    add_null_tests(member.fields, nulls);
    const std::string inner = ItemWriter(rules_).object(member.fields);
    add_value(joined({"CASE WHEN ", nulls, " THEN 'null' ELSE ", inner, " END"}));
  }

  /// Whether the version has it, or anything of it.
  [[nodiscard]] bool has(const Field& field) const {
    if (field.hidden || !field.versions.contains(rules_.version)) return false;
    return field.is_leaf() ||
           std::any_of(field.fields.begin(), field.fields.end(), [this](const Field& member) { return has(member); });
  }

  [[nodiscard]] std::string column_of(const Field& leaf) const {
    std::string column = joined({rules_.alias, "."});
    base::append_sql_quoted(column, leaf.column);
    return column;
  }

  [[nodiscard]] std::string value_of(const Field& leaf) const {
    const ColumnKind kind = kind_of(leaf);
    std::string column = column_of(leaf);
    if (rules_.flavor == SqlFlavor::Postgres) return postgres_value(kind, column);
    return sqlite_value(leaf.type, shown_column({{}, std::move(column)}, kind, rules_.flavor).qualified);
  }

  void add_null_tests(const std::vector<Field>& members, std::string& tests) const {
    for (const Field& member : members) {
      if (!has(member)) continue;
      if (!member.is_leaf()) {
        add_null_tests(member.fields, tests);
        continue;
      }
      tests.append(tests.empty() ? "" : " AND ").append(column_of(member)).append(" IS NULL");
    }
  }

  void add_value(const std::string& value) {
    settle();
    sql_.append(" || ").append(value);
  }

  void settle() {
    if (text_.empty()) return;
    sql_.append(sql_.empty() ? "'" : " || '").append(text_).append("'");
    text_.clear();
  }

  const ItemRules& rules_;
  std::string text_;  // what is yet to be written as a literal
  std::string sql_;
};

}  // namespace

std::string json_item(const std::vector<Field>& members, const ItemRules& rules) {
  return ItemWriter(rules).object(members);
}

}  // namespace portico::plan
