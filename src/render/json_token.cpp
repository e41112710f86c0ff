#include "render/json_token.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace portico::render {

namespace {

constexpr char32_t replacement_character = 0xFFFD;

std::size_t digits_at(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
  return end - at;
}

// The integer part: the one that a leading zero ends.
std::size_t integer_part_size(std::string_view token) {
  const std::size_t sign = token.starts_with('-') ? 1 : 0;
  const std::size_t digits = digits_at(token, sign);
  if (digits == 0 || (digits > 1 && token[sign] == '0')) return 0;
  return sign + digits;
}

void append_utf8(char32_t point, std::string& out) {
  const auto byte = [&out](char32_t value) { out += static_cast<char>(static_cast<unsigned char>(value)); };
  if (point < 0x80) {
    byte(point);
  } else if (point < 0x800) {
    byte(0xC0 | point >> 6U);
    byte(0x80 | (point & 0x3FU));
  } else if (point < 0x10000) {
    byte(0xE0 | point >> 12U);
    byte(0x80 | (point >> 6U & 0x3FU));
    byte(0x80 | (point & 0x3FU));
  } else {
    byte(0xF0 | point >> 18U);
    byte(0x80 | (point >> 12U & 0x3FU));
    byte(0x80 | (point >> 6U & 0x3FU));
    byte(0x80 | (point & 0x3FU));
  }
}

// The four hex digits of `\uXXXX` at `at`, where the backslash stands.
std::optional<char32_t> unit_at(std::string_view body, std::size_t at) {
  if (at + 6 > body.size() || body[at] != '\\' || body[at + 1] != 'u') return std::nullopt;
  std::uint32_t unit = 0;
  const char* first = body.data() + at + 2;
  const auto [end, failure] = std::from_chars(first, first + 4, unit, 16);
  if (failure != std::errc{} || end != first + 4) return std::nullopt;
  return unit;
}

// `\uXXXX`, or the two that make a pair; `at` is moved behind it.
bool unescape_unit(std::string_view body, std::size_t& at, std::string& out) {
  const std::optional<char32_t> unit = unit_at(body, at);
  if (!unit) return false;
  at += 6;
  if (*unit < 0xD800 || *unit > 0xDFFF) {
    append_utf8(*unit, out);
    return true;
  }
  const std::optional<char32_t> low = unit_at(body, at);
  if (*unit > 0xDBFF || !low || *low < 0xDC00 || *low > 0xDFFF) {
    append_utf8(replacement_character, out);
    return true;
  }
  append_utf8(0x10000 + ((*unit - 0xD800) << 10U) + (*low - 0xDC00), out);
  at += 6;
  return true;
}

struct Escape {
  char letter;
  char meaning;
};
constexpr std::array<Escape, 8> escapes = {
    {{'"', '"'}, {'\\', '\\'}, {'/', '/'}, {'b', '\b'}, {'f', '\f'}, {'n', '\n'}, {'r', '\r'}, {'t', '\t'}}};

}  // namespace

bool is_json_number(std::string_view token) {
  std::size_t at = integer_part_size(token);
  if (at == 0) return false;
  if (at < token.size() && token[at] == '.') {
    const std::size_t digits = digits_at(token, at + 1);
    if (digits == 0) return false;
    at += 1 + digits;
  }
  if (at < token.size() && (token[at] == 'e' || token[at] == 'E')) {
    ++at;
    if (at < token.size() && (token[at] == '+' || token[at] == '-')) ++at;
    const std::size_t digits = digits_at(token, at);
    if (digits == 0) return false;
    at += digits;
  }
  return at == token.size();
}

std::optional<std::int64_t> json_integer(std::string_view token) {
  if (integer_part_size(token) != token.size()) return std::nullopt;
  std::int64_t value = 0;
  const auto [end, failure] = std::from_chars(token.data(), token.data() + token.size(), value);
  if (failure != std::errc{} || end != token.data() + token.size()) return std::nullopt;
  return value;
}

bool unescape_json(std::string_view body, std::string& out) {
  std::size_t at = 0;
  while (at < body.size()) {
    const std::size_t backslash = std::min(body.find('\\', at), body.size());
    out.append(body.substr(at, backslash - at));
    at = backslash;
    if (at == body.size()) break;
    if (at + 1 == body.size()) return false;
    if (body[at + 1] == 'u') {
      if (!unescape_unit(body, at, out)) return false;
      continue;
    }
    const auto* escape = std::find_if(escapes.begin(), escapes.end(),
                                      [&](const Escape& known) { return known.letter == body[at + 1]; });
    if (escape == escapes.end()) return false;
    out += escape->meaning;
    at += 2;
  }
  return true;
}

std::optional<std::string_view> json_string_body(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == '"') {
      return text.substr(0, at);
    }
  }
  return std::nullopt;
}

}  // namespace portico::render
