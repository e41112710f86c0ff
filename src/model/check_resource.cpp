#include "model/check_resource.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "model/name_rules.hpp"

namespace portico::model {
namespace {

constexpr std::size_t columns_max = 1'500;  // PostgreSQL takes 1,600, SQLite 2,000

constexpr std::array<std::string_view, 4> parameter_names = {"page", "page_size", "ordering", "q"};

/// A name that a field has in some versions.
struct NameSpan {
  VersionRange versions;
  const Field* field;
};

std::vector<std::pair<std::string_view, VersionRange>> names_of(const Field& field) {
  std::vector<std::pair<std::string_view, VersionRange>> names;
  int first = field.versions.first;
  for (const FormerName& former : field.former_names) {
    names.push_back({former.name, {.first = first, .last = former.until}});
    first = former.until + 1;
  }
  names.push_back({field.name, {.first = first, .last = field.versions.last}});
  return names;
}

class FieldsCheck {
 public:
  FieldsCheck(const std::vector<int>& versions, MistakeList& mistakes) : versions_(versions), mistakes_(mistakes) {}

  void check_names(const std::vector<Field>& siblings) {
    std::unordered_map<std::string_view, std::vector<NameSpan>> spans;
    for (const Field& field : siblings) {
      for (const auto& [name, range] : names_of(field)) {
        std::vector<NameSpan>& same_name = spans[name];
        for (const NameSpan& other : same_name) check_pair(name, {.versions = range, .field = &field}, other);
        same_name.push_back({.versions = range, .field = &field});
      }
      if (field.reference || field.rows) continue;  // their members were looked at where they are declared
      check_members(field.fields);
      check_names(field.fields);
      for (const Field& item : field.item) check_names(item.fields);
    }
  }

  void check_lists(const std::vector<Field>& fields) {
    for (const Field& field : fields) {
      if (!field.reference) check_lists(field.fields);
      if (!field.rows) check_in_list(field.item);
    }
  }

 private:
  void check_pair(std::string_view name, const NameSpan& later, const NameSpan& earlier) {
    const int first = std::max({later.versions.first, earlier.versions.first, versions_.front()});
    const int last = std::min({later.versions.last, earlier.versions.last, versions_.back()});
    if (first > last || later.field == earlier.field) return;
    mistakes_.add(later.field->position,
                  "in version " + std::to_string(first) + " two fields are called " + quoted(name),
                  "the other one is in line " + std::to_string(earlier.field->position.line));
  }

  void check_members(const std::vector<Field>& members) {
    for (const Field& member : members) {
      if (member.type != FieldType::File) continue;
      mistakes_.add(member.position, "a file inside an object",
                    "a file has a path below its row: put it beside the object");
    }
  }

  // A list is one column of the table, whatever it holds.
  void check_in_list(const std::vector<Field>& fields) {
    for (const Field& field : fields) {
      const bool has_column = !field.column.empty() || field.unique || field.indexed || field.lookups.any();
      if (field.type == FieldType::File) {
        mistakes_.add(field.position, "a file inside a list", "a file lies below its row: put it beside the list");
        continue;
      }
      if (field.reference) {
        mistakes_.add(field.position, "a reference inside a list",
                      "a list is one column as a whole; put the reference beside it");
        continue;
      }
      if (field.rows) {
        mistakes_.add(field.position, "a list of rows inside a list", "put it beside the list");
        continue;
      }
      if (has_column) {
        mistakes_.add(field.position, "inside a list, but with a column, a filter, an index or unique",
                      "a list is one column as a whole; take the key away");
      }
      check_in_list(field.fields);
      check_in_list(field.item);
    }
  }

  const std::vector<int>& versions_;
  MistakeList& mistakes_;
};

void check_parameter_names(const Resource& resource, MistakeList& mistakes) {
  for (const Field& field : resource.fields) {
    for (const auto& [name, range] : names_of(field)) {
      if (std::find(parameter_names.begin(), parameter_names.end(), name) == parameter_names.end()) continue;
      mistakes.add(field.position, "a field of a resource cannot be called " + quoted(name),
                   "it is a parameter of every list");
    }
  }
}

// SQLite takes column names for the same that differ in the case of ASCII letters only.
std::string lowered(std::string text) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  std::transform(text.begin(), text.end(), text.begin(), lower);
  return text;
}

/// Columns of the resource's own table, by leaf.
class ColumnsCheck {
 public:
  ColumnsCheck(const Resource& resource, Maker maker, MistakeList& mistakes)
      : resource_(resource), maker_(maker), mistakes_(mistakes) {}

  void check() {
    for (const Leaf& leaf : resource_.leaves) {
      if (leaf.join == 0) check_leaf(leaf);
    }
    if (resource_.leaves.size() > columns_max) {
      mistakes_.add(resource_.position, "a table of " + std::to_string(resource_.leaves.size()) + " columns",
                    "at most " + std::to_string(columns_max));
    }
  }

 private:
  void check_leaf(const Leaf& leaf) {
    if (leaf.field->column.empty()) {
      check_database_name({.name = leaf.column, .position = leaf.field->position, .what = "column"}, maker_,
                          mistakes_);
    }
    const auto [other, is_new] =
        leaf_by_column_.emplace(maker_ == Maker::Portico ? lowered(leaf.column) : leaf.column, &leaf);
    if (is_new) return;
    mistakes_.add(
        leaf.field->position,
        quoted(leaf.path) + " and " + quoted(other->second->path) + " are the same column, " + quoted(leaf.column),
        "give one of them another: column: …");
  }

  const Resource& resource_;
  Maker maker_;
  MistakeList& mistakes_;
  std::unordered_map<std::string, const Leaf*> leaf_by_column_;
};

}  // namespace

std::span<const std::string_view> list_parameters() {
  return parameter_names;
}

void check_names(const std::vector<Field>& fields, const std::vector<int>& versions, MistakeList& mistakes) {
  FieldsCheck check(versions, mistakes);
  check.check_names(fields);
  check.check_lists(fields);
}

void check_resource(const Resource& resource, const FieldRules& rules, MistakeList& mistakes) {
  check_names(resource.fields, rules.versions, mistakes);
  check_parameter_names(resource, mistakes);
  ColumnsCheck(resource, rules.maker, mistakes).check();
}

}  // namespace portico::model
