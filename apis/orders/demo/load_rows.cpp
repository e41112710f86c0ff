#include "load_rows.hpp"

#include <algorithm>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <simdjson.h>

#include "base/ids.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "base/value.hpp"

namespace portico::demo {
namespace {

using model::Field;
using model::FieldType;
using simdjson::dom::element;
using simdjson::dom::element_type;

/// What is wrong with a line; the reader adds file and number.
class BadLine : public std::runtime_error {
 public:
  BadLine(std::string_view path, std::string_view what)
      : std::runtime_error(std::string(path) + (path.empty() ? "" : ": ") + std::string(what)) {}
};

std::string shown(const element& value) {
  std::string text = simdjson::minify(value);
  constexpr std::size_t enough = 60;
  if (text.size() > enough) text = base::repaired_utf8(std::string_view(text).substr(0, enough)) + "…";
  return text;
}

[[noreturn]] void expected(std::string_view path, const std::string& what, const element& value) {
  throw BadLine(path, "expected " + what + ", got " + shown(value));
}

std::string choices_of(const Field& field) {
  std::vector<std::string> names;
  for (const auto& choice : field.choices) {
    if (const auto* text = std::get_if<std::string>(&choice)) names.push_back('\'' + *text + '\'');
    if (const auto* number = std::get_if<std::int64_t>(&choice)) names.push_back(std::to_string(*number));
  }
  return "one of " + base::enumerated(names);
}

bool is_choice(const Field& field, const base::Value& value) {
  return std::find(field.choices.begin(), field.choices.end(), value) != field.choices.end();
}

/// Fills a row's cells in the order of the leaves, which is the order of the fields.
class RowReader {
 public:
  RowReader(const model::Resource& resource, store::Rows& rows) : resource_(resource), rows_(rows) {
    rows_.clear(resource.leaves.size());
  }

  /// `owner` fills the owner's column where that is a field that the row leaves out; empty: it may not.
  void read(const element& row, std::string_view owner) {
    owner_ = owner;
    read_members(resource_.fields, row, "row");
  }

 private:
  void read_members(const std::vector<Field>& fields, const std::optional<element>& object, const std::string& path) {
    if (object) require_known(fields, *object, path);
    for (const Field& field : fields) {
      const std::string field_path = path + "." + field.name;
      std::optional<element> value;
      if (object) {
        element found;
        if (object->at_key(field.name).get(found) == simdjson::SUCCESS && !found.is_null()) value = found;
      }
      if (field.is_leaf()) {
        read_leaf(field, value, field_path);
      } else {
        read_members(field.fields, value, field_path);
      }
    }
  }

  static void require_known(const std::vector<Field>& fields, const element& object, const std::string& path) {
    simdjson::dom::object members;
    if (object.get(members) != simdjson::SUCCESS) expected(path, "an object", object);
    for (const auto& member : members) {
      const auto named = [&](const Field& field) { return field.name == member.key; };
      if (std::any_of(fields.begin(), fields.end(), named)) continue;
      std::vector<std::string> names;
      for (const Field& field : fields) names.push_back(field.name);
      const auto meant = base::did_you_mean(member.key, names);
      throw BadLine(path + "." + std::string(member.key),
                    meant ? "no such field (did you mean '" + *meant + "'?)"
                          : "no such field; there are " + base::enumerated(names));
    }
  }

  void read_leaf(const Field& field, const std::optional<element>& value, const std::string& path) {
    const model::Leaf& leaf = resource_.leaves[leaf_++];
    if (value) return read_value(field, *value, path);
    const bool is_owner = leaf.join == 0 && leaf.column == resource_.owner_column;
    if (is_owner && !owner_.empty()) return rows_.add_text(owner_);
    if (!leaf.nullable) throw BadLine(path, "must be there, and may not be null");
    rows_.add({});
  }

  void read_value(const Field& field, const element& value, const std::string& path) {
    switch (field.type) {
      case FieldType::Id:
      case FieldType::String:
      case FieldType::Email:
      case FieldType::Url:
      case FieldType::Country:
      case FieldType::Currency:
      case FieldType::Language:
      case FieldType::Date:
        return read_text(field, value, path);
      case FieldType::Integer:
      case FieldType::Money:
      case FieldType::Rate:
        return add_integer(integer_of(value, path));
      case FieldType::Boolean:
        if (!value.is_bool()) expected(path, "true or false", value);
        return add_integer(value.get_bool().value_unsafe() ? 1 : 0);
      case FieldType::Timestamp:
        return add_integer(timestamp_of(value, path));
      case FieldType::Choice:
        return read_choice(field, value, path);
      case FieldType::List:
        if (!value.is_array()) expected(path, "an array", value);
        return rows_.add_text(simdjson::minify(value));
      case FieldType::Json:
        return rows_.add_text(simdjson::minify(value));
      case FieldType::File:
        expected(path, "no file: files are put through the API", value);
        return;
      case FieldType::Object:
        throw std::logic_error("an object is no leaf");
    }
  }

