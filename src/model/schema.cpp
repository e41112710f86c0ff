// The JSON Schema of descriptions, made from the tables in keys.cpp, field_types.cpp and limit_names.cpp.
#include <string>

#include "model/check_field.hpp"
#include "model/keys.hpp"
#include "model/limit_names.hpp"
#include "model/load_yaml.hpp"

namespace portico::model {
namespace {

constexpr std::string_view dashed_name_schema = R"({"pattern": "^[a-z][a-z0-9]*([-_][a-z0-9]+)*$"})";
constexpr std::string_view field_name_schema = R"({"pattern": "^[a-z][a-z0-9]*(_[a-z0-9]+)*$"})";

// A path of fields, and what it becomes.
constexpr std::string_view effects_schema =
    R"({"type": "object", "minProperties": 1, )"
    R"("propertyNames": {"pattern": "^[a-z][a-z0-9_]*([.][a-z][a-z0-9_]*)*$"}, )"
    R"("additionalProperties": {"$ref": "#/$defs/expression"}})";
constexpr std::string_view expression_schema =
    R"({"type": ["string", "integer", "boolean"], )"
    R"("description": "An expression, as docs/expressions.md has it: total_amount - refunded_amount"})";

// sum(amount), count(), min(customer.created)
constexpr std::string_view aggregate_schema =
    R"({"type": "string", "pattern": "^ *(count|sum|min|max) *[(] *([a-z][a-z0-9_]*([.][a-z][a-z0-9_]*)*)? *[)] *$"})";
constexpr std::string_view any_resource_schema =
    R"({"if": {"type": "object", "required": ["computed"], "properties": {"computed": {"enum": [true, "yes"]}}}, )"
    R"("then": {"$ref": "#/$defs/computed"}, "else": {"$ref": "#/$defs/resource"}})";

std::string json_text(std::string_view text) {
  std::string json = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') json.push_back('\\');
    json.push_back(c);
  }
  return json + "\"";
}

std::string_view shape_schema(Shape shape) {
  switch (shape) {
    case Shape::Text:
      return R"("type": "string")";
    // An editor may read YAML 1.2, where yes and no are texts.
    case Shape::Boolean:
      return R"("enum": [true, false, "yes", "no"])";
    case Shape::Integer:
      return R"("type": "integer")";
    case Shape::Texts:
      return R"("type": "array", "items": {"type": "string"}, "uniqueItems": true)";
    case Shape::TextOrTexts:
      return R"("anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "uniqueItems": true}])";
    case Shape::Integers:
      return R"("type": "array", "items": {"type": "integer"})";
    case Shape::Map:
      return R"("type": "object")";
    case Shape::Maps:
      return R"("type": "array", "items": {"type": "object"})";
    case Shape::Any:
      return "";
  }
  return "";
}

/// `"key": {…}` for each row, and which of them must be there.
std::string object_schema(std::span<const Key> keys, std::string_view indent) {
  std::string properties;
  std::string required;
  for (const Key& key : keys) {
    if (!properties.empty()) properties += ",";
    properties.append("\n").append(indent).append("    ").append(json_text(key.name)).append(": {");
    properties.append(key.schema.empty() ? shape_schema(key.shape) : key.schema);
    properties.append(", \"description\": ").append(json_text(key.about)).append("}");
    if (key.presence != Presence::Required) continue;
    if (!required.empty()) required += ", ";
    required += json_text(key.name);
  }
  std::string schema = "\"type\": \"object\", \"additionalProperties\": false, \"required\": [" + required + "],\n";
  schema.append(indent).append("  \"properties\": {").append(properties).append("\n").append(indent).append("  }");
  return schema;
}

std::string names_schema(std::span<const std::string> names) {
  std::string items;
  for (const std::string& name : names) items += (items.empty() ? "" : ", ") + json_text(name);
  return "{\"enum\": [" + items + "]}";
}

std::string types_schema() {
  std::string items;
  for (const TypeRow& row : field_types()) {
    if (!items.empty()) items += ",";
    items += "\n      {\"const\": " + json_text(row.name) + ", \"description\": " + json_text(row.meaning) + "}";
  }
  items += ",\n      {\"const\": " + json_text(reference_type_name) +
           ", \"description\": \"a row of another resource, as an object: `to`, `column`, `show`\"}";
  items +=
      ",\n      {\"const\": " + json_text(rows_type_name) +
      ", \"description\": \"the rows of another resource that refer to this one, as a list: `of`, `by`, `show`\"}";
  return "{\"anyOf\": [" + items + "\n    ]}";
}

