#include "plan/column_kind.hpp"

namespace portico::plan {
namespace {

using model::Field;
using model::FieldType;
using model::Storage;

bool has_integer_choices(const Field& field) {
  return !field.choices.empty() && std::holds_alternative<std::int64_t>(field.choices.front());
}

ColumnKind native_kind(const Field& field) {
  switch (field.type) {
    case FieldType::Id:
    case FieldType::String:
    case FieldType::Email:
    case FieldType::Url:
    case FieldType::Country:
    case FieldType::Currency:
    case FieldType::Language:
    case FieldType::File:
      return ColumnKind::Text;
    case FieldType::Integer:
    case FieldType::Money:
    case FieldType::Rate:
      return ColumnKind::Integer;
    case FieldType::Boolean:
      return ColumnKind::Boolean;
    case FieldType::Timestamp:
      return ColumnKind::Instant;
    case FieldType::Date:
      return ColumnKind::Day;
    case FieldType::Choice:
      return has_integer_choices(field) ? ColumnKind::Integer : ColumnKind::Text;
    case FieldType::Object:
    case FieldType::List:
    case FieldType::Json:
      return ColumnKind::Json;
  }
  return ColumnKind::Text;
}

}  // namespace

ColumnKind kind_of(const Field& field) {
  switch (field.storage) {
    case Storage::Native:
      return native_kind(field);
    case Storage::Text:
      return ColumnKind::CastText;
    case Storage::Decimal:
      return field.type == FieldType::Integer ? ColumnKind::WholeNumber : ColumnKind::Hundredths;
    case Storage::Timestamp:
      return field.type == FieldType::Date ? ColumnKind::DayOfTimestamp : ColumnKind::LocalInstant;
    case Storage::Seconds:
      return ColumnKind::Seconds;
    case Storage::Integer:
      return ColumnKind::BooleanNumber;
  }
  return ColumnKind::Text;
}

Reading reading_of(const Field& field) {
  switch (kind_of(field)) {
    case ColumnKind::Text:
    case ColumnKind::Json:
      return Reading::Text;
    case ColumnKind::CastText:
      return has_integer_choices(field) ? Reading::Integer : Reading::Text;
    case ColumnKind::Integer:
    case ColumnKind::WholeNumber:
      return Reading::Integer;
    case ColumnKind::Hundredths:
      return Reading::Hundredths;
    case ColumnKind::Boolean:
    case ColumnKind::BooleanNumber:
      return Reading::Boolean;
    case ColumnKind::Instant:
    case ColumnKind::LocalInstant:
      return Reading::Instant;
    case ColumnKind::Seconds:
      return Reading::Seconds;
    case ColumnKind::Day:
    case ColumnKind::DayOfTimestamp:
      return Reading::Date;
  }
  return Reading::Text;
}

}  // namespace portico::plan
