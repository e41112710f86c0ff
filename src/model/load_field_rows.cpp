// The keys of a field of type `rows`.
#include "model/load_field.hpp"

namespace portico::model {
namespace {

constexpr std::int64_t usual_rows_max = 100;
constexpr std::int64_t rows_max = 1'000;

}  // namespace

const RowsPlaces* FieldLoader::rows_places(const Field& field) const {
  const auto found = rows_places_.find(as_number(field.position));
  return found == rows_places_.end() ? nullptr : &found->second;
}

/// A list, as far as others look at it. Its item gets its members once all resources are known.
void FieldLoader::begin_rows(Field& field) {
  field.type = FieldType::List;
  field.read_only = true;
  field.max = usual_rows_max;
  field.lookups.set(static_cast<std::size_t>(Lookup::IsNull));
  field.item.push_back({.name = {}, .type = FieldType::Object, .position = field.position});
  field.rows.emplace();
}

bool FieldLoader::has_needed_of_rows(const KeyValues& keys, const Field& field) {
  const bool has_of = has_needed(keys, {"of", "the resource whose rows are listed: of: refunds"}, field);
  const bool has_by =
      has_needed(keys, {"by", "the field of these rows that refers to this resource: by: order"}, field);
  return has_of && has_by;
}

void FieldLoader::apply_rows(const KeyValues& keys, Field& field) {
  RowsPlaces& places = rows_places_[as_number(field.position)];
  RowsOf& rows = *field.rows;
  if (const Entry* of = keys.find("of")) {
    if (of->value->kind == YamlNode::Kind::Scalar) {
      rows.resource = of->value->text;
      places.of = of->value->position;
    } else {
      add_shape_mistake(*of->value, "the name of a resource", mistakes_, "of: refunds");
      mark_untyped(field);
    }
  }
  if (const Entry* by = keys.find("by")) {
    rows.by = by->value->text;
    places.by = by->value->position;
  }
  const auto read = [&](const Entry& list, std::vector<std::string>& texts, std::vector<SourcePosition>& positions) {
    texts.clear();
    positions.clear();
    for (TextItem& item : read_texts(list, mistakes_)) {
      texts.push_back(std::move(item.text));
      positions.push_back(item.position);
    }
  };
  if (const Entry* show = keys.find("show")) read(*show, rows.show.emplace(), places.show);
  if (const Entry* ordering = keys.find("ordering")) read(*ordering, rows.ordering, places.ordering);
  const auto max = keys.integer("max");
  if (!max || (*max >= 1 && *max <= rows_max)) return;
  mistakes_.add(keys.find("max")->value->position, std::to_string(*max) + " rows at most",
                "1 to " + std::to_string(rows_max) + "; a list of its own has pages");
}

}  // namespace portico::model
