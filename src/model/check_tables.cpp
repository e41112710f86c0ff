#include <algorithm>

#include "base/ascii.hpp"
#include "model/load_writes.hpp"

namespace portico::model {
namespace {

// SQLite takes names for the same that differ in the case of ASCII letters only.
bool is_same_name(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(), [](char ours, char theirs) {
    return base::to_ascii_lower(ours) == base::to_ascii_lower(theirs);
  });
}

bool writes(const Resource& resource) {
  constexpr OperationSet reading = operation_bit(OperationKind::List) | operation_bit(OperationKind::Retrieve);
  return (resource.operations & ~reading) != 0 || !resource.actions.empty();
}

bool is_same_kind(const Field& left, const Field& right);

bool are_same_kind(const std::vector<Field>& left, const std::vector<Field>& right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(), [](const Field& ours, const Field& theirs) {
    return ours.name == theirs.name && is_same_kind(ours, theirs);
  });
}

/// Whether what one holds, the other can hold as well.
bool is_same_kind(const Field& left, const Field& right) {
  const auto has = [](const Field& field) {
    return [&field](const base::Value& value) {
      return std::find(field.choices.begin(), field.choices.end(), value) != field.choices.end();
    };
  };
  return left.type == right.type && left.choices.size() == right.choices.size() &&
         std::all_of(left.choices.begin(), left.choices.end(), has(right)) && left.item.size() == right.item.size() &&
         (left.item.empty() || is_same_kind(left.item.front(), right.item.front())) &&
         are_same_kind(left.fields, right.fields);
}

/// Two resources over one table.
class PairCheck {
 public:
  PairCheck(const Resource& earlier, const Resource& later, MistakeList& mistakes)
      : earlier_(earlier), later_(later), mistakes_(mistakes) {}

  void check() {
    if (earlier_.table != later_.table) {
      mistakes_.add(later_.position,
                    "the tables " + quoted(earlier_.table) + " and " + quoted(later_.table) + " differ in case alone",
                    "SQLite takes them for one table");
      return;
    }
    for (const Leaf& leaf : later_.leaves) {
      if (leaf.join == 0) check_column(leaf);
    }
    if (key_columns(earlier_) != key_columns(later_)) {
      mistakes_.add(later_.position, names() + " are one table with two keys", "the same key for both");
    }
    const bool any_writes = writes(earlier_) || writes(later_);
    if (any_writes && earlier_.owner_column != later_.owner_column) {
      mistakes_.add(later_.position, names() + " are one table with two owners",
                    "what is written through one belongs to the same account in the other: the same owner");
    }
    check_created(earlier_, later_);
    check_created(later_, earlier_);
    check_deleted(earlier_, later_);
    check_deleted(later_, earlier_);
  }

 private:
  [[nodiscard]] std::string names() const { return quoted(earlier_.name) + " and " + quoted(later_.name); }

  static std::vector<std::string> key_columns(const Resource& resource) {
    std::vector<std::string> columns;
    if (resource.is_keyless) return columns;
    for (const std::size_t leaf : resource.key) columns.push_back(resource.leaves[leaf].column);
    return columns;
  }

  static const Leaf* find_column(const Resource& resource, std::string_view column) {
    for (const Leaf& leaf : resource.leaves) {
      if (leaf.join == 0 && is_same_name(leaf.column, column)) return &leaf;
    }
    return nullptr;
  }

  void check_column(const Leaf& leaf) {
    const Leaf* other = find_column(earlier_, leaf.column);
    if (other == nullptr) return;
    const std::string both = quoted(other->path) + " of " + quoted(earlier_.name) + " and " + quoted(leaf.path) +
                             " of " + quoted(later_.name) + " are the same column";
    if (other->column != leaf.column) {
      mistakes_.add(leaf.field->position, both + ", but differ in case", "the same column: …");
    } else if (!is_same_kind(*leaf.field, *other->field)) {
      mistakes_.add(leaf.field->position, both + " with two types", "the same type, choices and items for both");
    } else if (leaf.nullable != other->nullable) {
      mistakes_.add(leaf.field->position, both + ", but only one may be null", "the same null for both");
    }
  }

  /// A new row has null in every column that its resource does not know.
  void check_created(const Resource& writer, const Resource& reader) {
    if (!contains(writer.operations, OperationKind::Create)) return;
    for (const Leaf& leaf : reader.leaves) {
      const bool is_given = leaf.join != 0 || leaf.nullable || is_same_name(leaf.column, writer.owner_column) ||
                            find_column(writer, leaf.column) != nullptr;
      if (is_given) continue;
      mistakes_.add(leaf.field->position,
                    "rows that " + quoted(writer.name) + " creates in the same table have no " + quoted(leaf.path),
                    "null: yes; or a field with the column " + quoted(leaf.column) + " in " + quoted(writer.name) +
                        ", which may be hidden and have a default");
    }
  }

  /// Files go with their row: who deletes it knows of them.
  void check_deleted(const Resource& deleter, const Resource& owner) {
    constexpr OperationSet deleting = operation_bit(OperationKind::Delete) | operation_bit(OperationKind::Clear);
    if ((deleter.operations & deleting) == 0) return;
    for (const Leaf& leaf : owner.leaves) {
      if (leaf.field->type != FieldType::File || leaf.join != 0 || find_column(deleter, leaf.column) != nullptr) {
        continue;
      }
      mistakes_.add(deleter.position,
                    "rows that " + quoted(deleter.name) + " deletes would leave the file " + quoted(leaf.path) +
                        " of " + quoted(owner.name) + " behind",
                    "a field of type file with the column " + quoted(leaf.column) + " in " + quoted(deleter.name) +
                        ", which may be hidden");
    }
  }

  const Resource& earlier_;
  const Resource& later_;
  MistakeList& mistakes_;
};

}  // namespace

void check_tables(std::span<const ResourceDraft> drafts, const ResourceSetting& setting, MistakeList& mistakes) {
  if (setting.maker == Maker::Others) return;  // tables of others are only read
  for (std::size_t later = 0; later < drafts.size(); ++later) {
    const Resource& resource = *drafts[later].resource;
    if (resource.fields.empty() || resource.key.empty()) continue;  // has a mistake of its own
    for (std::size_t earlier = 0; earlier < later; ++earlier) {
      const Resource& other = *drafts[earlier].resource;
      if (other.fields.empty() || other.key.empty() || !is_same_name(other.table, resource.table)) continue;
      PairCheck(other, resource, mistakes).check();
    }
  }
}

}  // namespace portico::model
