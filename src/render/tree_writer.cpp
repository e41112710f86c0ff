#include "render/tree_writer.hpp"

#include <charconv>

namespace portico::render {

namespace {

constexpr std::string_view list_item_open = "<list-item>";
constexpr std::string_view list_item_close = "</list-item>";

}  // namespace

Tag make_tag(std::string_view name, contract::Format format) {
  if (format == contract::Format::Json) {
    return {.open = json_text(name) + ":", .close = {}};
  }
  if (is_xml_name(name)) return {.open = "<" + std::string(name) + ">", .close = "</" + std::string(name) + ">"};
  return {.open = "<item name=\"" + xml_attribute(name) + "\">", .close = "</item>"};
}

void TreeWriter::open_document() {
  if (!is_json()) sink_.put("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<root>");
}

void TreeWriter::close_document() {
  if (!is_json()) sink_.put("</root>");
}

void TreeWriter::open_object() {
  if (is_json()) sink_.put('{');
  first_ = true;
}

void TreeWriter::close_object() {
  if (is_json()) sink_.put('}');
}

void TreeWriter::open_list() {
  if (is_json()) sink_.put('[');
  first_ = true;
}

void TreeWriter::close_list() {
  if (is_json()) sink_.put(']');
}

void TreeWriter::separate() {
  if (is_json() && !first_) sink_.put(',');
}

void TreeWriter::open_member(const Tag& tag) {
  separate();
  sink_.put(tag.open);
}

void TreeWriter::close_member(const Tag& tag) {
  sink_.put(tag.close);
  first_ = false;
}

void TreeWriter::open_plain(std::string_view name) {
  separate();
  sink_.put(is_json() ? '"' : '<');
  sink_.put(name);
  sink_.put(is_json() ? std::string_view("\":") : std::string_view(">"));
}

void TreeWriter::close_plain(std::string_view name) {
  if (!is_json()) {
    sink_.put("</");
    sink_.put(name);
    sink_.put('>');
  }
  first_ = false;
}

void TreeWriter::open_item() {
  separate();
  if (!is_json()) sink_.put(list_item_open);
}

void TreeWriter::close_item() {
  if (!is_json()) sink_.put(list_item_close);
  first_ = false;
}

void TreeWriter::null() {
  if (is_json()) sink_.put("null");
}

void TreeWriter::boolean(bool value) {
  if (is_json()) {
    sink_.put(value ? "true" : "false");
  } else {
    sink_.put(value ? "True" : "False");
  }
}

void TreeWriter::integer(std::int64_t value) {
  char* at = sink_.reserve(sink_.at());
  sink_.set(std::to_chars(at, at + 24, value).ptr);
}

void TreeWriter::number(std::string_view digits) {
  sink_.put(digits);
}

void TreeWriter::timestamp(base::Microseconds instant) {
  char* at = sink_.reserve(sink_.at());
  if (is_json()) *at++ = '"';
  base::write_timestamp(instant, at);
  at += base::timestamp_length;
  if (is_json()) *at++ = '"';
  sink_.set(at);
}

void TreeWriter::text(std::string_view value) {
  char* at = sink_.reserve(sink_.at());
  sink_.set(is_json() ? write_json_text(sink_, at, value) : write_xml_text(sink_, at, value));
}

}  // namespace portico::render
