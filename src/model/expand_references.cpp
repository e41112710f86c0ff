#include "model/expand_references.hpp"

#include <algorithm>
#include <optional>

#include "base/text.hpp"

namespace portico::model {
namespace {

constexpr std::size_t joins_max = 60;  // SQLite joins 64 tables at most

/// Copies a resource's own fields as members of a reference to it. Precondition: the target's leaves are those of
/// its own fields.
class MemberCopy {
 public:
  explicit MemberCopy(const Resource& target) : target_(target) {}

  std::vector<Field> all() { return copied(target_.fields); }

 private:
  // Leaves stand in the order of the fields, so that counting finds each leaf's column.
  std::vector<Field> copied(const std::vector<Field>& fields) {
    std::vector<Field> members;
    for (const Field& field : fields) {
      if (field.reference) continue;
      if (field.hidden || field.type == FieldType::File) {  // a file's link is shown with its own row
        next_leaf_ += leaf_count(field);
        continue;
      }
      Field member = without_members(field);
      if (field.is_leaf()) {
        member.column = target_.leaves[next_leaf_++].column;
        member.item = field.item;
      } else {
        member.fields = copied(field.fields);
        if (member.fields.empty()) continue;
      }
      members.push_back(std::move(member));
    }
    return members;
  }

  static std::size_t leaf_count(const Field& field) {
    if (field.is_leaf()) return 1;
    std::size_t count = 0;
    for (const Field& member : field.fields) count += leaf_count(member);
    return count;
  }

  static Field without_members(const Field& field) {
    return Field{.name = field.name,
                 .type = field.type,
                 .versions = field.versions,
                 .former_names = field.former_names,
                 .nullable = field.nullable,
                 .required = false,
                 .read_only = true,
                 .unique = false,
                 .indexed = false,
                 .lookups = field.lookups,
                 .choices = field.choices,
                 .min = field.min,
                 .max = field.max,
                 .max_length = field.max_length,
                 .storage = field.storage,
                 .description = field.description,
                 .position = field.position};
  }

  const Resource& target_;
  std::size_t next_leaf_ = 0;
};

std::size_t size_of(const std::vector<Field>& fields) {
  std::size_t size = fields.size();
  for (const Field& field : fields) size += size_of(field.fields) + size_of(field.item);
  return size;
}

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
    if (!members || !fields_.has_room(size_of(*members), field.position)) return false;
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
    std::vector<Field> all = MemberCopy(target).all();
    if (reference.show.empty()) return all;
    std::vector<std::string> known;
    for (const Field& field : all) known.push_back(field.name);
    std::vector<Field> shown;
    for (std::size_t i = 0; i < reference.show.size(); ++i) {
      const std::string& name = reference.show[i];
      const auto member = std::find(known.begin(), known.end(), name);
      if (member != known.end()) {
        shown.push_back(std::move(all[static_cast<std::size_t>(member - known.begin())]));
      } else {
        // Through an alias something else may stand in the same place.
        const SourcePosition position = i < places.show.size() ? places.show[i] : places.to;
        add_not_shown(target, {.position = position, .what = "field", .name = name}, known);
      }
    }
    if (shown.size() < reference.show.size()) return std::nullopt;
    return shown;
  }

  void add_not_shown(const Resource& target, const UnknownName& name, std::span<const std::string> known) {
    const auto field = std::find_if(target.fields.begin(), target.fields.end(),
                                    [&name](const Field& candidate) { return candidate.name == name.name; });
    if (field != target.fields.end() && field->type == FieldType::File) {
      mistakes_.add(name.position, quoted(name.name) + " is a file", "files are shown with their own row alone");
      return;
    }
    if (field == target.fields.end() || !field->reference) {
      mistakes_.add_unknown(name, known);
      return;
    }
    mistakes_.add(name.position, quoted(name.name) + " is a reference itself",
                  "references inside references are not followed; show the field of its column " +
                      quoted(field->reference->column));
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
