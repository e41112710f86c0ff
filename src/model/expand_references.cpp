#include "model/expand_references.hpp"

#include <algorithm>
#include <optional>

#include "base/text.hpp"
#include "model/copy_members.hpp"

namespace portico::model {
namespace {

constexpr std::size_t joins_max = 60;  // SQLite joins 64 tables at most

class Expander {
 public:
  Expander(std::span<ResourceDraft> drafts, FieldLoader& fields, MistakeList& mistakes)
      : drafts_(drafts), fields_(fields), mistakes_(mistakes) {
    for (const ResourceDraft& draft : drafts) names_.push_back(draft.resource->name);
  }

  void expand(Resource& resource) {
    expand_fields(resource.fields, resource);
    if (resource.joins.size() <= joins_max) return;
    mistakes_.add(resource.position,
                  quoted(resource.name) + " refers to " + std::to_string(resource.joins.size()) + " other rows",
                  "at most " + std::to_string(joins_max));
  }

 private:
  void expand_fields(std::vector<Field>& fields, Resource& resource) {
    for (Field& field : fields) {
      if (!field.reference) {
        expand_fields(field.fields, resource);
      } else if (!fields_.is_untyped(field) && !fill(field, resource)) {
        fields_.mark_untyped(field);  // what refers to its members is no mistake then
      }
    }
  }

  /// Whether the reference has its members now.
  bool fill(Field& field, Resource& resource) {
    const ReferencePlaces* places = fields_.reference_places(field);
    if (places == nullptr) return false;
    const ResourceDraft* target = find_target(*field.reference, *places);
    if (target == nullptr) return false;
    const Resource& other = *target->resource;
    auto members = members_of(other, *field.reference, *places);
    if (!members || !fields_.has_room(count_fields(*members), field.position)) return false;
    field.fields = *std::move(members);
    // Rows of other accounts are not shown, whatever the column says.
    field.nullable = field.nullable || !other.owner_column.empty();
    field.reference->join = join_index({.table = other.table,
                                        .schema = other.schema,
                                        .key_column = other.leaves[other.key.front()].column,
                                        .owner_column = other.owner_column,
                                        .column = field.reference->column},
                                       resource);
    return true;
  }

  const ResourceDraft* find_target(const Reference& reference, const ReferencePlaces& places) {
    const auto found = std::find(names_.begin(), names_.end(), reference.resource);
    if (found == names_.end()) {
      mistakes_.add_unknown({.position = places.to, .what = "resource", .name = reference.resource}, names_);
      return nullptr;
    }
    const ResourceDraft& draft = drafts_[static_cast<std::size_t>(found - names_.begin())];
    const Resource& target = *draft.resource;
    if (target.is_keyless || target.key.size() > 1) {
      mistakes_.add(places.to,
                    quoted(target.name) + (target.is_keyless ? " has no key" : " has a key of several fields"),
                    "a reference leads to a resource whose key is one field; its column holds that key");
      return nullptr;
    }
    return target.key.empty() ? nullptr : &draft;  // without a key it has a mistake of its own
  }

  std::optional<std::vector<Field>> members_of(const Resource& target, const Reference& reference,
                                               const ReferencePlaces& places) {
    if (reference.show.empty()) return copy_members(target);
    return copy_members(
        target, {.names = reference.show, .positions = places.show, .otherwise = places.to, .within = "references"},
        mistakes_);
  }

  static std::size_t join_index(Join join, Resource& resource) {
    const auto same = std::find(resource.joins.begin(), resource.joins.end(), join);
    const auto index = static_cast<std::size_t>(same - resource.joins.begin()) + 1;
    if (same == resource.joins.end()) resource.joins.push_back(std::move(join));
    return index;
  }

  std::span<ResourceDraft> drafts_;
  FieldLoader& fields_;
  MistakeList& mistakes_;
  std::vector<std::string> names_;
};

}  // namespace

void expand_references(std::span<ResourceDraft> drafts, FieldLoader& fields, MistakeList& mistakes) {
  Expander expander(drafts, fields, mistakes);
  for (ResourceDraft& draft : drafts) expander.expand(*draft.resource);
}

}  // namespace portico::model
