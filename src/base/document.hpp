#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace portico::base {

struct Member;

/// What a body says, before anything is known of fields: a JSON value, or a form in the shape of one. A value type;
/// owns its texts, which are well-formed UTF-8.
struct Document {
  enum class Kind : std::uint8_t {
    Null,
    Boolean,
    Integer,  ///< a JSON number without fraction and exponent that 64 bits hold
    Number,   ///< any other JSON number; `text` is as it was written, so nothing is rounded
    Text,
    Array,
    Object,
  };
  Kind kind = Kind::Null;
  bool boolean = false;
  std::int64_t integer = 0;
  std::string text = {};             ///< Text: decoded. Number: as written. Integer: empty, or `-0`
  std::vector<Document> items = {};  ///< Array
  std::vector<Member> members;       ///< Object: in the order written, no name twice

  /// The member of that name, or null. Null for anything but an object.
  [[nodiscard]] const Document* find(std::string_view name) const;
};

struct Member {
  std::string name;
  Document value;
};

/// What kind of value that is, for a message: `an object`, `a text`.
[[nodiscard]] std::string_view words_for(Document::Kind kind);

/// Appends `document` as JSON (RFC 8259), without white space; numbers as they were written.
void append_json(const Document& document, std::string& out);

}  // namespace portico::base
