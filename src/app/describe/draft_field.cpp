#include "app/describe/draft_field.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace portico::app {
namespace {

using store::Column;
using store::ColumnKind;

constexpr std::int64_t digits_max = 18;  // that surely fit 64 bits

/// Which filters a field of a kind gets.
enum class FilterSet : std::uint8_t { None, Range, Date, Choices, String, Equal };

struct KindRow {
  ColumnKind kind;
  std::string_view type;
  std::string_view stored;
  FilterSet filters;
  std::string_view remark;
};
constexpr std::array<KindRow, 16> kinds = {{
    {ColumnKind::Integer, "integer", "", FilterSet::Range, ""},
    {ColumnKind::Decimal, "money", "decimal", FilterSet::Range, "shown in hundredths: 12.50 is 1250"},
    {ColumnKind::Number, "string", "text", FilterSet::Equal, "no equivalent: its text"},
    {ColumnKind::Boolean, "boolean", "", FilterSet::Choices, ""},
    {ColumnKind::Instant, "timestamp", "", FilterSet::Date, ""},
    {ColumnKind::LocalTimestamp, "timestamp", "timestamp", FilterSet::Date, "no zone: taken as UTC"},
    {ColumnKind::EpochSeconds, "timestamp", "seconds", FilterSet::Date, "seconds since 1970"},
    {ColumnKind::Date, "date", "", FilterSet::Date, ""},
    {ColumnKind::Text, "string", "", FilterSet::String, ""},
    {ColumnKind::TextLike, "string", "text", FilterSet::String, ""},
    {ColumnKind::Enum, "choice", "text", FilterSet::Choices, ""},
    {ColumnKind::Json, "json", "", FilterSet::None, ""},
    {ColumnKind::Array, "string", "text", FilterSet::Equal, "no equivalent for arrays: its text"},
    {ColumnKind::Binary, "string", "text", FilterSet::Equal, "bytes: their text, \\x and hex digits"},
    {ColumnKind::Opaque, "string", "text", FilterSet::Equal, "no equivalent: its text"},
    {ColumnKind::Unreadable, "", "", FilterSet::None, ""},
}};

const KindRow& row_of(ColumnKind kind) {
  return kinds[static_cast<std::size_t>(kind)];
}

std::vector<std::string> filters_of(FilterSet set) {
  switch (set) {
    case FilterSet::None:
      return {};
    case FilterSet::Range:
      return {"range"};
    case FilterSet::Date:
      return {"range", "date"};
    case FilterSet::Choices:
      return {"choices"};
    case FilterSet::String:
      return {"string"};
    case FilterSet::Equal:
      return {"exact", "in"};
  }
  return {};
}

bool are_integers(const std::vector<std::string>& labels) {
  return std::all_of(labels.begin(), labels.end(),
                     [](const std::string& label) { return base::parse_integer(label).has_value(); });
}

/// Decimals become money where its two digits hold them, integers where there is no fraction, and text otherwise.
void set_decimal(const Column& column, FieldDraft& field) {
  const std::int64_t precision = column.precision.value_or(0);
  const bool is_whole = column.scale <= 0;
  const std::int64_t digits = is_whole ? precision - column.scale : precision - column.scale + 2;
  if (column.scale > 2 || digits > digits_max) {
    field.type = "string";
    field.stored = "text";
    field.filter = filters_of(FilterSet::Equal);
    field.remarks = {column.scale > 2 ? "more than two decimals: its text" : "more than 64 bits: its text"};
  } else if (is_whole) {
    field.type = "integer";
    field.remarks.clear();
  }
}

void set_choices(const Column& column, FieldDraft& field) {
  const bool is_text =
      column.kind == ColumnKind::Text || column.kind == ColumnKind::TextLike || column.kind == ColumnKind::Enum;
  const bool is_integer = column.kind == ColumnKind::Integer && are_integers(column.labels);
  if (column.labels.empty() || (!is_text && !is_integer)) return;
  field.type = "choice";
  field.choices = column.labels;
  field.choices_are_integers = is_integer;
  field.filter = filters_of(FilterSet::Choices);
}

/// A key is what a URL writes in one way: text, an integer, a choice.
void make_key(const Column& column, FieldDraft& field) {
  field.nullable = false;
  if (field.type == "string" || field.type == "integer" || field.type == "choice") return;
  field.type = "string";
  field.stored = "text";
  field.filter = filters_of(FilterSet::Equal);
  field.remarks = {column.declared_type + ", as its text: part of the key"};
}

/// Types that say nothing which `type:` does not.
bool is_plain_type(const Column& column) {
  const bool is_seen_date = column.kind == ColumnKind::Date && base::folded(column.declared_type) == "text";
  if (is_seen_date) return false;
  const KindRow& row = row_of(column.kind);
  const bool is_plain_kind = row.stored.empty() && column.kind != ColumnKind::Json;
  return is_plain_kind || column.kind == ColumnKind::Enum;
}

}  // namespace

bool keeps_its_index(const FieldDraft& field) {
  return field.stored != "text";
}

bool can_be_key(const store::Table& table, const Column& column) {
  if (column.name.empty()) return false;
  const bool is_sqlite = table.schema.empty();
  if (column.kind == ColumnKind::Binary) return !is_sqlite;
  return column.kind != ColumnKind::Json && column.kind != ColumnKind::Unreadable;
}

std::optional<FieldDraft> draft_field(const Column& column, const ColumnRole& role) {
  if (column.name.empty()) return std::nullopt;  // SQLite lets one be; statements could name it, descriptions cannot
  const KindRow& row = row_of(column.kind);
  const bool is_shown = column.kind == ColumnKind::Binary ? role.is_linked : column.kind != ColumnKind::Unreadable;
  if (!is_shown) return std::nullopt;
  FieldDraft field{.name = {},
                   .column = column.name,
                   .type = std::string(row.type),
                   .stored = std::string(row.stored),
                   .nullable = column.nullable,
                   .filter = filters_of(row.filters),
                   .description = column.comment};
  if (!row.remark.empty()) field.remarks.emplace_back(row.remark);
  if (column.kind == ColumnKind::Decimal) set_decimal(column, field);
  set_choices(column, field);
  if (role.is_key) make_key(column, field);
  if (field.type == "string" && (column.kind == ColumnKind::Text || column.kind == ColumnKind::TextLike)) {
    field.max_length = column.length;
  }
  if (field.nullable) field.filter.emplace_back("isnull");
  const bool says_type = !is_plain_type(column) && !column.declared_type.empty();
  if (says_type && column.kind == ColumnKind::Date) field.remarks.emplace_back("by its values");
  if (says_type) field.remarks.insert(field.remarks.begin(), column.declared_type);
  if (!field.filter.empty() && !(role.is_indexed && keeps_its_index(field))) field.remarks.emplace_back("no index");
  return field;
}

}  // namespace portico::app
