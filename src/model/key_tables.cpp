// The keys of the description: what the loader, the JSON Schema and docs/description.md agree on.
#include <array>

#include "model/keys.hpp"

namespace portico::model {
namespace {

using enum Presence;
using enum Shape;

// The JSON Schema of names and paths; the loader's own rules stand in name_rules.cpp.
constexpr std::string_view paths_schema =
    R"("type": "array", "items": {"type": "string", "pattern": "^[a-z][a-z0-9_]*(-[a-z][a-z0-9_]*)*$"})";
constexpr std::string_view terms_schema =
    R"("type": "array", "items": {"type": "string", "pattern": "^-?[a-z][a-z0-9_]*(-[a-z][a-z0-9_]*)*$"})";
constexpr std::string_view operations_schema =
    R"("type": "array", "items": {"$ref": "#/$defs/operation"}, "uniqueItems": true)";
constexpr std::string_view count_schema = R"("type": "integer", "minimum": 1)";
// Tables that Portico makes have names of 63 bytes at most, those of others any.
constexpr std::string_view table_schema = R"("type": "string", "minLength": 1)";
constexpr std::string_view filter_names_schema =
    R"("type": "object", "minProperties": 1, )"
    R"("propertyNames": {"pattern": "^[a-z][a-z0-9_]*(-[a-z][a-z0-9_]*)*$"}, )"
    R"("additionalProperties": {"type": "string", "pattern": "^[a-z][a-z0-9_]*(-[a-z][a-z0-9_]*)*$"})";
constexpr std::string_view key_schema =
    R"("anyOf": [{"type": "string", "pattern": "^[a-z][a-z0-9_]*(-[a-z][a-z0-9_]*)*$"}, {"type": "array", )"
    R"("minItems": 1, "uniqueItems": true, )"
    R"("items": {"type": "string", "pattern": "^[a-z][a-z0-9_]*(-[a-z][a-z0-9_]*)*$"}}])";

constexpr std::array<Key, 16> api_table = {{
    {"vendor", Text, Required, R"("type": "string", "pattern": "^[a-z][a-z0-9.-]*$")",
     "The name in media types (application/vnd.VENDOR.v1+json) and in X-VENDOR-Media-Type."},
    {"description", Text, Optional, "", "What the API is for; published."},
    {"versions", Integers, Required, R"("type": "array", "items": {"type": "integer", "minimum": 1}, "minItems": 1)",
     "The versions served, ascending, without gaps. No version asked for: the last."},
    {"public_url", Text, Optional, R"("type": "string", "pattern": "^https?://[^/?#]+")",
     "What links in answers begin with. Left out: the Host that the client named."},
    {"time_zone", Text, Optional, "",
     "The IANA zone in which date filters are taken, and times without a zone. UTC."},
    {"trusted_proxies", Texts, Optional, "", "Addresses or CIDR ranges whose X-Forwarded-* headers are believed."},
    {"apis", Map, Required,
     R"("type": "object", "minProperties": 1, "propertyNames": {"$ref": "#/$defs/name"}, )"
     R"("additionalProperties": {"$ref": "#/$defs/surface"})",
     "The APIs by name: where each is served, and in which dialect."},
    {"accounts", Text, Required, "", "The resource whose rows are the tenants; none: an account is only a name."},
    {"database", Map, Optional, R"("$ref": "#/$defs/database")", "Whose the tables are, and where."},
    {"limits", Map, Optional, R"("$ref": "#/$defs/limits")", "Limits that differ from the usual ones."},
    {"webhooks", Map, Optional, R"("$ref": "#/$defs/webhook_rules")", "What holds for all webhooks."},
    {"rates", Map, Optional, R"("$ref": "#/$defs/rates")", "How much each key may ask. Left out: no limit."},
    {"oauth", Map, Optional, R"("$ref": "#/$defs/oauth")",
     "Where private keys get OAuth2 access tokens. Left out: there are none."},
    {"extensions", Map, Optional, R"("$ref": "#/$defs/extensions")",
     "That there is a developer space, and that the API in the dialect code-envelope takes the tokens of extensions "
     "alone. Left out: neither."},
    {"types", Map, Optional,
     R"("type": "object", "propertyNames": {"$ref": "#/$defs/name"}, )"
     R"("additionalProperties": {"$ref": "#/$defs/field"})",
     "Types of your own, for `type:` and `of:` to name."},
    {"resources", Map, Required,
     R"("type": "object", "minProperties": 1, "propertyNames": {"$ref": "#/$defs/name"}, )"
     R"("additionalProperties": {"$ref": "#/$defs/any_resource"})",
     "The collections of rows that are served, by name."},
}};

constexpr std::array<Key, 3> surface_table = {{
    {"base", Text, Required, R"("type": "string", "pattern": "^/")", "The path it is served under: `/`, or `/api`."},
    {"dialect", Text, Required, R"("$ref": "#/$defs/dialect")", "The rules on the wire."},
    {"reference", Boolean, Optional, "",
     "Whether everybody may read at BASE/openapi.json what the API offers, as OpenAPI. yes"},
}};

constexpr std::array<Key, 2> database_table = {{
    {"existing", Boolean, Optional, "",
     "Whether others made the database: it is only read, and has no sandbox. Left out: no."},
    {"schema", Text, Optional, table_schema,
     "PostgreSQL's schema. Left out: portico, and public where the database exists already."},
}};

constexpr std::array<Key, 3> rates_table = {{
    {"private", Map, Optional, R"("$ref": "#/$defs/rate")",
     "Of each private key, with its access tokens. Left out: no limit."},
    {"public", Map, Optional, R"("$ref": "#/$defs/rate")", "Of each public key. Left out: no limit."},
    {"extension", Map, Optional, R"("$ref": "#/$defs/rate")",
     "Of all tokens that an extension has of a user for an account. Left out: no limit."},
}};

constexpr std::array<Key, 3> rate_table = {{
    {"simultaneous", Integer, Optional, R"("type": "integer", "minimum": 1, "maximum": 1000000)",
     "Requests at once. Left out: any number."},
    {"requests", Integer, Optional, R"("type": "integer", "minimum": 1, "maximum": 10000000)",
     "What a full bucket holds; each request takes one. Left out: no bucket."},
    {"seconds", Integer, Optional, R"("type": "integer", "minimum": 1, "maximum": 86400)",
     "In which an empty bucket fills, evenly. Left out: 60."},
}};

constexpr std::array<Key, 2> oauth_table = {{
    {"path", Text, Optional, R"("type": "string", "pattern": "^/[^/]")",
     "The path that tokens are asked for at. Left out: /oauth/token."},
    {"seconds", Integer, Optional, R"("type": "integer", "minimum": 1, "maximum": 2592000)",
     "How long a token is good. Left out: 3600."},
}};

constexpr std::array<Key, 4> extensions_table = {{
    {"host", Text, Optional, R"("type": "string", "pattern": "^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$")",
     "Pages of extensions run on NAME.HOST. Left out: ext.localhost."},
    {"run_token", Integer, Optional, R"("type": "integer", "minimum": 2, "maximum": 86400)",
     "Seconds for which the token of a run is good; its page renews it. Left out: 600."},
    {"test_token", Integer, Optional, R"("type": "integer", "minimum": 60, "maximum": 2592000)",
     "Seconds for which a test token is good. Left out: 86400."},
    {"session", Integer, Optional, R"("type": "integer", "minimum": 60, "maximum": 2592000)",
     "Seconds for which someone stays signed in to the developer space. Left out: 43200."},
}};

// Expressions are text, but a number or a boolean reads as one in YAML.
constexpr std::string_view expression_schema = R"("$ref": "#/$defs/expression")";
constexpr std::string_view effects_schema = R"("$ref": "#/$defs/effects")";
constexpr std::string_view guards_schema = R"("type": "array", "items": {"$ref": "#/$defs/guard"})";
constexpr std::string_view checks_schema = R"("type": "array", "items": {"$ref": "#/$defs/check"})";

constexpr auto resource_table = std::to_array<Key>({
    {"description", Text, Optional, "", "What the rows are; published."},
    {"singular", Text, Optional, R"("type": "string", "pattern": "^[a-z][a-z0-9_-]*$")",
     "The name of one of them. Left out: the resource's name without a final s."},
    {"table", Text, Optional, table_schema, "The database's table. Left out: the resource's name."},
    {"schema", Text, Optional, table_schema,
     "PostgreSQL's schema that has the table, in a database that others made. Left out: the database's."},
    {"owner", Text, Optional, table_schema,
     "The column that holds the owning account's id, or none: all accounts see its rows. Only the accounts "
     "themselves may leave it out: it is their key."},
    {"key", TextOrTexts, Optional, key_schema,
     "The field that is the primary key, or several fields; none: rows without a key are listed and not retrieved. "
     "Left out: id."},
    {"names", Texts, Optional, paths_schema,
     "The fields that name a row in a URL, tried in this order. Left out: the key; a key of several fields is the "
     "only name."},
    {"path", Text, Optional, R"("type": "string", "pattern": "^/[^/]+(/[^/]+)*$")",
     "Where it is served: /orders/{order}/captures, with fields that refer to other rows in braces; with the key's "
     "name in braces the path of one row: /checkout/{id}/status. Left out: the resource's name."},
    {"since", Integer, Optional, count_schema, "The first version that has it. Left out: the first."},
    {"until", Integer, Optional, count_schema, "The last version that has it. Left out: the last."},
    {"operations", Texts, Required, operations_schema, "What can be done with it."},
    {"public_key", Texts, Optional, operations_schema, "What a public key may do. Left out: nothing."},
    {"page_size", Map, Optional, R"("$ref": "#/$defs/page_size")", "How many rows a page has."},
    {"ordering", Map, Optional, R"("$ref": "#/$defs/ordering")", "How rows are sorted."},
    {"search", Texts, Optional, paths_schema, "The fields that `?q=` searches."},
    {"filter_names", Map, Optional, filter_names_schema,
     "Other names for filters, each with the filter by its latest names: {article-mid: id-in}."},
    {"wrapped_in", Text, Optional, R"("type": "string", "pattern": "^[a-z][a-z0-9]*(_[a-z0-9]+)*$")",
     "The name that bodies may be wrapped in: order, for {\"order\": {…}}. Left out: they are not."},
    {"bulk", Boolean, Optional, "", "Whether a create takes an array of bodies too, all or nothing. Left out: no."},
    {"unknown_fields", Text, Optional, R"("enum": ["refuse", "ignore"])",
     "What becomes of a body's fields that are none of the resource's. Left out: refuse."},
    {"formulas", Map, Optional, effects_schema,
     "Names for expressions on a row, for the other expressions of the resource: {rest: \"total - paid\"}."},
    {"checks", Maps, Optional, checks_schema, "Conditions on every row that a client wrote: else 400."},
    {"on", Map, Optional, R"("$ref": "#/$defs/on")", "Guards and effects of create, replace, update and delete."},
    {"actions", Map, Optional,
     R"("type": "object", "minProperties": 1, "propertyNames": {"$ref": "#/$defs/name"}, )"
     R"("additionalProperties": {"$ref": "#/$defs/action"})",
     "What can be done with one row beside writing it, by name: POST /orders/{id}/refund."},
    {"webhooks", Map, Optional,
     R"("type": "object", "minProperties": 1, "propertyNames": {"$ref": "#/$defs/name"}, )"
     R"("additionalProperties": {"$ref": "#/$defs/webhook"})",
     "Messages about a row that are sent when it has changed, by name."},
    {"summary", Map, Optional, R"("$ref": "#/$defs/summary")",
     "Aggregates over the rows that the list's filters leave: GET /orders/summary."},
    {"computed", Boolean, Optional, "", "Whether there are no rows, and one object is worked out. Left out: no."},
    {"fields", Map, Required, R"("$ref": "#/$defs/fields")", "The fields, in the order of the answer."},
});

constexpr std::string_view rules_schema = R"("$ref": "#/$defs/rules")";

constexpr std::array<Key, 6> webhook_table = {{
    {"on", Texts, Required, R"("type": "array", "items": {"type": "string"}, "minItems": 1, "uniqueItems": true)",
     "The operations and actions that it is sent for: update, refund; checkout.create of a resource that shares the "
     "table."},
    {"when", Text, Optional, expression_schema, "The condition on the row as it is then. Left out: always."},
    {"to", Text, Required, expression_schema, "The URL that it is sent to, a text; null: nothing is sent."},
    {"body", Map, Required, R"("$ref": "#/$defs/answer")", "The fields of the JSON object that is sent."},
    {"answers", Map, Optional,
     R"("type": "object", "minProperties": 1, "additionalProperties": {"$ref": "#/$defs/rules"})",
     "What becomes of the row by the `status` of the receiver's JSON answer. Left out: any 2xx will do."},
    {"given_up", Map, Optional, rules_schema, "What becomes of the row after the last try. Left out: nothing."},
}};

constexpr std::array<Key, 3> webhook_rules_table = {{
    {"allow", Texts, Optional, "",
     "Addresses or CIDR ranges that are not public and may be targets all the same. Left out: none."},
    {"timeout", Integer, Optional, count_schema, "Seconds that one try may take. Left out: 10."},
    {"give_up_after", Integer, Optional, count_schema,
     "Seconds after which no further try is made. Left out: 259200, three days."},
}};

constexpr std::array<Key, 3> summary_table = {{
    {"description", Text, Optional, "", "What it says; published."},
    {"public_key", Boolean, Optional, "", "Whether a public key may see it. Left out: no."},
    {"fields", Map, Required, R"("$ref": "#/$defs/aggregates")",
     "The aggregates by name: {count: count(), amount: sum(amount), last: max(created)}."},
}};

constexpr std::array<Key, 9> computed_table = {{
    {"description", Text, Optional, "", "What it says; published."},
    {"computed", Boolean, Required, "", "Yes: there are no rows, and one object is worked out of parameters."},
    {"path", Text, Optional, R"("type": "string", "pattern": "^(/[^/{}]+)+$")",
     "Where it is served: /merchants/api-keys. Left out: the resource's name."},
    {"since", Integer, Optional, count_schema, "The first version that has it. Left out: the first."},
    {"until", Integer, Optional, count_schema, "The last version that has it. Left out: the last."},
    {"public_key", Texts, Optional, R"("type": "array", "items": {"enum": ["retrieve"]}, "uniqueItems": true)",
     "What a public key may do: [retrieve]. Left out: nothing."},
    {"parameters", Map, Optional, R"("$ref": "#/$defs/fields")",
     "What the query string says, as the fields of an action's body; each has one plain value. Left out: nothing."},
    {"formulas", Map, Optional, effects_schema,
     "Names for expressions on the parameters, for the expressions of the answer: {rest: \"total - paid\"}."},
    {"answer", Map, Required, R"("$ref": "#/$defs/answer")", "The fields of the object."},
}};

constexpr std::array<Key, 2> page_size_table = {{
    {"default", Integer, Optional, count_schema, "Rows on a page where the client asks for no number: 25."},
    {"max", Integer, Optional, count_schema, "The most a client may ask for: 100."},
}};

constexpr std::array<Key, 2> ordering_table = {{
    {"default", Texts, Optional, terms_schema, "The usual order; a minus is descending. Left out: by the key."},
    {"allowed", Texts, Optional, paths_schema, "The fields that `?ordering=` may name. Left out: none."},
}};

constexpr std::array<Key, 4> rules_table = {{
    {"guard", Maps, Optional, guards_schema, "Conditions on the row: else 403."},
    {"set", Map, Optional, effects_schema,
     "What becomes of the row's fields, or of the fields of a row that it refers to: {total: \"total + amount\"}."},
    {"answer", Text, Optional, R"("enum": ["none", "row"])",
     "Whether create, replace and update answer the row. Left out: create does."},
    {"status", Integer, Optional, R"("enum": [200, 201])",
     "The status of the row that create answers, where clients are used to 200. Left out: 201."},
}};

constexpr std::array<Key, 3> guard_table = {{
    {"that", Text, Required, expression_schema, "The condition that must hold."},
    {"message", Text, Required, R"("type": "string", "minLength": 1)", "What the client reads where it does not."},
    {"code", Integer, Optional, count_schema, "An own code of APIs in the dialect code-envelope."},
}};

constexpr std::array<Key, 4> check_table = {{
    {"that", Text, Required, expression_schema, "The condition that must hold."},
    {"field", Text, Required, R"("type": "string", "pattern": "^[a-z][a-z0-9_]*([.][a-z][a-z0-9_]*)*$")",
     "The field to blame where it does not: customer.email."},
    {"message", Text, Required, R"("type": "string", "minLength": 1)", "What the client reads where it does not."},
    {"code", Integer, Optional, count_schema, "An own code of APIs in the dialect code-envelope."},
}};

constexpr std::array<Key, 10> action_table = {{
    {"description", Text, Optional, "", "What it does; published."},
    {"since", Integer, Optional, count_schema, "The first version that has it. Left out: the first."},
    {"until", Integer, Optional, count_schema, "The last version that has it. Left out: the last."},
    {"public_key", Boolean, Optional, "", "Whether a public key may do it. Left out: no."},
    {"get", Boolean, Optional, "", "Whether GET answers `answer` of the row as it is. Left out: no."},
    {"fields", Map, Optional, R"("$ref": "#/$defs/fields")", "The fields of its body. Left out: it has none."},
    {"checks", Maps, Optional, checks_schema, "Conditions on the body and the row: else 400."},
    {"guard", Maps, Optional, guards_schema, "Conditions on the row as it is: else 403."},
    {"set", Map, Optional, effects_schema,
     "What becomes of the row's fields, or of the fields of a row that it refers to."},
    {"answer", Map, Optional, R"("$ref": "#/$defs/answer")",
     "The fields of the answer, of the row as the effects left it. Left out: 204 without a body."},
}};

constexpr std::array<Key, 2> answer_table = {{
    {"type", Text, Optional, R"("enum": ["integer", "boolean", "string", "timestamp"])",
     "The type of the value. Left out: the expression's."},
    {"value", Text, Required, expression_schema, "The value, of the row as the effects left it."},
}};

constexpr std::array<Key, 2> answer_object_table = {{
    {"each", Map, Optional,
     R"("type": "object", "minProperties": 1, "maxProperties": 1, "additionalProperties": )"
     R"({"type": "array", "items": {"type": ["integer", "string"]}, "minItems": 1})",
     "Makes it a list, with an item for each of these values, which the name stands for: {number: [2, 3, 6]}."},
    {"fields", Map, Required, R"("$ref": "#/$defs/answer")", "The fields of the object, or of each item."},
}};

constexpr TypeSet file_bit = type_bit(FieldType::File);
constexpr TypeSet nested_types = type_bit(FieldType::Choice) | type_bit(FieldType::List) | file_bit | rows_bit;
constexpr TypeSet bounded_types = number_types | type_bit(FieldType::List);

constexpr TypeSet stored_types = text_types | number_types | type_bit(FieldType::Choice) |
                                 type_bit(FieldType::Timestamp) | type_bit(FieldType::Date) |
                                 type_bit(FieldType::Boolean);

constexpr TypeSet referring_types = naming_types;
// Rows are read elsewhere: a list of them is never null, and never written.
constexpr TypeSet own_types = every_type & ~rows_bit;
constexpr TypeSet shown_types = reference_bit | rows_bit;

constexpr std::array<Key, 27> field_table = {{
    {"type", Text, Optional, R"("anyOf": [{"$ref": "#/$defs/type"}, {"type": "string"}])",
     "A built-in type, `reference`, `rows`, or one of `types:`. Left out: string."},
    {"description", Text, Optional, "", "What the field says; published."},
    {"null", Boolean, Optional, "",
     "Whether it may be null. An object that may be is null where all of its fields are. Left out: no.", own_types},
    {"required", Boolean, Optional, "", "Whether it must be given when a row is created. Left out: no.",
     own_types & ~file_bit},
    {"read_only", Boolean, Optional, "", "Whether clients can only read it. Left out: no.", own_types & ~file_bit},
    {"hidden", Boolean, Optional, "", "Whether clients neither see nor write it. Left out: no.", own_types},
    {"default", Text, Optional, expression_schema, "What a new row has where the body does not say.",
     leaf_types & ~file_bit},
    {"refers", Text, Optional, R"("$ref": "#/$defs/name")",
     "The resource whose row the value must be the key of, and that the same account sees.", referring_types},
    {"unique", Boolean, Optional, "", "Whether no two rows of an account share a value. Left out: no.", scalar_types},
    {"index", Boolean, Optional, "", "Whether an index of its own serves its filters. Left out: no.", scalar_types},
    {"since", Integer, Optional, count_schema, "The first version that has it. Left out: the first."},
    {"until", Integer, Optional, count_schema, "The last version that has it. Left out: the last."},
    {"was", Map, Optional, R"("type": "object", "additionalProperties": {"type": "integer", "minimum": 1})",
     "Former names, each with the last version that used it: {zip: 2}."},
    {"column", Text, Optional, table_schema,
     "The table's column. Left out: the path of names, joined by `__`. A reference's has the other row's key.",
     leaf_types | reference_bit},
    {"stored", Text, Optional, R"("$ref": "#/$defs/storage")",
     "How the column of a table that others made keeps the values, where not as Portico would.", stored_types},
    {"to", Text, Optional, R"("$ref": "#/$defs/name")", "The resource whose row a reference shows.", reference_bit},
    {"show", Texts, Optional, R"("type": "array", "items": {"type": "string"}, "uniqueItems": true)",
     "The fields of that resource that a reference or a list of rows shows; of rows perhaps none. Left out: all but "
     "its own references and rows.",
     shown_types},
    {"by", Text, Optional, R"("type": "string", "pattern": "^[a-z][a-z0-9_]*(-[a-z][a-z0-9_]*)*$")",
     "The field of the rows' resource that refers to this one.", rows_bit},
    {"ordering", Texts, Optional, terms_schema, "How the rows are sorted. Left out: by their key.", rows_bit},
    {"filter", Texts, Optional, R"("type": "array", "items": {"$ref": "#/$defs/filter"}, "uniqueItems": true)",
     "The filters allowed: families, or single lookups. Left out: none.", leaf_types},
    {"of", Any, Optional,
     R"("anyOf": [{"type": "array", "items": {"type": ["string", "integer", "boolean"]}, "minItems": 1}, )"
     R"({"type": "string"}, {"$ref": "#/$defs/field"}])",
     "A choice's values, a list's item type, the resource whose rows are listed, or the media types that a file may "
     "have.",
     nested_types},
    {"fields", Map, Optional, R"("$ref": "#/$defs/fields")", "An object's members.", type_bit(FieldType::Object)},
    {"min", Integer, Optional, "", "The least number; of a list, the fewest items.", bounded_types},
    {"max", Integer, Optional, "", "The greatest number; of a list, the most items; of rows, those shown: 100.",
     bounded_types | rows_bit},
    {"max_length", Integer, Optional, count_schema, "The longest text, in characters.", free_text_types},
    {"max_bytes", Integer, Optional, count_schema, "The largest file. Left out: 5242880.", file_bit},
    {"pattern", Text, Optional, R"("type": "string")", "A regular expression (RE2) that the whole text matches.",
     free_text_types},
}};

}  // namespace

std::span<const Key> api_keys() {
  return api_table;
}
std::span<const Key> surface_keys() {
  return surface_table;
}
std::span<const Key> database_keys() {
  return database_table;
}
std::span<const Key> rates_keys() {
  return rates_table;
}
std::span<const Key> rate_keys() {
  return rate_table;
}
std::span<const Key> oauth_keys() {
  return oauth_table;
}
std::span<const Key> extensions_keys() {
  return extensions_table;
}
std::span<const Key> resource_keys() {
  return resource_table;
}
std::span<const Key> page_size_keys() {
  return page_size_table;
}
std::span<const Key> ordering_keys() {
  return ordering_table;
}
std::span<const Key> field_keys() {
  return field_table;
}
std::span<const Key> rules_keys() {
  return rules_table;
}
std::span<const Key> guard_keys() {
  return guard_table;
}
std::span<const Key> check_keys() {
  return check_table;
}
std::span<const Key> action_keys() {
  return action_table;
}
std::span<const Key> answer_keys() {
  return answer_table;
}
std::span<const Key> webhook_keys() {
  return webhook_table;
}
std::span<const Key> webhook_rules_keys() {
  return webhook_rules_table;
}
std::span<const Key> answer_object_keys() {
  return answer_object_table;
}
std::span<const Key> summary_keys() {
  return summary_table;
}
std::span<const Key> computed_keys() {
  return computed_table;
}

std::span<const std::string> operation_names() {
  // In the order of OperationKind; an action is none of these.
  static const std::array<std::string, 7> names = {"list",   "retrieve", "create", "replace",
                                                   "update", "delete",   "clear"};
  return names;
}

std::span<const std::string> change_answer_names() {
  static const std::array<std::string, 2> names = {"none", "row"};  // in the order of ChangeAnswer
  return names;
}

std::span<const std::string> dialect_names() {
  static const std::array<std::string, 2> names = {"media-type", "code-envelope"};  // in the order of DialectKind
  return names;
}

}  // namespace portico::model
