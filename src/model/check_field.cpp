#include "model/check_field.hpp"

#include "base/text.hpp"

namespace portico::model {
namespace {

SourcePosition position_of(const KeyValues& keys, std::string_view key, const Field& field) {
  const Entry* entry = keys.find(key);
  return entry != nullptr ? entry->value->position : field.position;
}

/// How a field of this type can be stored, for a hint.
std::vector<std::string> storages_that_fit(const Field& field) {
  std::vector<std::string> names;
  for (const std::string& name : storage_names()) {
    const std::optional<Storage> storage = find_storage(name);
    if (storage && contains(types_stored(*storage), field.type)) names.push_back(name);
  }
  return names;
}

void check_storage(const Field& field, const KeyValues& keys, MistakeList& mistakes) {
  if (field.storage == Storage::Native || keys.find("stored") == nullptr) return;
  const std::vector<std::string> fitting = storages_that_fit(field);
  if (!contains(types_stored(field.storage), field.type)) {
    if (fitting.empty()) return;  // the key fits no field of this type: said already
    mistakes.add(
        position_of(keys, "stored", field),
        "the type " + std::string(name_of(field.type)) + " is never stored as " + std::string(name_of(field.storage)),
        "stored: " + base::joined(fitting, " or ") + "; or leave it out");
  } else if (field.type == FieldType::Choice && !field.choices.empty() &&
             std::holds_alternative<std::int64_t>(field.choices.front())) {
    mistakes.add(position_of(keys, "stored", field), "integers are not stored as text",
                 "quotes make the values texts: of: ['1', '2']");
  }
}

}  // namespace

void check_field(const Field& field, const KeyValues& keys, MistakeList& mistakes) {
  if (field.min && field.max && *field.min > *field.max) {
    const std::string_view key = keys.find("max") != nullptr ? "max" : "min";
    mistakes.add(position_of(keys, key, field),
                 "min is " + std::to_string(*field.min) + " and max " + std::to_string(*field.max),
                 "min is at most max");
  }
  if (field.type == FieldType::List && ((field.min && *field.min < 0) || (field.max && *field.max < 0))) {
    mistakes.add(position_of(keys, field.min.value_or(0) < 0 ? "min" : "max", field),
                 "a list cannot have fewer than 0 items");
  }
  if (field.max_length && *field.max_length < 1) {
    mistakes.add(position_of(keys, "max_length", field), "a longest text of " + std::to_string(*field.max_length),
                 "at least 1");
  }
  check_storage(field, keys, mistakes);
  if (field.type == FieldType::File && !field.nullable) {
    mistakes.add(field.position, "a file that may not be null", "a row is there before its file: \"null\": true");
  }
  if (field.required && field.read_only) {
    mistakes.add(field.position, "both required and read_only", "what clients cannot write, they need not give");
  }
  if (field.required && field.hidden) {
    mistakes.add(field.position, "both required and hidden", "what clients do not see, they cannot give");
  }
  if (field.required && keys.find("default") != nullptr) {
    mistakes.add(keys.find("default")->position, "a default for what is required", "leave one of the two out");
  }
  if (field.hidden && field.lookups.any()) {
    mistakes.add(field.position, "hidden, but with a filter", "what clients do not see, they cannot ask for");
  }
}

void check_item(const Field& item, MistakeList& mistakes) {
  if (item.type == FieldType::List) {
    mistakes.add(item.position, "a list of lists", "a list of objects that have a list each, or of json");
  }
  const VersionRange all;
  const bool has_versions = item.versions.first != all.first || item.versions.last != all.last;
  if (has_versions || !item.former_names.empty() || item.required || item.read_only) {
    mistakes.add(item.position, "an item of a list has no name, versions, required or read_only of its own",
                 "put them on the list, or on the item's fields");
  }
}

const std::vector<std::string>& filter_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all = {"string", "date", "isnull", "range", "choices"};
    for (const std::string_view lookup : lookup_names) {
      if (lookup != "isnull") all.emplace_back(lookup);
    }
    return all;
  }();
  return names;
}

std::string fitting_filters(FieldType type) {
  std::vector<std::string> families;
  for (const std::string_view family : field_types()[static_cast<std::size_t>(type)].families) {
    families.emplace_back(family);
  }
  const LookupSet fitting = lookups_that_fit(type);
  std::vector<std::string> single;
  for (std::size_t i = 0; i < lookup_names.size(); ++i) {
    if (fitting.test(i) && lookup_names[i] != "isnull") single.emplace_back(lookup_names[i]);
  }
  if (single.empty()) return base::enumerated(families);
  return base::enumerated(families) + "; of their lookups alone " + base::enumerated(single);
}

}  // namespace portico::model
