#include "base/document.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/json_characters.hpp"

namespace portico::base {
namespace {

// In the order of Document::Kind.
constexpr std::array<std::string_view, 7> kind_words = {"null",   "a boolean", "an integer", "a number",
                                                        "a text", "a list",    "an object"};
static_assert(static_cast<std::size_t>(Document::Kind::Object) + 1 == kind_words.size());

// What follows the backslash in RFC 8259's short forms; 0 where there is none.
constexpr char short_escape(char character) {
  switch (character) {
    case '"':
    case '\\':
      return character;
    case '\b':
      return 'b';
    case '\f':
      return 'f';
    case '\n':
      return 'n';
    case '\r':
      return 'r';
    case '\t':
      return 't';
    default:
      return 0;
  }
}

void append_text(std::string_view text, std::string& out) {
  constexpr std::string_view digits = "0123456789abcdef";
  out += '"';
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = plain_json_end(text, at);
    out.append(text.substr(at, end - at));
    at = end + 1;
    if (end == text.size()) break;
    const auto byte = static_cast<unsigned char>(text[end]);
    if (const char letter = short_escape(text[end]); letter != 0) {
      out.append({'\\', letter});
    } else {
      out.append("\\u00").append({digits[byte >> 4U], digits[byte & 15U]});
    }
  }
  out += '"';
}

void append_integer(const Document& document, std::string& out) {
  if (!document.text.empty()) {
    out += document.text;
    return;
  }
  std::array<char, 20> digits = {};  // the longest: -9223372036854775808
  const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), document.integer);
  out.append(digits.data(), written.ptr);
}

void append_list(const Document& document, std::string& out) {
  out += '[';
  for (const Document& item : document.items) {
    if (&item != document.items.data()) out += ',';
    append_json(item, out);
  }
  out += ']';
}

void append_object(const Document& document, std::string& out) {
  out += '{';
  for (const Member& member : document.members) {
    if (&member != document.members.data()) out += ',';
    append_text(member.name, out);
    out += ':';
    append_json(member.value, out);
  }
  out += '}';
}

}  // namespace

const Document* Document::find(std::string_view name) const {
  const auto found =
      std::find_if(members.begin(), members.end(), [&](const Member& member) { return member.name == name; });
  return found == members.end() ? nullptr : &found->value;
}

std::string_view words_for(Document::Kind kind) {
  return kind_words[static_cast<std::size_t>(kind)];
}

void append_json(const Document& document, std::string& out) {
  switch (document.kind) {
    case Document::Kind::Null:
      out += "null";
      return;
    case Document::Kind::Boolean:
      out += document.boolean ? "true" : "false";
      return;
    case Document::Kind::Integer:
      return append_integer(document, out);
    case Document::Kind::Number:
      out += document.text;
      return;
    case Document::Kind::Text:
      return append_text(document.text, out);
    case Document::Kind::Array:
      return append_list(document, out);
    case Document::Kind::Object:
      return append_object(document, out);
  }
}

}  // namespace portico::base
