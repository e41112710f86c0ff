#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/field.hpp"

namespace portico::model {

/// A set of field types, one bit each.
using TypeSet = std::uint32_t;

[[nodiscard]] constexpr TypeSet type_bit(FieldType type) {
  return TypeSet{1} << static_cast<unsigned>(type);
}
[[nodiscard]] constexpr bool contains(TypeSet set, FieldType type) {
  return (set & type_bit(type)) != 0;
}

inline constexpr TypeSet text_types =
    type_bit(FieldType::Id) | type_bit(FieldType::String) | type_bit(FieldType::Email) | type_bit(FieldType::Url) |
    type_bit(FieldType::Country) | type_bit(FieldType::Currency) | type_bit(FieldType::Language);
inline constexpr TypeSet free_text_types =
    type_bit(FieldType::String) | type_bit(FieldType::Email) | type_bit(FieldType::Url);
inline constexpr TypeSet number_types =
    type_bit(FieldType::Integer) | type_bit(FieldType::Money) | type_bit(FieldType::Rate);
/// One plain value in one column: what can be sorted and indexed.
inline constexpr TypeSet scalar_types = text_types | number_types | type_bit(FieldType::Boolean) |
                                        type_bit(FieldType::Timestamp) | type_bit(FieldType::Date) |
                                        type_bit(FieldType::Choice);
inline constexpr TypeSet leaf_types =
    scalar_types | type_bit(FieldType::List) | type_bit(FieldType::Json) | type_bit(FieldType::File);
/// `type: reference` is an Object whose members come from elsewhere, but it has keys of its own.
inline constexpr std::string_view reference_type_name = "reference";
inline constexpr TypeSet reference_bit = TypeSet{1} << 30U;
/// `type: rows` is a List whose items come from elsewhere.
inline constexpr std::string_view rows_type_name = "rows";
inline constexpr TypeSet rows_bit = TypeSet{1} << 31U;
inline constexpr TypeSet every_type = leaf_types | type_bit(FieldType::Object) | reference_bit | rows_bit;

/// What can stand in a URL, so that it names a row there: one writing for each value.
inline constexpr TypeSet naming_types = text_types | type_bit(FieldType::Integer) | type_bit(FieldType::Choice);

/// What the description says of one built-in type.
struct TypeRow {
  FieldType type;
  std::string_view name;                       ///< as `type:` names it
  std::span<const std::string_view> families;  ///< what `filter:` may name; single lookups of these too
  std::string_view meaning;                    ///< for the schema's readers
};

/// All types, in the order of the enum.
[[nodiscard]] std::span<const TypeRow> field_types();

[[nodiscard]] std::optional<FieldType> find_field_type(std::string_view name);

/// Every lookup that a field of this type can be filtered by.
[[nodiscard]] LookupSet lookups_that_fit(FieldType type);

/// The field's type, references told from other objects and rows from other lists: its one bit, and its name in the
/// description.
[[nodiscard]] TypeSet type_bit(const Field& field);
[[nodiscard]] std::string_view type_name(const Field& field);

/// The names that `stored:` may have, in the order of the enum, without Native, which no description needs to name.
[[nodiscard]] std::span<const std::string> storage_names();
[[nodiscard]] std::optional<Storage> find_storage(std::string_view name);

/// The types whose values can be stored so.
[[nodiscard]] TypeSet types_stored(Storage storage);

/// The names of the types in `set`, in the order of the enum, then references and rows.
[[nodiscard]] std::vector<std::string> names_of(TypeSet set);

}  // namespace portico::model
