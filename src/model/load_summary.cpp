// Grammar of an aggregate, for example `sum(amount)`:
//   aggregate = "count" "(" [NAME] ")" | ("sum" | "min" | "max") "(" NAME ")"
#include "model/load_summary.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "model/expression_tokens.hpp"
#include "model/name_rules.hpp"

namespace portico::model {
namespace {

using Function = Aggregate::Function;
using TokenKind = ExpressionToken::Kind;

constexpr TypeSet ordered_types = scalar_types & ~type_bit(FieldType::Boolean);

struct AggregateName {
  std::string_view name;
  Function function;  ///< with a field
  TypeSet types;      ///< of the field
  std::string_view example;
};
constexpr std::array<AggregateName, 4> aggregates = {{
    {"count", Function::Values, leaf_types, "count(), or count(confirmed): how many have it"},
    {"sum", Function::Sum, number_types, "sum(amount)"},
    {"min", Function::Least, ordered_types, "min(created)"},
    {"max", Function::Greatest, ordered_types, "max(created)"},
}};

class SummaryLoader {
 public:
  SummaryLoader(const SummarySetting& setting, MistakeList& mistakes)
      : setting_(setting), resource_(setting.resource), mistakes_(mistakes) {}

  std::unique_ptr<const Summary> load(const Entry& entry) {
    const auto keys = read_keys(
        {.node = *entry.value, .position = entry.position, .what = "a summary", .keys = summary_keys()}, mistakes_);
    if (!keys) return nullptr;
    auto summary = std::make_unique<Summary>();
    summary->position = entry.position;
    summary->description = keys->text("description").value_or("");
    summary->is_public = keys->boolean("public_key").value_or(false);
    auto shape = std::make_unique<Resource>();
    shape->name = resource_.name;
    shape->singular = resource_.singular;
    shape->position = entry.position;
    if (const Entry* fields = keys->find("fields")) load_fields(*fields, *summary, *shape);
    index_leaves(*shape);
    if (mistakes_.empty()) {
      for (const int version : setting_.versions) shape->views.push_back(make_view(*shape, version));
    }
    summary->shape = std::move(shape);
    return summary;
  }

 private:
  void load_fields(const Entry& map, Summary& summary, Resource& shape) {
    for (const Entry& entry : read_entries(*map.value, mistakes_)) {
      check_field_name({.name = entry.name, .position = entry.position, .what = "field"}, mistakes_);
      if (entry.value->kind != YamlNode::Kind::Scalar) {
        add_shape_mistake(*entry.value, "an aggregate", mistakes_, "as sum(amount)");
        continue;
      }
      const auto aggregate = load_aggregate(*entry.value);
      if (!aggregate) continue;
      summary.aggregates.push_back(*aggregate);
      shape.fields.push_back(field_of(*aggregate));
      shape.fields.back().name = entry.name;
      shape.fields.back().position = entry.position;
    }
    if (map.value->items.empty()) {
      mistakes_.add(map.value->position, "a summary without fields", "fields: {count: count()}");
    }
  }

  [[nodiscard]] Field field_of(const Aggregate& aggregate) const {
    Field field;
    field.type = FieldType::Integer;
    if (aggregate.function == Function::Rows || aggregate.function == Function::Values) return field;
    const Leaf& leaf = resource_.leaves[aggregate.leaf];
    field.type = leaf.field->type;
    field.choices = leaf.field->choices;
    field.nullable = leaf.nullable && aggregate.function != Function::Sum;
    return field;
  }

  std::optional<Aggregate> load_aggregate(const YamlNode& node) {
    auto read = expression_tokens(node.text);
    if (auto* fault = std::get_if<ExpressionFault>(&read)) {
      return fail(node, fault->offset, std::move(fault->message), std::move(fault->hint));
    }
    const auto& tokens = std::get<std::vector<ExpressionToken>>(read);
    const auto is_operator = [&tokens](std::size_t at, std::string_view symbol) {
      return at < tokens.size() && tokens[at].kind == TokenKind::Operator && tokens[at].text == symbol;
    };
    const ExpressionToken& first = tokens.front();
    const auto found = std::find_if(aggregates.begin(), aggregates.end(),
                                    [&first](const AggregateName& row) { return row.name == first.text; });
    if (first.kind == TokenKind::Name && found == aggregates.end()) return fail_unknown(node, first);
    const bool has_field = tokens.size() > 2 && tokens[2].kind == TokenKind::Name;
    const std::size_t end = has_field ? 3 : 2;
    if (first.kind != TokenKind::Name || !is_operator(1, "(") || !is_operator(end, ")") ||
        tokens[end + 1].kind != TokenKind::End) {
      return fail(node, 0, quoted(node.text) + " is no aggregate of one field",
                  "count(), sum(amount), min(created) or max(created)");
    }
    if (has_field) return of_field(node, *found, tokens[2]);
    if (found->function == Function::Values) return Aggregate{.function = Function::Rows};
    return fail(node, first.offset, quoted(first.text) + " of nothing", std::string(found->example));
  }

  std::optional<Aggregate> of_field(const YamlNode& node, const AggregateName& aggregate,
                                    const ExpressionToken& name) {
    if (leads_into_untyped(setting_.fields, resource_.fields, name.text)) return std::nullopt;
    const auto leaf = find_leaf(resource_, name.text);
    if (!leaf) {
      std::vector<std::string> known;
      for (const Leaf& one : resource_.leaves) {
        if (one.join == 0) known.push_back(dotted(one.path));
      }
      mistakes_.add_unknown({.position = position_within(node, name.offset), .what = "field", .name = name.text},
                            known);
      return std::nullopt;
    }
    if (resource_.leaves[*leaf].join != 0) {
      return fail(node, name.offset, quoted(name.text) + " is shown of another resource's row",
                  "an aggregate is of a field of the resource's own");
    }
    const FieldType type = resource_.leaves[*leaf].field->type;
    if (!contains(aggregate.types, type)) {
      return fail(node, name.offset,
                  quoted(name.text) + " is of type " + std::string(name_of(type)) + ", which has no " +
                      std::string(aggregate.name),
                  std::string(aggregate.name) + " is of " + base::enumerated(names_of(aggregate.types)));
    }
    return Aggregate{.function = aggregate.function, .leaf = *leaf};
  }

  std::nullopt_t fail_unknown(const YamlNode& node, const ExpressionToken& name) {
    std::vector<std::string> known;
    for (const AggregateName& row : aggregates) known.emplace_back(row.name);
    mistakes_.add_unknown({.position = position_within(node, name.offset), .what = "aggregate", .name = name.text},
                          known);
    return std::nullopt;
  }

  std::nullopt_t fail(const YamlNode& node, std::size_t offset, std::string message, std::string hint) {
    mistakes_.add(position_within(node, offset), std::move(message), std::move(hint));
    return std::nullopt;
  }

  const SummarySetting& setting_;
  const Resource& resource_;
  MistakeList& mistakes_;
};

}  // namespace

std::unique_ptr<const Summary> load_summary(const Entry& entry, const SummarySetting& setting,
                                            MistakeList& mistakes) {
  auto summary = SummaryLoader(setting, mistakes).load(entry);
  const bool is_object = setting.resource.is_object_path();
  if (is_object || !contains(setting.resource.operations, OperationKind::List)) {
    mistakes.add(entry.position, is_object ? "a summary of one row" : "a summary of rows that are not listed",
                 is_object ? "it goes with the path of a collection" : "operations: [list]");
  }
  return summary;
}

}  // namespace portico::model
