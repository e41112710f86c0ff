#pragma once

#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "model/keys.hpp"
#include "model/name_rules.hpp"

namespace portico::model {

/// Where a reference says what it says.
struct ReferencePlaces {
  SourcePosition to;
  std::vector<SourcePosition> show;  ///< of each of Reference::show
};

/// Where a list of rows says what it says.
struct RowsPlaces {
  SourcePosition of;
  SourcePosition by;
  std::vector<SourcePosition> show;      ///< of each of RowsOf::show
  std::vector<SourcePosition> ordering;  ///< of each of RowsOf::ordering
};

/// What a field says of other fields, which are read later.
struct FieldPromise {
  const YamlNode* initial = nullptr;  ///< `default:`; null: none
  SourcePosition initial_key = {};
  SourcePosition refers = {};  ///< of the resource's name
};

/// Reads fields: of resources, of objects, of lists' items, and the named types that they use.
class FieldLoader {
 public:
  /// `versions` are the declared ones, never empty. `maker` made the tables.
  FieldLoader(std::vector<int> versions, Maker maker, MistakeList& mistakes);

  /// The section `types:`. Each is read once, whether something uses it or not.
  void load_types(const YamlNode& types);

  /// The mapping `fields:` of a resource or an object. References are still without members. Faulty fields are there
  /// too, as far as they are understood, so that one mistake does not make others.
  [[nodiscard]] std::vector<Field> load_fields(const YamlNode& fields);

  /// Whether the type of a field that stands there could not be told: what refers to it is no mistake then.
  [[nodiscard]] bool is_untyped(const Field& field) const;

  /// Makes it so that is_untyped(field).
  void mark_untyped(const Field& field);

  /// Where a reference that stands there was said to lead; null for one with mistakes.
  [[nodiscard]] const ReferencePlaces* reference_places(const Field& field) const;

  /// Where a list of rows that stands there said what it says; null for one with mistakes.
  [[nodiscard]] const RowsPlaces* rows_places(const Field& field) const;

  /// What a field that stands there said that is still to be read; null for nothing.
  [[nodiscard]] const FieldPromise* promise(const Field& field) const;

  /// Whether so many fields more may be made; if not, that is a mistake, told once.
  [[nodiscard]] bool has_room(std::size_t fields, SourcePosition position);

 private:
  [[nodiscard]] static std::size_t as_number(SourcePosition position) {
    return (position.line << 32U) + position.column;
  }

  /// What a field is besides what its keys say.
  struct Origin {
    std::string name;  ///< empty: a list's item
    SourcePosition position;
    const YamlNode& node;
  };

  /// A type of the description's own. `field` has no name.
  struct NamedType {
    const Entry* entry = nullptr;
    enum class State : std::uint8_t { Unread, BeingRead, Read } state = State::Unread;
    Field field = {};
    std::size_t size = 0;  ///< fields in it, itself included
  };

  /// A key without which a type means nothing.
  struct NeededKey {
    std::string_view name;
    std::string_view example;
  };

  [[nodiscard]] Field load_field(const Origin& origin);
  void apply_type(const KeyValues& keys, Field& field);
  void use_named_type(NamedType& type, const YamlNode& use, Field& field);
  void check_keys_fit(const KeyValues& keys, const Field& field);
  void apply_flags(const KeyValues& keys, Field& field);
  void apply_promises(const KeyValues& keys, Field& field);
  void apply_pattern(const Entry& pattern, Field& field);
  void apply_column(const KeyValues& keys, Field& field);
  void apply_reference(const KeyValues& keys, Field& field);
  void begin_rows(Field& field);
  [[nodiscard]] bool has_needed_of_rows(const KeyValues& keys, const Field& field);
  void apply_rows(const KeyValues& keys, Field& field);
  void apply_versions(const KeyValues& keys, Field& field);
  void apply_former_names(const Entry& was, Field& field);
  [[nodiscard]] bool is_version(std::int64_t version, const YamlNode& node);
  void apply_bounds(const KeyValues& keys, Field& field);
  void apply_max_bytes(const KeyValues& keys, Field& field);
  void apply_filter(const Entry& filter, Field& field);
  void apply_structure(const KeyValues& keys, Field& field);
  void load_choices(const Entry& of, Field& field);
  void load_file_types(const Entry& of, Field& field);
  void load_item(const Entry& of, Field& field);
  void refuse_promises(const Field& inner);
  void load_members(const Entry& fields, Field& object);
  [[nodiscard]] bool has_needed(const KeyValues& keys, const NeededKey& needed, const Field& field);
  [[nodiscard]] std::vector<std::string> type_names() const;

  std::vector<int> versions_;
  Maker maker_;
  MistakeList& mistakes_;
  std::vector<Entry> type_entries_;
  std::unordered_map<std::string, NamedType> types_;
  std::unordered_set<std::size_t> untyped_;                            ///< positions, as one number each
  std::unordered_map<std::size_t, ReferencePlaces> reference_places_;  ///< by the field's position
  std::unordered_map<std::size_t, RowsPlaces> rows_places_;            ///< by the field's position
  std::unordered_map<std::size_t, FieldPromise> promises_;             ///< by the field's position
  std::size_t fields_made_ = 0;
  std::size_t depth_ = 0;
};

}  // namespace portico::model