  void read_text(const Field& field, const element& value, const std::string& path) {
    std::string_view text;
    if (value.get(text) != simdjson::SUCCESS) expected(path, "a string", value);
    if (field.type == FieldType::Id && !base::is_id(text)) expected(path, "an id of 32 lower-case hex digits", value);
    if (field.type == FieldType::Date && !base::is_date(text)) expected(path, "a date as 2024-02-29", value);
    rows_.add_text(text);
  }

  void read_choice(const Field& field, const element& value, const std::string& path) {
    std::string_view text;
    std::int64_t number = 0;
    if (value.get(text) == simdjson::SUCCESS && is_choice(field, std::string(text))) return rows_.add_text(text);
    if (value.get(number) == simdjson::SUCCESS && is_choice(field, number)) return add_integer(number);
    expected(path, choices_of(field), value);
  }

  static std::int64_t integer_of(const element& value, const std::string& path) {
    std::int64_t number = 0;
    // A number with a fraction or an exponent is a double to the parser: never rounded (P7).
    if (value.get(number) != simdjson::SUCCESS) expected(path, "an integer (amounts and rates in hundredths)", value);
    return number;
  }

  static base::Microseconds timestamp_of(const element& value, const std::string& path) {
    std::string_view text;
    const auto instant =
        value.get(text) == simdjson::SUCCESS ? base::parse_timestamp(text, base::TimeZone::utc()) : std::nullopt;
    if (!instant) expected(path, "a timestamp as 2015-10-02T18:15:45.101838Z", value);
    return *instant;
  }

  void add_integer(std::int64_t number) { rows_.add({.kind = base::Cell::Kind::Integer, .integer = number}); }

  const model::Resource& resource_;
  store::Rows& rows_;
  std::string_view owner_;
  std::size_t leaf_ = 0;
};

class LineReader {
 public:
  explicit LineReader(const model::Api& api) : api_(api) {}

  /// The row is good until the next call.
  LoadedRow read(const std::string& line) {
    element document;
    if (const auto error = parser_.parse(line).get(document)) throw BadLine("", simdjson::error_message(error));
    if (!document.is_object()) expected("", "an object with resource, mode, owner and row", document);
    require_known_keys(document);
    LoadedRow row{.resource = &resource_of(document), .mode = mode_of(document), .cells = &rows_};
    row.owner = owner_of(document, *row.resource);
    element fields;
    if (document.at_key("row").get(fields) != simdjson::SUCCESS) throw BadLine("row", "must be there, an object");
    RowReader(*row.resource, rows_).read(fields, row.owner);
    return row;
  }

 private:
  static void require_known_keys(const element& document) {
    for (const auto& member : document.get_object()) {
      if (member.key == "resource" || member.key == "mode" || member.key == "owner" || member.key == "row") continue;
      throw BadLine(member.key, "no such key; there are resource, mode, owner and row");
    }
  }

  static std::string_view text_at(const element& document, std::string_view key, const std::string& wanted) {
    element value;
    if (document.at_key(key).get(value) != simdjson::SUCCESS) throw BadLine(key, "must be there, " + wanted);
    std::string_view text;
    if (value.get(text) != simdjson::SUCCESS) expected(key, wanted, value);
    return text;
  }

  [[nodiscard]] const model::Resource& resource_of(const element& document) const {
    std::vector<std::string> names;
    for (const auto& resource : api_.resources) names.push_back(resource->name);
    const std::string wanted = "one of " + base::enumerated(names);
    const std::string_view name = text_at(document, "resource", wanted);
    const model::Resource* resource = api_.find_resource(name);
    if (resource == nullptr) throw BadLine("resource", "expected " + wanted + ", got \"" + std::string(name) + "\"");
    return *resource;
  }

  static model::Mode mode_of(const element& document) {
    const std::string_view name = text_at(document, "mode", "production or sandbox");
    for (const auto mode : {model::Mode::Production, model::Mode::Sandbox}) {
      if (name == model::name_of(mode)) return mode;
    }
    throw BadLine("mode", "expected production or sandbox, got \"" + std::string(name) + "\"");
  }

  static std::string_view owner_of(const element& document, const model::Resource& resource) {
    const auto is_owner = [&](const model::Leaf& leaf) { return leaf.column == resource.owner_column; };
    const bool is_field = std::any_of(resource.leaves.begin(), resource.leaves.end(), is_owner);
    element given;
    if (is_field && document.at_key("owner").get(given) != simdjson::SUCCESS) return {};
    return text_at(document, "owner", "the id of the account that owns the row");
  }

  const model::Api& api_;
  simdjson::dom::parser parser_;
  store::Rows rows_;
};

}  // namespace

void load_rows(const model::Api& api, const std::filesystem::path& file,
               const std::function<void(const LoadedRow&)>& row) {
  std::ifstream stream(file);
  if (!stream) throw std::runtime_error(file.string() + ": cannot be read");
  LineReader reader(api);
  std::string line;
  for (std::size_t number = 1; std::getline(stream, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    line.reserve(line.size() + simdjson::SIMDJSON_PADDING);
    try {
      row(reader.read(line));
    } catch (const std::runtime_error& mistake) {  // the store's too
      throw std::runtime_error(file.string() + ":" + std::to_string(number) + ": " + mistake.what());
    }
  }
  if (stream.bad()) throw std::runtime_error(file.string() + ": reading stopped half-way");
}

}  // namespace portico::demo
