#include "model/load_relations.hpp"

#include <algorithm>
#include <optional>

#include "model/copy_members.hpp"
#include "model/expression_names.hpp"

namespace portico::model {
namespace {

constexpr std::size_t leaves_shown_max = 200;  // each is a part of one expression, which SQLite bounds

std::size_t count_leaves(const std::vector<Field>& fields) {
  std::size_t count = 0;
  for (const Field& field : fields) count += field.is_leaf() ? 1 : count_leaves(field.fields);
  return count;
}

/// Gives lists of rows their members.
class RowsExpander {
 public:
  RowsExpander(std::span<ResourceDraft> drafts, FieldLoader& fields, MistakeList& mistakes)
      : drafts_(drafts), fields_(fields), mistakes_(mistakes) {}

  void expand(Resource& resource) {
    for (Field& field : resource.fields) {
      if (!field.rows) {
        refuse_inside(field.fields);
      } else if (!fields_.is_untyped(field) && !fill(field, resource)) {
        fields_.mark_untyped(field);
      }
    }
  }

 private:
  void refuse_inside(const std::vector<Field>& fields) {
    for (const Field& field : fields) {
      if (field.rows) {
        mistakes_.add(field.position, "a list of rows inside an object", "put it beside the object");
      }
      refuse_inside(field.fields);
    }
  }

  /// Whether the list has its members now.
  bool fill(Field& field, const Resource& resource) {
    const RowsPlaces* places = fields_.rows_places(field);
    const Resource* other = places == nullptr ? nullptr : find_other(field, *places);
    if (other == nullptr || !has_plain_key(resource, field)) return false;
    const RowsOf& rows = *field.rows;
    auto members =
        rows.show
            ? copy_members(
                  *other, {.names = *rows.show, .positions = places->show, .otherwise = places->of, .within = "rows"},
                  mistakes_)
            : copy_members(*other);
    if (!members || !fields_.has_room(count_fields(*members), field.position)) return false;
    if (count_leaves(*members) > leaves_shown_max) {
      mistakes_.add(field.position, "rows of " + std::to_string(count_leaves(*members)) + " values",
                    "at most " + std::to_string(leaves_shown_max) + "; show: […] says which");
      return false;
    }
    field.item.front().fields = *std::move(members);
    return true;
  }

  const Resource* find_other(const Field& field, const RowsPlaces& places) {
    const Resource* other = find_resource(drafts_, field.rows->resource);
    if (other != nullptr) return other->fields.empty() ? nullptr : other;  // without fields it has its own mistake
    std::vector<std::string> known;
    for (const ResourceDraft& draft : drafts_) known.push_back(draft.resource->name);
    mistakes_.add_unknown({.position = places.of, .what = "resource", .name = field.rows->resource}, known);
    return nullptr;
  }

  bool has_plain_key(const Resource& resource, const Field& field) {
    if (!resource.is_keyless && resource.key.size() <= 1) return !resource.key.empty();
    mistakes_.add(field.position,
                  quoted(resource.name) + (resource.is_keyless ? " has no key" : " has a key of several fields"),
                  "rows refer to a resource by its key, which is one field");
    return false;
  }

  std::span<ResourceDraft> drafts_;
  FieldLoader& fields_;
  MistakeList& mistakes_;
};

/// Looks up what the lists of rows of one resource name.
class RelationLoader {
 public:
  RelationLoader(Resource& resource, std::span<const ResourceDraft> drafts, const FieldLoader& fields,
                 MistakeList& mistakes)
      : resource_(resource), drafts_(drafts), fields_(fields), mistakes_(mistakes) {}

  void load() {
    for (std::size_t leaf = 0; leaf < resource_.leaves.size(); ++leaf) {
      if (resource_.leaves[leaf].relation != 0) add_relation(leaf);
    }
  }

 private:
  void add_relation(std::size_t leaf) {
    const Field& field = *resource_.leaves[leaf].field;
    const RowsPlaces* places = fields_.rows_places(field);
    const Resource* other = find_resource(drafts_, field.rows->resource);
    if (fields_.is_untyped(field) || places == nullptr || other == nullptr) return;
    Relation relation{.leaf = leaf, .resource = other};
    if (const auto by = find_by(field, *other, places->by)) relation.by = *by;
    load_order(field, *places, relation);
    resource_.relations.push_back(std::move(relation));
  }

