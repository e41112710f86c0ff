#include "render/sink.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>

#include "base/text.hpp"

namespace portico::render {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

constexpr std::size_t escaped_bytes_max = 6;  // of one byte: \u0000
constexpr std::size_t write_byte_bytes = 7;   // what write_byte always copies

/// One byte as it is written.
struct Written {
  std::array<char, write_byte_bytes> characters{};
  unsigned char size = 0;

  constexpr void set(std::string_view text) {
    size = static_cast<unsigned char>(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) characters[i] = text[i];
  }
};
using ByteTable = std::array<Written, 256>;

constexpr ByteTable plain_bytes() {
  ByteTable table{};
  for (std::size_t byte = 0; byte < table.size(); ++byte) {
    const char character = static_cast<char>(byte);
    table[byte].set({&character, 1});
  }
  return table;
}

// RFC 8259 §7: the short forms where there are any.
constexpr ByteTable json_bytes() {
  constexpr std::string_view digits = "0123456789abcdef";
  ByteTable table = plain_bytes();
  for (std::size_t byte = 0; byte < 0x20; ++byte) {
    const std::array<char, 6> escape = {'\\', 'u', '0', '0', digits[byte >> 4U], digits[byte & 15U]};
    table[byte].set({escape.data(), escape.size()});
  }
  table['\b'].set("\\b");
  table['\f'].set("\\f");
  table['\n'].set("\\n");
  table['\r'].set("\\r");
  table['\t'].set("\\t");
  table['"'].set("\\\"");
  table['\\'].set("\\\\");
  return table;
}

// XML 1.0 §2.2, §2.4, §2.11: a CR as itself would be read back as LF.
constexpr ByteTable xml_bytes() {
  ByteTable table = plain_bytes();
  for (std::size_t byte = 0; byte < 0x20; ++byte) table[byte].set(replacement);
  table['\t'].set("\t");
  table['\n'].set("\n");
  table['\r'].set("&#13;");
  table['&'].set("&amp;");
  table['<'].set("&lt;");
  table['>'].set("&gt;");
  return table;
}

constexpr ByteTable json_table = json_bytes();
constexpr ByteTable xml_table = xml_bytes();

char* write_byte(char* at, const Written& written) {
  std::memcpy(at, written.characters.data(), written.characters.size());
  return at + written.size;
}

char* escape_json(char* at, std::string_view text) {
  for (const char character : text) at = write_byte(at, json_table[static_cast<unsigned char>(character)]);
  return at;
}

// U+FFFE and U+FFFF, which XML 1.0 cannot carry, are EF BF BE and EF BF BF.
bool is_noncharacter(std::string_view text, std::size_t at) {
  return text[at] == '\xEF' && at + 2 < text.size() && text[at + 1] == '\xBF' &&
         (text[at + 2] == '\xBE' || text[at + 2] == '\xBF');
}

char* escape_xml(char* at, std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_noncharacter(text, i)) {
      std::memcpy(at, replacement.data(), replacement.size());
      at += replacement.size();
      i += 2;
    } else {
      at = write_byte(at, xml_table[static_cast<unsigned char>(text[i])]);
    }
  }
  return at;
}

// The longest beginning of at most short_text_bytes that does not end inside a character.
std::size_t piece_size(std::string_view text) {
  if (text.size() <= Sink::short_text_bytes) return text.size();
  std::size_t size = Sink::short_text_bytes;
  while (size > Sink::short_text_bytes - 4 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) --size;
  return size;
}

struct Json {
  using Specials = JsonSpecials;
  static constexpr auto escape = escape_json;
  static bool passes_as_is(unsigned found, std::string_view) { return (found & met::special) == 0; }
};

struct Xml {
  using Specials = XmlSpecials;
  static constexpr auto escape = escape_xml;
  static bool passes_as_is(unsigned found, std::string_view text) {
    if ((found & met::special) != 0) return false;
    return (found & met::high) == 0 || text.find("\xEF\xBF") == std::string_view::npos;
  }
};

// Bytes below 0x80 from `at` on.
std::size_t ascii_run(std::string_view text, std::size_t at) {
  const std::size_t start = at;
  if constexpr (std::endian::native == std::endian::little) {
    for (; at + 8 <= text.size(); at += 8) {
      const std::uint64_t high = detail::load<std::uint64_t>(text.data() + at) & detail::top_bits;
      if (high != 0) return at - start + static_cast<std::size_t>(std::countr_zero(high)) / 8;
    }
  }
  while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80) ++at;
  return at - start;
}