std::string limits_schema() {
  const base::Limits usual;
  std::string properties;
  for (const LimitName& limit : limit_names()) {
    if (!properties.empty()) properties += ",";
    properties += "\n        " + json_text(limit.name) +
                  ": {\"type\": \"integer\", \"minimum\": 1, \"maximum\": " + std::to_string(limit.max) +
                  ", \"default\": " + std::to_string(limit_value(usual, limit)) + "}";
  }
  return "{\"type\": \"object\", \"additionalProperties\": false,\n      \"properties\": {" + properties +
         "\n      }}";
}

/// The writing operations, each with its rules.
std::string on_schema() {
  std::string properties;
  for (const std::string& name : operation_names()) {
    if (name == "list" || name == "retrieve" || name == "clear") continue;
    properties += (properties.empty() ? "" : ", ") + json_text(name) + R"(: {"$ref": "#/$defs/rules"})";
  }
  return R"({"type": "object", "additionalProperties": false, "properties": {)" + properties + "}}";
}

std::string answer_schema() {
  return R"({"type": "object", "minProperties": 1, "propertyNames": )" + std::string(field_name_schema) +
         R"(, "additionalProperties": {"anyOf": [{"$ref": "#/$defs/expression"}, {)" +
         object_schema(answer_keys(), "    ") + "}, {" + object_schema(answer_object_keys(), "    ") + "}]}}";
}

std::string definition(std::string_view name, std::string_view schema) {
  return "    " + json_text(name) + ": " + std::string(schema) + ",\n";
}

/// A mapping whose keys are names of one kind.
std::string named(std::string_view fields, std::string_view name_schema) {
  return "{\"type\": \"object\", \"minProperties\": 1, \"propertyNames\": " + std::string(name_schema) +
         ", \"additionalProperties\": " + std::string(fields) + "}";
}

}  // namespace

std::string description_schema() {
  std::string schema = "{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n";
  schema += "  \"title\": \"A Portico description (api.yaml)\",\n  " + object_schema(api_keys(), "") + ",\n";
  schema += "  \"$defs\": {\n";
  schema += definition("surface", "{" + object_schema(surface_keys(), "    ") + "}");
  schema += definition("database", "{" + object_schema(database_keys(), "    ") + "}");
  schema += definition("rates", "{" + object_schema(rates_keys(), "    ") + "}");
  schema += definition("rate", "{" + object_schema(rate_keys(), "    ") + "}");
  schema += definition("oauth", "{" + object_schema(oauth_keys(), "    ") + "}");
  schema += definition("extensions", "{" + object_schema(extensions_keys(), "    ") + "}");
  schema += definition("resource", "{" + object_schema(resource_keys(), "    ") + "}");
  schema += definition("on", on_schema());
  schema += definition("rules", "{" + object_schema(rules_keys(), "    ") + "}");
  schema += definition("guard", "{" + object_schema(guard_keys(), "    ") + "}");
  schema += definition("check", "{" + object_schema(check_keys(), "    ") + "}");
  schema += definition("action", "{" + object_schema(action_keys(), "    ") + "}");
  schema += definition("answer", answer_schema());
  schema += definition("webhook", "{" + object_schema(webhook_keys(), "    ") + "}");
  schema += definition("webhook_rules", "{" + object_schema(webhook_rules_keys(), "    ") + "}");
  schema += definition("summary", "{" + object_schema(summary_keys(), "    ") + "}");
  schema += definition("aggregates", named(std::string(aggregate_schema), field_name_schema));
  schema += definition("computed", "{" + object_schema(computed_keys(), "    ") + "}");
  schema += definition("any_resource", any_resource_schema);
  schema += definition("effects", effects_schema);
  schema += definition("expression", expression_schema);
  schema += definition("page_size", "{" + object_schema(page_size_keys(), "    ") + "}");
  schema += definition("ordering", "{" + object_schema(ordering_keys(), "    ") + "}");
  schema += definition("field", "{" + object_schema(field_keys(), "    ") + "}");
  schema += definition("fields", named(R"({"$ref": "#/$defs/field"})", field_name_schema));
  schema += definition("type", types_schema());
  schema += definition("storage", names_schema(storage_names()));
  schema += definition("filter", names_schema(filter_names()));
  schema += definition("operation", names_schema(operation_names()));
  schema += definition("dialect", names_schema(dialect_names()));
  schema += definition("limits", limits_schema());
  schema += definition("name", dashed_name_schema);
  schema.erase(schema.size() - 2);  // the last comma
  return schema + "\n  }\n}\n";
}

}  // namespace portico::model
