#include "render/stored_json.hpp"

#include <charconv>
#include <memory>

#include <simdjson.h>

#include "base/text.hpp"
#include "base/time.hpp"
#include "render/json_token.hpp"
#include "render/stored_match.hpp"

namespace portico::render {

namespace {

using model::FieldType;
namespace ondemand = simdjson::ondemand;

// Texts over this are parsed in room of their own, given back at once.
constexpr std::size_t kept_bytes_max = std::size_t{1024} * 1024;

/// What parsing needs; a thread's is used again and again.
struct Workroom {
  ondemand::parser parser;
  std::string padded;     // the text, and SIMDJSON_PADDING behind it
  std::string unescaped;  // the string being written
  std::string key;        // the name being compared or written
};

std::string_view without_white_space(std::string_view text) {
  constexpr std::string_view white = " \t\n\r";
  const std::size_t first = text.find_first_not_of(white);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(white) - first + 1);
}

/// Every function of it is false where the text turns out not to be JSON.
class Reader {
 public:
  Reader(Workroom& room, TreeWriter& writer) : room_(room), writer_(writer) {}

  [[nodiscard]] bool write_root(const ItemShape& shape, std::string_view stored);

 private:
  [[nodiscard]] simdjson::error_code parse(std::string_view stored);
  /// Whether nothing follows the root value.
  [[nodiscard]] bool at_end() { return document_.current_location().error() == simdjson::OUT_OF_BOUNDS; }
  [[nodiscard]] bool write_json_root(std::string_view whole);

  // `Source` is a document or a value: what holds an array is either.
  template <typename Source>
  [[nodiscard]] bool write_list(const ItemShape& item, Source& source);
  [[nodiscard]] bool write_value(const ItemShape& shape, ondemand::value value);
  [[nodiscard]] bool write_object(const ItemShape& shape, ondemand::value value);
  [[nodiscard]] bool write_member(const MemberShape& member, ondemand::object& object);
  [[nodiscard]] simdjson::error_code find_from_start(const std::string& name, ondemand::object& object,
                                                     ondemand::value& value);
  [[nodiscard]] bool write_scalar(FieldType type, std::string_view token);
  [[nodiscard]] bool write_string(FieldType type, std::string_view token);
  [[nodiscard]] bool write_number(FieldType type, std::string_view token);
  [[nodiscard]] bool write_literal(FieldType type, std::string_view token);

  template <typename Source>
  [[nodiscard]] bool write_any_list(Source& source, int depth);
  template <typename Source>
  [[nodiscard]] bool write_any_object(Source& source, int depth);
  [[nodiscard]] bool write_any(ondemand::value value, int depth);

