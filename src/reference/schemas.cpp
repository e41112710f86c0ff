#include "reference/schemas.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "plan/match_members.hpp"
#include "render/problem.hpp"

namespace portico::reference {
namespace {

using base::Document;
using model::Field;
using model::FieldType;
using model::ViewNode;

/// How JSON Schema says what a type is.
struct TypeWords {
  FieldType type;
  std::string_view json;
  std::string_view format;
  std::string_view pattern;
  std::string_view meaning;
};
constexpr std::array<TypeWords, 13> type_words = {{
    {FieldType::Id, "string", "", "^[0-9a-f]{32}$", ""},
    {FieldType::String, "string", "", "", ""},
    {FieldType::Email, "string", "email", "", ""},
    {FieldType::Url, "string", "uri", "", ""},
    {FieldType::Country, "string", "", "^[A-Z]{2}$", "ISO 3166-1."},
    {FieldType::Currency, "string", "", "^[A-Z]{3}$", "ISO 4217."},
    {FieldType::Language, "string", "", "^[a-z]{2}$", "ISO 639-1."},
    {FieldType::Integer, "integer", "int64", "", ""},
    {FieldType::Money, "integer", "int64", "", "Hundredths: 1250 is 12.50."},
    {FieldType::Rate, "integer", "int64", "", "Hundredths of a per cent: 2100 is 21 %."},
    {FieldType::Boolean, "boolean", "", "", ""},
    {FieldType::Timestamp, "string", "date-time", "", ""},
    {FieldType::Date, "string", "date", "", ""},
}};

const TypeWords* words_of(FieldType type) {
  const auto* found =
      std::find_if(type_words.begin(), type_words.end(), [type](const TypeWords& row) { return row.type == type; });
  return found == type_words.end() ? nullptr : found;
}

Document document_of(const base::Value& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return json::integer(*integer);
  const auto* text = std::get_if<std::string>(&value);
  return text == nullptr ? json::null() : json::text(*text);
}

bool holds_integers(const Field& field) {
  return !field.choices.empty() && std::holds_alternative<std::int64_t>(field.choices.front());
}

std::string joined_words(std::string_view first, std::string_view second) {
  std::string words(first);
  if (!words.empty() && !second.empty()) words += words.ends_with('.') ? " " : ". ";
  return words += second;
}

void add_description(ObjectWriter& schema, std::string_view words) {
  if (!words.empty()) schema.add("description", words);
}

/// `type`, which may be null too.
Document type_of(std::string_view name, bool is_nullable) {
  return is_nullable ? json::texts({std::string(name), "null"}) : json::text(name);
}

/// RE2's syntax that browsers' regular expressions (ECMA-262) read alike, as far as it can be told by its looks.
bool is_read_everywhere(std::string_view pattern) {
  for (std::size_t at = pattern.find("(?"); at != std::string_view::npos; at = pattern.find("(?", at + 1)) {
    if (pattern.substr(at, 3) != "(?:") return false;
  }
  for (const std::string_view own : {"\\A", "\\z", "\\Q", "\\p", "\\P", "\\C", "\\a", "[[:"}) {
    if (pattern.find(own) != std::string_view::npos) return false;
  }
  return true;
}

void add_bounds(ObjectWriter& schema, const Field& field) {
  const bool is_list = field.type == FieldType::List;
  if (field.min) schema.add(is_list ? "minItems" : "minimum", json::integer(*field.min));
  if (field.max) schema.add(is_list ? "maxItems" : "maximum", json::integer(*field.max));
  if (field.max_length) schema.add("maxLength", json::integer(*field.max_length));
  if (!field.pattern.empty() && is_read_everywhere(field.pattern)) {
    schema.add("pattern", "^(?:" + field.pattern + ")$");
  }
}

/// Where it stands, and what follows from that.
struct Place {
  Side side = Side::Answer;
  bool ignores_unknown = false;
  const model::View* view = nullptr;  ///< of the row; null: there is none around it
};

Document object_schema(const std::vector<ViewNode>& nodes, const Place& place, const Field* field);

bool is_written(const ViewNode& node) {
  const Field& field = *node.field;
  if (field.read_only || field.reference || field.rows || field.type == FieldType::File) return false;
  return field.type != FieldType::Object || std::any_of(node.members.begin(), node.members.end(), is_written);
}

Document choice_schema(const Field& field, bool is_nullable) {
  std::vector<Document> values;
  for (const base::Value& choice : field.choices) values.push_back(document_of(choice));
  if (is_nullable) values.push_back(json::null());
  ObjectWriter schema;
  schema.add("type", type_of(holds_integers(field) ? "integer" : "string", is_nullable));
  schema.add("enum", json::list(std::move(values)));
  add_description(schema, field.description);
  return schema.take();
}

/// Bounds are what a client has to keep to; rows that others wrote may be without.
Document scalar_schema(const Field& field, const Place& place, bool is_nullable) {
  if (field.type == FieldType::Choice) return choice_schema(field, is_nullable);
  ObjectWriter schema;
  const TypeWords* words = words_of(field.type);
  if (words != nullptr) {
    schema.add("type", type_of(words->json, is_nullable));
    if (!words->format.empty()) schema.add("format", words->format);
    const bool is_own = field.storage == model::Storage::Native;
    if (!words->pattern.empty() && field.pattern.empty() && is_own) schema.add("pattern", words->pattern);
  } else if (field.type == FieldType::File) {
    schema.add("type", type_of("string", is_nullable)).add("format", "uri");
  }
  if (place.side != Side::Answer) add_bounds(schema, field);
  add_description(schema, joined_words(field.description, words == nullptr ? std::string_view() : words->meaning));
  return schema.take();
}

Document list_schema(const ViewNode& node, const Place& place) {
  const Field& field = *node.field;
  // What is in a list is written as a whole, by PATCH as well.
  const Place within{.side = place.side == Side::Answer ? Side::Answer : Side::Body,
                     .ignores_unknown = place.ignores_unknown,
                     .view = place.view};
  ObjectWriter schema;
  schema.add("type", type_of("array", field.nullable));
  if (!node.members.empty()) {
    schema.add("items", object_schema(node.members, within, nullptr));
  } else if (!field.item.empty()) {
    schema.add("items", scalar_schema(field.item.front(), within, field.item.front().nullable));
  }
  if (place.side != Side::Answer) add_bounds(schema, field);
  add_description(schema, field.description);
  return schema.take();
}

Document node_schema(const ViewNode& node, const Place& place) {
  if (node.field->type == FieldType::Object) return object_schema(node.members, place, node.field);
  if (node.field->type == FieldType::List) return list_schema(node, place);
  return scalar_schema(*node.field, place, node.field->nullable);
}

/// Whether a body of POST and PUT must say it, as plan::read_document judges: it is required, or nothing else gives
/// it a value, as the server gives an id to a key.
bool is_needed(const ViewNode& node, const model::View& view) {
  const Field& field = *node.field;
  if (!is_written(node) || !plan::needs_value(field, view.version)) return false;
  const bool gets_id = field.type == FieldType::Id && field.refers.empty() && !field.required;
  const auto& key = view.resource->key;
  return !gets_id || std::none_of(key.begin(), key.end(),
                                  [&](std::size_t leaf) { return view.resource->leaves[leaf].field == &field; });
}

/// `field`: the object, or null for a row and for what is in a list.
Document object_schema(const std::vector<ViewNode>& nodes, const Place& place, const Field* field) {
  ObjectWriter properties;
  std::vector<std::string> required;
  for (const ViewNode& node : nodes) {
    if (place.side != Side::Answer && !is_written(node)) continue;
    properties.add(node.name, node_schema(node, place));
    const bool is_there = place.side == Side::Answer || (place.side == Side::Body && is_needed(node, *place.view));
    if (is_there) required.push_back(node.name);
  }
  ObjectWriter schema;
  schema.add("type", type_of("object", field != nullptr && field->nullable));
  if (!required.empty()) schema.add("required", json::texts(required));
  schema.add("properties", properties.take());
  if (place.side != Side::Answer && !place.ignores_unknown) schema.add("additionalProperties", json::boolean(false));
  if (field != nullptr) add_description(schema, field->description);
  return schema.take();
}

std::string_view type_of_answer(FieldType type) {
  const TypeWords* words = words_of(type);
  return words == nullptr ? std::string_view() : words->json;
}

Document answer_field_schema(const model::AnswerField& field) {
  if (field.type == FieldType::Object) return answer_schema(field.members);
  ObjectWriter schema;
  if (field.type == FieldType::List) {
    return schema.add("type", "array").add("items", answer_schema(field.members.front().members)).take();
  }
  schema.add("type", type_of(type_of_answer(field.type), true));
  if (field.type == FieldType::Timestamp) schema.add("format", "date-time");
  return schema.take();
}

Document nullable(std::string_view type) {
  return json::object({{"type", type_of(type, true)}});
}

Document object_of(std::vector<base::Member> properties, const std::vector<std::string>& required) {
  return json::object({{"type", json::text("object")},
                       {"required", json::texts(required)},
                       {"properties", json::object(std::move(properties))}});
}

/// `{"code": 0, …}`, what worked in the envelope (E5).
Document success_of(std::vector<base::Member> rest, std::vector<std::string> required) {
  rest.insert(rest.begin(), {.name = "code", .value = json::object({{"const", json::integer(0)}})});
  required.insert(required.begin(), "code");
  return object_of(std::move(rest), required);
}

Document list_of(Document items) {
  return json::object({{"type", json::text("array")}, {"items", std::move(items)}});
}

}  // namespace

Document value_schema(const Field& field, Side side) {
  return scalar_schema(field, {.side = side}, false);
}

Document row_schema(const model::View& view, Side side) {
  return object_schema(view.nodes, {.side = side, .ignores_unknown = view.resource->ignores_unknown, .view = &view},
                       nullptr);
}

bool takes_fields(const model::View& view) {
  return std::any_of(view.nodes.begin(), view.nodes.end(), is_written);
}

bool needs_fields(const model::View& view) {
  return std::any_of(view.nodes.begin(), view.nodes.end(),
                     [&view](const ViewNode& node) { return is_needed(node, view); });
}

Document answer_schema(const std::vector<model::AnswerField>& fields) {
  std::vector<base::Member> properties;
  std::vector<std::string> names;
  for (const model::AnswerField& field : fields) {
    properties.push_back({.name = field.name, .value = answer_field_schema(field)});
    names.push_back(field.name);
  }
  return object_of(std::move(properties), names);
}

Document enveloped(const Edition& edition, Document data) {
  if (!edition.is_envelope()) return data;
  return success_of({{"data", std::move(data)}}, {"data"});
}

Document done_schema() {
  return success_of({}, {});
}

Document page_schema(const Edition& edition, Document row) {
  if (edition.is_envelope()) {
    Document page = object_of({{"page", typed("integer")},
                               {"pages", typed("integer")},
                               {"count", typed("integer")},
                               {"page_size", typed("integer")}},
                              {"page", "pages", "count", "page_size"});
    return success_of({{"data", list_of(std::move(row))}, {"pagination", std::move(page)}}, {"data", "pagination"});
  }
  Document cursor = object_of({{"after", nullable("integer")}, {"before", nullable("integer")}}, {"after", "before"});
  Document paging =
      object_of({{"count", typed("integer")}, {"next", nullable("string")}, {"previous", nullable("string")}},
                {"count", "next", "previous"});
  return object_of(
      {{"cursor", std::move(cursor)}, {"paging", std::move(paging)}, {"results", list_of(std::move(row))}},
      {"cursor", "paging", "results"});
}

Document error_schema(const Edition& edition) {
  if (edition.is_envelope()) {
    return object_of({{"code", typed("integer")}, {"msg", typed("string")}}, {"code", "msg"});
  }
  std::vector<std::string> types;
  for (std::size_t code = 0; code < base::error_code_count; ++code) {
    std::string type(render::type_of(static_cast<base::ErrorCode>(code)));
    if (std::find(types.begin(), types.end(), type) == types.end()) types.push_back(std::move(type));
  }
  Document fields =
      ObjectWriter()
          .add("type", "object")
          .add("description",
               "The fields to blame: lists of messages, nested as the body is, items of lists by their index.")
          .take();
  Document error = object_of({{"type", json::object({{"enum", json::texts(types)}})},
                              {"message", typed("string")},
                              {"fields", std::move(fields)},
                              {"available", list_of(typed("string"))}},
                             {"type", "message"});
  return object_of({{"error", std::move(error)}}, {"error"});
}

}  // namespace portico::reference
