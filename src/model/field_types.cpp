#include "model/field_types.hpp"

#include <array>

namespace portico::model {
namespace {

using std::string_view_literals::operator""sv;

constexpr std::array text_families = {"string"sv, "isnull"sv};
constexpr std::array number_families = {"range"sv, "isnull"sv};
constexpr std::array moment_families = {"range"sv, "date"sv, "isnull"sv};
constexpr std::array choice_families = {"choices"sv, "isnull"sv};
constexpr std::array presence_families = {"isnull"sv};

constexpr std::array<TypeRow, 18> rows = {{
    {FieldType::Id, "id", text_families, "32 lower-case hex digits, made by the server"},
    {FieldType::String, "string", text_families, "text"},
    {FieldType::Email, "email", text_families, "an e-mail address"},
    {FieldType::Url, "url", text_families, "an http or https address"},
    {FieldType::Country, "country", text_families, "an ISO 3166-1 alpha-2 code: ES"},
    {FieldType::Currency, "currency", text_families, "an ISO 4217 code: EUR"},
    {FieldType::Language, "language", text_families, "an ISO 639-1 code: es"},
    {FieldType::Integer, "integer", number_families, "a whole number of 64 bits"},
    {FieldType::Money, "money", number_families, "hundredths of the currency's unit: 1250 is 12.50"},
    {FieldType::Rate, "rate", number_families, "hundredths of a per cent: 2100 is 21 %"},
    {FieldType::Boolean, "boolean", choice_families, "true or false"},
    {FieldType::Timestamp, "timestamp", moment_families, "an instant, ISO 8601 with microseconds in UTC"},
    {FieldType::Date, "date", moment_families, "a day: YYYY-MM-DD"},
    {FieldType::Choice, "choice", choice_families, "one of the values under `of`"},
    {FieldType::Object, "object", {}, "the members under `fields`, each a column of the same table"},
    {FieldType::List, "list", presence_families, "any number of what `of` names, in one column"},
    {FieldType::Json, "json", presence_families, "any JSON value, in one column"},
    {FieldType::File, "file", presence_families, "a file with a path of its own; its URL, or null"},
}};

/// A way to store, and what can be stored so.
struct StorageRow {
  Storage storage;
  std::string_view name;
  TypeSet types;
};
constexpr std::array<StorageRow, 6> storages = {{
    {Storage::Native, "native", leaf_types},
    {Storage::Text, "text", text_types | type_bit(FieldType::Choice)},
    {Storage::Decimal, "decimal", number_types},
    {Storage::Timestamp, "timestamp", type_bit(FieldType::Timestamp) | type_bit(FieldType::Date)},
    {Storage::Seconds, "seconds", type_bit(FieldType::Timestamp)},
    {Storage::Integer, "integer", type_bit(FieldType::Boolean)},
}};

const TypeRow& row_of(FieldType type) {
  return rows[static_cast<std::size_t>(type)];
}

// What a family would bring and the type cannot answer: a day has no hour, and `in` on two values says nothing.
LookupSet lookups_without_sense(FieldType type) {
  LookupSet set;
  if (type == FieldType::Date) set.set(static_cast<std::size_t>(Lookup::Hour));
  if (type == FieldType::Boolean) set.set(static_cast<std::size_t>(Lookup::In));
  return set;
}

}  // namespace

std::span<const TypeRow> field_types() {
  return rows;
}

std::optional<FieldType> find_field_type(std::string_view name) {
  for (const TypeRow& row : rows) {
    if (row.name == name) return row.type;
  }
  return std::nullopt;
}

LookupSet lookups_that_fit(FieldType type) {
  LookupSet set;
  for (const std::string_view family : row_of(type).families) set |= find_lookup_family(family).value_or(LookupSet{});
  return set & ~lookups_without_sense(type);
}

std::vector<std::string> names_of(TypeSet set) {
  std::vector<std::string> names;
  for (const TypeRow& row : rows) {
    if (contains(set, row.type)) names.emplace_back(row.name);
  }
  if ((set & reference_bit) != 0) names.emplace_back(reference_type_name);
  if ((set & rows_bit) != 0) names.emplace_back(rows_type_name);
  return names;
}

TypeSet type_bit(const Field& field) {
  if (field.rows) return rows_bit;
  return field.reference ? reference_bit : type_bit(field.type);
}

std::string_view type_name(const Field& field) {
  if (field.rows) return rows_type_name;
  return field.reference ? reference_type_name : name_of(field.type);
}

std::span<const std::string> storage_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const StorageRow& row : storages) {
      if (row.storage != Storage::Native) all.emplace_back(row.name);
    }
    return all;
  }();
  return names;
}

std::optional<Storage> find_storage(std::string_view name) {
  for (const StorageRow& row : storages) {
    if (row.storage != Storage::Native && row.name == name) return row.storage;
  }
  return std::nullopt;
}

TypeSet types_stored(Storage storage) {
  return storages[static_cast<std::size_t>(storage)].types;
}

std::string_view name_of(Storage storage) {
  return storages[static_cast<std::size_t>(storage)].name;
}

std::string_view name_of(FieldType type) {
  return row_of(type).name;
}

}  // namespace portico::model