  Workroom& room_;
  TreeWriter& writer_;
  ondemand::document document_;
};

simdjson::error_code Reader::parse(std::string_view stored) {
  room_.padded.assign(stored);
  room_.padded.append(simdjson::SIMDJSON_PADDING, ' ');
  return room_.parser.iterate(simdjson::padded_string_view(room_.padded.data(), stored.size(), room_.padded.size()))
      .get(document_);
}

bool Reader::write_root(const ItemShape& shape, std::string_view stored) {
  simdjson::error_code failure = parse(stored);
  if (failure == simdjson::UTF8_ERROR) failure = parse(base::repaired_utf8(stored));
  if (failure != simdjson::SUCCESS) return false;
  const std::size_t bytes = room_.padded.size() - simdjson::SIMDJSON_PADDING;
  if (shape.type == FieldType::Json) return write_json_root(std::string_view(room_.padded).substr(0, bytes));
  simdjson::ondemand::json_type type{};
  if (document_.type().get(type) != simdjson::SUCCESS || type != ondemand::json_type::array) return false;
  return write_list(shape.item.front(), document_) && at_end();
}

bool Reader::write_json_root(std::string_view whole) {
  ondemand::json_type type{};
  if (document_.type().get(type) != simdjson::SUCCESS) return false;
  if (type == ondemand::json_type::array) return write_any_list(document_, 1) && at_end();
  if (type == ondemand::json_type::object) return write_any_object(document_, 1) && at_end();
  return write_scalar(FieldType::Json, without_white_space(whole));
}

template <typename Source>
bool Reader::write_list(const ItemShape& item, Source& source) {
  ondemand::array array;
  if (source.get_array().get(array) != simdjson::SUCCESS) return false;
  writer_.open_list();
  for (auto element : array) {
    ondemand::value value;
    if (element.get(value) != simdjson::SUCCESS) return false;
    writer_.open_item();
    if (!write_value(item, value)) return false;
    writer_.close_item();
  }
  writer_.close_list();
  return true;
}

bool Reader::write_value(const ItemShape& shape, ondemand::value value) {
  if (shape.type == FieldType::Json) return write_any(value, 1);
  ondemand::json_type type{};
  if (value.type().get(type) != simdjson::SUCCESS) return false;
  switch (type) {
    case ondemand::json_type::object:
      if (shape.type == FieldType::Object) return write_object(shape, value);
      break;
    case ondemand::json_type::array:
      if (shape.type == FieldType::List) return write_list(shape.item.front(), value);
      break;
    case ondemand::json_type::number:
    case ondemand::json_type::string:
    case ondemand::json_type::boolean:
    case ondemand::json_type::null:
      return write_scalar(shape.type, without_white_space(value.raw_json_token()));
  }
  writer_.null();  // an object or a list where none is due
  return true;
}

bool Reader::write_object(const ItemShape& shape, ondemand::value value) {
  ondemand::object object;
  if (value.get_object().get(object) != simdjson::SUCCESS) return false;
  writer_.open_object();
  for (const MemberShape& member : shape.members) {
    writer_.open_member(member.tag);
    if (!write_member(member, object)) return false;
    writer_.close_member(member.tag);
  }
  writer_.close_object();
  return true;
}

bool Reader::write_member(const MemberShape& member, ondemand::object& object) {
  ondemand::value value;
  // Forward from the last member, as they are stored in this order; `find_field_unordered` would take the part behind
  // it for valid without a look (undefined behaviour where it is not).
  simdjson::error_code failure = object.find_field(member.stored).get(value);
  if (failure == simdjson::NO_SUCH_FIELD) failure = find_from_start(member.stored, object, value);
  if (failure == simdjson::SUCCESS) return write_value(member.shape, value);
  if (failure != simdjson::NO_SUCH_FIELD) return false;
  writer_.null();
  return true;
}

// The library compares names as they are written; `"n\u0061me"` is `name` too.
simdjson::error_code Reader::find_from_start(const std::string& name, ondemand::object& object,
                                             ondemand::value& value) {
  bool is_empty = false;
  if (const simdjson::error_code failure = object.reset().get(is_empty)) return failure;
  for (auto field : object) {
    ondemand::raw_json_string raw;
    if (const simdjson::error_code failure = field.key().get(raw)) return failure;
    const char* start = raw.raw();
    const auto left = static_cast<std::size_t>(room_.padded.data() + room_.padded.size() - start);
    const auto body = json_string_body({start, left});
    room_.key.clear();
    if (!body || !unescape_json(*body, room_.key)) return simdjson::STRING_ERROR;
    if (room_.key == name) return field.value().get(value);
  }
  return simdjson::NO_SUCH_FIELD;
}

bool Reader::write_scalar(FieldType type, std::string_view token) {
  if (token.empty()) return false;
  if (token.front() == '"') return write_string(type, token);
  if (token.front() == '-' || (token.front() >= '0' && token.front() <= '9')) return write_number(type, token);
  return write_literal(type, token);
}

bool Reader::write_string(FieldType type, std::string_view token) {
  std::optional<std::string_view> body = json_string_body(token.substr(1));
  if (!body || body->size() + 2 != token.size()) return false;
  if (body->find('\\') != std::string_view::npos) {
    room_.unescaped.clear();
    if (!unescape_json(*body, room_.unescaped)) return false;
    body = room_.unescaped;
  }
  switch (type) {
    case FieldType::Id:
    case FieldType::String:
    case FieldType::Email:
    case FieldType::Url:
    case FieldType::Country:
    case FieldType::Currency:
    case FieldType::Language:
    case FieldType::Date:
    case FieldType::Choice:
    case FieldType::Json:
      writer_.text(*body);
      return true;
    case FieldType::Timestamp:
      if (const auto instant = base::parse_timestamp(*body, base::TimeZone::utc())) {
        writer_.timestamp(*instant);
        return true;
      }
      break;
    case FieldType::Integer:
    case FieldType::Money:
    case FieldType::Rate:
    case FieldType::Boolean:
    case FieldType::Object:
    case FieldType::List:
    case FieldType::File:
      break;
  }
  writer_.null();
  return true;
}

bool Reader::write_number(FieldType type, std::string_view token) {
  if (!is_json_number(token)) return false;
  if (type == FieldType::Json) {
    writer_.number(token);
    return true;
  }
  const bool is_integer_type =
      type == FieldType::Integer || type == FieldType::Money || type == FieldType::Rate || type == FieldType::Choice;
  const std::optional<std::int64_t> value = is_integer_type ? json_integer(token) : std::nullopt;
  if (value) {
    writer_.integer(*value);
  } else {
    writer_.null();
  }
  return true;
}

bool Reader::write_literal(FieldType type, std::string_view token) {
  const bool is_boolean = token == "true" || token == "false";
  if (!is_boolean && token != "null") return false;
  if (is_boolean && (type == FieldType::Boolean || type == FieldType::Json)) {
    writer_.boolean(token == "true");
  } else {
    writer_.null();
  }
  return true;
}

template <typename Source>
bool Reader::write_any_list(Source& source, int depth) {
  ondemand::array array;
  if (depth > stored_depth_max || source.get_array().get(array) != simdjson::SUCCESS) return false;
  writer_.open_list();
  for (auto element : array) {
    ondemand::value value;
    if (element.get(value) != simdjson::SUCCESS) return false;
    writer_.open_item();
    if (!write_any(value, depth + 1)) return false;
    writer_.close_item();
  }
  writer_.close_list();
  return true;
}

template <typename Source>
bool Reader::write_any_object(Source& source, int depth) {
  ondemand::object object;
  if (depth > stored_depth_max || source.get_object().get(object) != simdjson::SUCCESS) return false;
  writer_.open_object();
  for (auto field : object) {
    ondemand::raw_json_string raw;
    ondemand::value value;
    if (field.key().get(raw) != simdjson::SUCCESS || field.value().get(value) != simdjson::SUCCESS) return false;
    const char* start = raw.raw();
    const auto left = static_cast<std::size_t>(room_.padded.data() + room_.padded.size() - start);
    const auto body = json_string_body({start, left});
    room_.key.clear();
    if (!body || !unescape_json(*body, room_.key)) return false;
    const Tag tag = make_tag(room_.key, writer_.format());
    writer_.open_member(tag);
    if (!write_any(value, depth + 1)) return false;
    writer_.close_member(tag);
  }
  writer_.close_object();
  return true;
}

bool Reader::write_any(ondemand::value value, int depth) {
  ondemand::json_type type{};
  if (value.type().get(type) != simdjson::SUCCESS) return false;
  if (type == ondemand::json_type::array) return write_any_list(value, depth);
  if (type == ondemand::json_type::object) return write_any_object(value, depth);
  return write_scalar(FieldType::Json, without_white_space(value.raw_json_token()));
}

}  // namespace

void write_stored_json(const ItemShape& shape, std::string_view stored, TreeWriter& writer) {
  Sink& sink = writer.sink();
  const std::size_t mark = sink.mark();
  if (shape.type == FieldType::List && writer.format() == contract::Format::Json) {
    if (write_matching_list(shape, stored, sink)) return;
    sink.rewind(mark);
  }
  thread_local Workroom kept;
  std::unique_ptr<Workroom> own;
  if (stored.size() > kept_bytes_max) own = std::make_unique<Workroom>();
  TreeWriter attempt = writer;
  if (Reader(own ? *own : kept, attempt).write_root(shape, stored)) return;
  sink.rewind(mark);
  writer.null();
}

}  // namespace portico::render