// Whether a short text is ASCII and well-formed sequences of two bytes: what names and addresses in European
// languages are made of, seen to here in a third of the time that a look at any text takes.
bool is_plainly_utf8(std::string_view text) {
  std::size_t at = ascii_run(text, 0);
  while (at < text.size()) {
    if (at + 1 == text.size()) return false;
    const auto lead = static_cast<unsigned char>(text[at]);
    const auto next = static_cast<unsigned char>(text[at + 1]);
    if (lead < 0xC2 || lead > 0xDF || (next & 0xC0U) != 0x80U) return false;
    at += 2;
    at += ascii_run(text, at);
  }
  return true;
}

// `text` is UTF-8 here, or ASCII by what the scan finds.
template <typename Form>
char* write_pieces(Sink& sink, char* at, std::string_view text) {
  while (!text.empty()) {
    at = sink.reserve(at);
    const std::string_view piece = text.substr(0, piece_size(text));
    const unsigned found = copy_scanned<typename Form::Specials>(at, piece.data(), piece.size());
    at = Form::passes_as_is(found, piece) ? at + piece.size() : Form::escape(at, piece);
    text.remove_prefix(piece.size());
  }
  return at;
}

template <typename Form>
char* write_text(Sink& sink, char* at, std::string_view text) {
  if (text.size() <= Sink::short_text_bytes) {
    const unsigned found = copy_scanned<typename Form::Specials>(at, text.data(), text.size());
    if (found == met::nothing) return at + text.size();
    if ((found & met::high) == 0) return Form::escape(at, text);
    if (Form::passes_as_is(found, text) && (is_plainly_utf8(text) || base::is_utf8(text))) return at + text.size();
  }
  if (base::is_utf8(text)) return write_pieces<Form>(sink, at, text);
  return write_pieces<Form>(sink, at, base::repaired_utf8(text));
}

template <char* (*escape)(char*, std::string_view)>
std::string escaped(std::string_view text) {
  const std::string repaired = base::repaired_utf8(text);
  std::string content(repaired.size() * escaped_bytes_max + write_byte_bytes, '\0');
  content.resize(static_cast<std::size_t>(escape(content.data(), repaired) - content.data()));
  return content;
}

}  // namespace

std::array<char, Sink::room_bytes>& Sink::room() {
  thread_local std::array<char, room_bytes> bytes;
  return bytes;
}

char* Sink::flush(char* at) {
  out_.append(begin_, static_cast<std::size_t>(at - begin_));
  return begin_;
}

void Sink::put(std::string_view text) {
  at_ = reserve(at_);
  if (text.size() > step_bytes) {
    at_ = flush(at_);
    out_.append(text);
    return;
  }
  std::memcpy(at_, text.data(), text.size());
  at_ += text.size();
}

void Sink::rewind(std::size_t mark) {
  if (mark >= out_.size()) {
    at_ = begin_ + (mark - out_.size());
    return;
  }
  out_.resize(mark);
  at_ = begin_;
}

char* write_json_text(Sink& sink, char* at, std::string_view text) {
  *at++ = '"';
  at = write_text<Json>(sink, at, text);
  *at++ = '"';
  return at;
}

char* write_xml_text(Sink& sink, char* at, std::string_view text) {
  return write_text<Xml>(sink, at, text);
}

std::string json_text(std::string_view text) {
  return '"' + escaped<escape_json>(text) + '"';
}

std::string xml_attribute(std::string_view text) {
  std::string attribute;
  for (const char character : escaped<escape_xml>(text)) {
    // XML 1.0 §3.3.3: as themselves, tab and line feed would be read back as spaces.
    switch (character) {
      case '"':
        attribute += "&quot;";
        break;
      case '\t':
        attribute += "&#9;";
        break;
      case '\n':
        attribute += "&#10;";
        break;
      default:
        attribute += character;
    }
  }
  return attribute;
}

bool is_xml_name(std::string_view text) {
  const auto is_first = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  const auto is_further = [&](char c) { return is_first(c) || (c >= '0' && c <= '9') || c == '-' || c == '.'; };
  return !text.empty() && is_first(text.front()) && std::all_of(text.begin(), text.end(), is_further);
}

}  // namespace portico::render