  /// The field of those rows that refers to ours.
  std::optional<std::size_t> find_by(const Field& field, const Resource& other, SourcePosition position) {
    const std::string& path = field.rows->by;
    const auto leaf = find_leaf(other, path);
    if (leaf && refers_here(other, *leaf)) return leaf;
    if (leads_into_untyped(fields_, other.fields, path)) return std::nullopt;
    std::vector<std::string> referring;
    for (std::size_t i = 0; i < other.leaves.size(); ++i) {
      if (refers_here(other, i)) referring.push_back(other.leaves[i].path);
    }
    if (leaf) {
      mistakes_.add(
          position, quoted(path) + " of " + quoted(other.name) + " does not refer to " + quoted(resource_.name),
          referring.empty() ? "add refers: " + resource_.name + " to the field" : "by: " + referring.front());
    } else if (!referring.empty()) {
      mistakes_.add_unknown({.position = position, .what = "field", .name = path}, referring);
    } else {
      mistakes_.add(position, quoted(other.name) + " has no field " + quoted(path),
                    "a field of it that refers to this resource: {refers: " + resource_.name + "}");
    }
    return std::nullopt;
  }

  /// Whatever resource of our table it names.
  bool refers_here(const Resource& other, std::size_t leaf) const {
    if (other.leaves[leaf].join != 0) return false;
    const std::string& refers = other.leaves[leaf].field->refers;
    const Resource* referred = refers.empty() ? nullptr : find_resource(drafts_, refers);
    return referred != nullptr && referred->table == resource_.table && referred->schema == resource_.schema;
  }

  void load_order(const Field& field, const RowsPlaces& places, Relation& relation) {
    const Resource& other = *relation.resource;
    for (std::size_t i = 0; i < field.rows->ordering.size(); ++i) {
      std::string path = field.rows->ordering[i];
      const bool descends = path.starts_with('-');
      if (descends) path.erase(0, 1);
      const SourcePosition position = i < places.ordering.size() ? places.ordering[i] : places.of;
      const auto leaf = find_leaf(other, path);
      if (leads_into_untyped(fields_, other.fields, path)) continue;
      if (!leaf) {
        std::vector<std::string> known;
        for (const Leaf& each : other.leaves) known.push_back(each.path);
        mistakes_.add_unknown({.position = position, .what = "field", .name = path}, known);
        continue;
      }
      const auto same = [&leaf](const OrderTerm& term) { return term.leaf == *leaf; };
      if (std::any_of(relation.order.begin(), relation.order.end(), same)) {
        mistakes_.add(position, quoted(path) + " stands here a second time");
      } else if (!contains(scalar_types, other.leaves[*leaf].field->type)) {
        mistakes_.add(position, "nothing can be sorted by " + quoted(path),
                      "a field with one plain value, no list and no json");
      }
      relation.order.push_back({.leaf = *leaf, .direction = descends ? Direction::Descending : Direction::Ascending});
    }
    const auto direction = relation.order.empty() ? Direction::Ascending : relation.order.back().direction;
    for (const std::size_t key : other.key) {
      const auto same = [key](const OrderTerm& term) { return term.leaf == key; };
      if (std::none_of(relation.order.begin(), relation.order.end(), same))
        relation.order.push_back({key, direction});
    }
  }

  Resource& resource_;
  std::span<const ResourceDraft> drafts_;
  const FieldLoader& fields_;
  MistakeList& mistakes_;
};

}  // namespace

void expand_rows(std::span<ResourceDraft> drafts, FieldLoader& fields, MistakeList& mistakes) {
  RowsExpander expander(drafts, fields, mistakes);
  for (ResourceDraft& draft : drafts) expander.expand(*draft.resource);
}

void load_relations(std::span<ResourceDraft> drafts, const FieldLoader& fields, MistakeList& mistakes) {
  for (ResourceDraft& draft : drafts) RelationLoader(*draft.resource, drafts, fields, mistakes).load();
}

}  // namespace portico::model
