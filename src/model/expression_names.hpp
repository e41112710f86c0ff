#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/load_resource.hpp"

namespace portico::model {

/// A name that stands for a value of the description: of the item of an answer's list that is being read.
struct ItemValue {
  std::string name;
  base::Value value;  ///< an integer or a text
};

/// Where an expression stands, as far as functions ask.
enum class ExpressionPlace : std::uint8_t { Row, Computed };

/// What the names of an expression may stand for. Refers to its parts; all leaves are indexed.
struct ExpressionScope {
  const Resource* row = nullptr;    ///< whose own fields, and those of rows that it refers to; null: none
  const Resource* input = nullptr;  ///< an action's body, or a computed resource's parameters and formulas, whose
                                    ///< names come first; null: there is none
  std::span<const ResourceDraft> resources;
  const FieldLoader& fields;
  std::string_view why_no_names = {};     ///< the hint, where there is neither row nor input
  std::span<const ItemValue> items = {};  ///< come before all others
  ExpressionPlace place = ExpressionPlace::Row;
};

/// A name with its meaning.
struct NamedValue {
  Expression expression;         ///< Leaf, Parent, Input, Item or Literal; a formula's
  const Field* field = nullptr;  ///< null: a formula, or a Literal
};

/// What an expression's value is where a field of that kind has it.
[[nodiscard]] ExpressionType expression_type(const Field& field);

/// `customer.phone.number`, as expressions write the path `customer-phone-number`.
[[nodiscard]] std::string dotted(std::string path);

/// The resource of that name, or null.
[[nodiscard]] const Resource* find_resource(std::span<const ResourceDraft> resources, std::string_view name);

/// The index of the leaf whose path that is, with dots, or nothing.
[[nodiscard]] std::optional<std::size_t> find_leaf(const Resource& resource, std::string_view dotted_path);

/// Whether a path with dots leads into a field that has a mistake already.
[[nodiscard]] bool leads_into_untyped(const FieldLoader& loader, const std::vector<Field>& fields,
                                      std::string_view dotted_path);

/// Looks names up, and tells what is wrong with those that stand for nothing.
class ExpressionNames {
 public:
  ExpressionNames(const ExpressionScope& scope, MistakeList& mistakes) : scope_(scope), mistakes_(mistakes) {}

  /// Within `sum` and `count`: the list whose items' members come before all others; null: outside.
  void look_into(const Field* list) { list_ = list; }

  /// Nothing was a mistake, told here or before.
  [[nodiscard]] std::optional<NamedValue> find(const std::string& name, SourcePosition position);

  /// What a word of other languages is here; empty for any other name.
  [[nodiscard]] static std::string_view hint_for(std::string_view word);

  /// The field that a Leaf, Parent or Input expression stands for; null for any other.
  [[nodiscard]] static const Field* field_of(const Expression& expression, const ExpressionScope& scope);

 private:
  [[nodiscard]] std::optional<NamedValue> find_value(const std::string& name) const;
  [[nodiscard]] std::optional<NamedValue> find_item(const std::string& name) const;
  [[nodiscard]] std::optional<NamedValue> find_input(const std::string& name) const;
  [[nodiscard]] std::optional<NamedValue> find_formula(const std::string& name) const;
  [[nodiscard]] std::optional<NamedValue> find_referred(const std::string& name) const;
  [[nodiscard]] bool is_choice(std::string_view name) const;
  [[nodiscard]] bool is_told(const std::string& name, SourcePosition position);
  [[nodiscard]] std::vector<std::string> known_names() const;

  const ExpressionScope& scope_;
  MistakeList& mistakes_;
  const Field* list_ = nullptr;
};

}  // namespace portico::model
