#include "model/copy_members.hpp"

#include <algorithm>

namespace portico::model {
namespace {

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
      if (field.hidden || field.rows || field.type == FieldType::File) {  // a file's link is shown with its own row
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

void add_not_shown(const Resource& target, const UnknownName& name, std::span<const std::string> known,
                   std::string_view within, MistakeList& mistakes) {
  const auto field = std::find_if(target.fields.begin(), target.fields.end(),
                                  [&name](const Field& candidate) { return candidate.name == name.name; });
  const bool is_reference = field != target.fields.end() && field->reference;
  const bool is_rows = field != target.fields.end() && field->rows;
  if (field != target.fields.end() && field->type == FieldType::File) {
    mistakes.add(name.position, quoted(name.name) + " is a file", "files are shown with their own row alone");
  } else if (is_reference) {
    mistakes.add(name.position, quoted(name.name) + " is a reference itself",
                 "references inside " + std::string(within) + " are not followed; show the field of its column " +
                     quoted(field->reference->column));
  } else if (is_rows) {
    mistakes.add(name.position, quoted(name.name) + " is a list of rows itself",
                 "rows inside " + std::string(within) + " are not shown");
  } else {
    mistakes.add_unknown(name, known);
  }
}

}  // namespace

std::vector<Field> copy_members(const Resource& target) {
  return MemberCopy(target).all();
}

std::optional<std::vector<Field>> copy_members(const Resource& target, const MemberChoice& choice,
                                               MistakeList& mistakes) {
  std::vector<Field> all = copy_members(target);
  std::vector<std::string> known;
  for (const Field& field : all) known.push_back(field.name);
  std::vector<Field> chosen;
  for (std::size_t i = 0; i < choice.names.size(); ++i) {
    const std::string& name = choice.names[i];
    const auto member = std::find(known.begin(), known.end(), name);
    if (member != known.end()) {
      chosen.push_back(std::move(all[static_cast<std::size_t>(member - known.begin())]));
    } else {
      // Through an alias something else may stand in the same place.
      const SourcePosition position = i < choice.positions.size() ? choice.positions[i] : choice.otherwise;
      add_not_shown(target, {.position = position, .what = "field", .name = name}, known, choice.within, mistakes);
    }
  }
  if (chosen.size() < choice.names.size()) return std::nullopt;
  return chosen;
}

std::size_t count_fields(const std::vector<Field>& fields) {
  std::size_t count = fields.size();
  for (const Field& field : fields) count += count_fields(field.fields) + count_fields(field.item);
  return count;
}

}  // namespace portico::model
