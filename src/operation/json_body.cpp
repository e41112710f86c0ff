#include "operation/json_body.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <numeric>

#include "base/code_points.hpp"
#include "base/json_characters.hpp"
#include "base/text.hpp"
#include "operation/text_place.hpp"

namespace portico::operation {
namespace {

using base::Document;
using base::Error;
using base::ErrorCode;
using base::Member;

/// Begins messages about what is JSON and is not taken all the same.
constexpr std::string_view unread = "The body cannot be read: ";

/// How what is no JSON is often written, and what to write instead.
struct Habit {
  std::string_view begins;
  std::string_view advice;
};
constexpr std::array<Habit, 18> habits = {{
    {"True", "it is written `true`"},
    {"TRUE", "it is written `true`"},
    {"False", "it is written `false`"},
    {"FALSE", "it is written `false`"},
    {"None", "it is written `null`"},
    {"Null", "it is written `null`"},
    {"NULL", "it is written `null`"},
    {"nil", "it is written `null`"},
    {"undefined", "JSON knows only `null`"},
    {"NaN", "JSON knows only numbers that are numbers, and `null`"},
    {"Infinity", "JSON knows only numbers that are numbers, and `null`"},
    {"'", "texts stand in double quotes"},
    {"/", "JSON has no comments"},
    {"#", "JSON has no comments"},
    {"+", "a number has no `+` before it"},
    {".", "a digit stands before the point"},
    {"}", "no comma stands before it"},
    {"]", "no comma stands before it"},
}};

bool is_digit(char character) {
  return character >= '0' && character <= '9';
}

/// The value of four hex digits at `at`, or nothing.
std::optional<char32_t> hex_unit(std::string_view text, std::size_t at) {
  if (at > text.size() || text.size() - at < 4) return std::nullopt;
  std::uint32_t unit = 0;
  const char* const first = text.data() + at;
  const auto read = std::from_chars(first, first + 4, unit, 16);
  if (read.ec != std::errc() || read.ptr != first + 4) return std::nullopt;
  return unit;
}

bool is_high_half(char32_t unit) {
  return unit >= 0xD800 && unit <= 0xDBFF;
}
bool is_low_half(char32_t unit) {
  return unit >= 0xDC00 && unit <= 0xDFFF;
}

/// JSON-text = ws value ws (RFC 8259 §2): `{"a": [1, "x", null]}`. One pass; functions of the grammar give false once
/// something is wrong, and the text is left to its fate.
class JsonReader {
 public:
  JsonReader(std::string_view text, const base::Limits& limits) : text_(text), limits_(limits) {
    constexpr std::size_t usual_members = 64;
    constexpr std::size_t least_member_bytes = 5;  // "":0,
    const std::size_t members = std::min(usual_members, text.size() / least_member_bytes);
    members_.reserve(members);
    name_places_.reserve(members);
  }

  base::Result<Document> read() {
    Document document;
    if (read_whole(document)) return document;
    if (repetition_) blame_repetition();
    return std::move(error_);
  }

 private:
  bool read_whole(Document& out);
  bool read_value(Document& out);
  bool read_object(Document& out);
  bool read_members();
  bool read_member();
  bool read_array(Document& out);
  bool read_items();
  bool read_string(std::string& out);
  bool read_escape(std::string& out);
  bool read_unit(std::string& out);
  bool read_number(Document& out);
  bool read_digits(std::string_view where);
  bool read_word(std::string_view word);
  bool enter();
  bool names_differ(std::size_t first);
  std::size_t first_repetition(std::size_t first) const;
  bool refuse_repetition(std::size_t member);
  void blame_repetition();
  bool refuse_utf8();

  bool refuse(std::size_t at, const std::string& what) { return refuse("The body is not JSON: ", at, what); }
  bool refuse(std::string_view verdict, std::size_t at, const std::string& what);
  bool refuse_found(const std::string& expected);

  /// NUL at the end, which is as wrong outside of strings as a NUL itself.
  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(char character) {
    if (peek() != character) return false;
    ++at_;
    return true;
  }
  void skip_space() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\t')) {
      ++at_;
    }
  }

  std::string_view text_;
  const base::Limits& limits_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  std::size_t values_ = 0;
  // The members and items of what is open, one stretch for each: so what is closed gets its room in one piece.
  std::vector<Member> members_;
  std::vector<std::size_t> name_places_;  // of each of members_
  std::vector<Document> items_;
  // Where something is wrong.
  std::vector<std::string> steps_;         // from there outwards
  std::optional<std::size_t> repetition_;  // of a name that stands twice, the first of steps_
  Error error_;
};

bool JsonReader::refuse(std::string_view verdict, std::size_t at, const std::string& what) {
  error_.code = ErrorCode::MalformedBody;
  error_.message = std::string(verdict) + place_words(text_, at) + ": " + what + ".";
  return false;
}

/// Something else stands here than may.
bool JsonReader::refuse_found(const std::string& expected) {
  std::string what = "expected " + expected + ", found " + found_words(text_, at_);
  const auto* habit = std::find_if(habits.begin(), habits.end(),
                                   [&](const Habit& known) { return text_.substr(at_).starts_with(known.begins); });
  const bool closes = peek() == '}' || peek() == ']';
  // A closing bracket is a habit only behind a comma, where a value or a name must follow.
  const std::size_t before = at_ == 0 ? std::string_view::npos : text_.find_last_not_of(" \n\r\t", at_ - 1);
  const bool behind_comma = before != std::string_view::npos && text_[before] == ',';
  if (habit != habits.end() && (!closes || behind_comma)) what.append("; ").append(habit->advice);
  return refuse(at_, what);
}

bool JsonReader::refuse_utf8() {
  std::size_t at = 0;
  for (base::CodePoint point = base::decode(text_, at); point.well_formed; point = base::decode(text_, at)) {
    at += point.bytes;
  }
  return refuse(at, found_words(text_, at) + " is no UTF-8, in which JSON is sent");
}

bool JsonReader::read_whole(Document& out) {
  if (text_.starts_with("\xEF\xBB\xBF")) {
    return refuse(0, "a byte order mark stands here; JSON is sent without one");  // RFC 8259 §8.1
  }
  if (!base::is_utf8(text_)) return refuse_utf8();
  skip_space();
  if (at_ == text_.size()) return refuse(at_, "there is nothing but white space; expected a value such as `{}`");
  if (!read_value(out)) return false;
  skip_space();
  return at_ == text_.size() || refuse_found("the end");
}

bool JsonReader::read_value(Document& out) {
  if (++values_ > limits_.body_values) {
    return refuse(unread, at_,
                  "more values than " + std::to_string(limits_.body_values) +
                      ", members and items counted together (the limit `body_values`)");
  }
  switch (peek()) {
    case '{':
      return read_object(out);
    case '[':
      return read_array(out);
    case '"':
      out.kind = Document::Kind::Text;
      return read_string(out.text);
    case 't':
      out.kind = Document::Kind::Boolean;
      out.boolean = true;
      return read_word("true");
    case 'f':
      out.kind = Document::Kind::Boolean;
      return read_word("false");
    case 'n':
      return read_word("null");
    default:
      return is_digit(peek()) || peek() == '-' ? read_number(out) : refuse_found("a value");
  }
}

bool JsonReader::read_word(std::string_view word) {
  if (!text_.substr(at_).starts_with(word)) return refuse_found("a value");
  at_ += word.size();
  return true;
}

bool JsonReader::enter() {
  if (++depth_ > limits_.body_depth) {
    return refuse(
        unread, at_,
        "objects and lists nest deeper than " + std::to_string(limits_.body_depth) + " (the limit `body_depth`)");
  }
  ++at_;
  skip_space();
  return true;
}

/// object = "{" [ member *( "," member ) ] "}"
bool JsonReader::read_object(Document& out) {
  out.kind = Document::Kind::Object;
  if (!enter()) return false;
  const std::size_t first = members_.size();
  if (!take('}') && !(read_members() && names_differ(first))) return false;
  --depth_;
  if (first == members_.size()) return true;
  const auto begin = members_.begin() + static_cast<std::ptrdiff_t>(first);
  out.members.assign(std::make_move_iterator(begin), std::make_move_iterator(members_.end()));
  members_.erase(begin, members_.end());
  name_places_.resize(first);
  return true;
}

bool JsonReader::read_members() {
  do {
    skip_space();
    if (!read_member()) return false;
    skip_space();
  } while (take(','));
  return take('}') || refuse_found("`,` or `}`");
}

/// member = string ":" value
bool JsonReader::read_member() {
  if (peek() != '"') return refuse_found("a name in double quotes");
  const std::size_t place = at_;
  Member member;
  if (!read_string(member.name)) return false;
  skip_space();
  if (!take(':')) return refuse_found("`:` behind the name " + shown_name(member.name));
  skip_space();
  if (!read_value(member.value)) {
    steps_.push_back(std::move(member.name));
    return false;
  }
  members_.push_back(std::move(member));
  name_places_.push_back(place);
  return true;
}

/// array = "[" [ value *( "," value ) ] "]"
bool JsonReader::read_array(Document& out) {
  out.kind = Document::Kind::Array;
  if (!enter()) return false;
  const std::size_t first = items_.size();
  if (!take(']') && !read_items()) {
    steps_.push_back(std::to_string(items_.size() - first));
    return false;
  }
  --depth_;
  if (first == items_.size()) return true;
  const auto begin = items_.begin() + static_cast<std::ptrdiff_t>(first);
  out.items.assign(std::make_move_iterator(begin), std::make_move_iterator(items_.end()));
  items_.erase(begin, items_.end());
  return true;
}

bool JsonReader::read_items() {
  do {
    skip_space();
    Document item;
    if (!read_value(item)) return false;
    items_.push_back(std::move(item));
    skip_space();
  } while (take(','));
  return take(']') || refuse_found("`,` or `]`");
}

/// string = %x22 *( %x20-21 / %x23-5B / %x5D-10FFFF / escape ) %x22
bool JsonReader::read_string(std::string& out) {
  const std::size_t begin = at_++;
  for (;;) {
    const std::size_t end = base::plain_json_end(text_, at_);
    out.append(text_.substr(at_, end - at_));
    at_ = end;
    if (at_ == text_.size()) return refuse(begin, "the text that begins here has no closing double quote");
    if (take('"')) return true;
    if (peek() != '\\') {
      return refuse(at_, found_words(text_, at_) +
                             " within a text; control characters are written as `\\n`, `\\t` "
                             "or `\\u` and four hexadecimal digits");
    }
    if (!read_escape(out)) return false;
  }
}

bool JsonReader::read_escape(std::string& out) {
  constexpr std::string_view letters = "\"\\/bfnrt";
  constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
  const std::size_t begin = at_++;
  if (peek() == 'u') return read_unit(out);
  const std::size_t letter = letters.find(peek());
  if (letter == std::string_view::npos) {
    return refuse(begin, "a backslash stands before `\"`, `\\`, `/`, `b`, `f`, `n`, `r`, `t` or `u`, not before " +
                             found_words(text_, at_));
  }
  out += meanings[letter];
  ++at_;
  return true;
}

/// %x75 4HEXDIG: a character, or half of one beyond U+FFFF, whose other half must follow.
bool JsonReader::read_unit(std::string& out) {
  const std::size_t begin = at_ - 1;
  const auto unit = hex_unit(text_, at_ + 1);
  if (!unit) return refuse(begin, "expected four hexadecimal digits behind `\\u`");
  at_ += 5;
  if (!is_high_half(*unit) && !is_low_half(*unit)) {
    out += base::encoded(*unit);
    return true;
  }
  char32_t low = 0;
  if (text_.substr(at_).starts_with("\\u")) low = hex_unit(text_, at_ + 2).value_or(0);
  if (!is_high_half(*unit) || !is_low_half(low)) {
    return refuse(begin,
                  "half of a surrogate pair alone is no character; one from `\\uD800` to `\\uDBFF` and one from "
                  "`\\uDC00` to `\\uDFFF` make a pair");
  }
  out += base::encoded(0x10000 + ((*unit - 0xD800) << 10U) + (low - 0xDC00));
  at_ += 6;
  return true;
}

/// number = [ "-" ] ( "0" / digit1-9 *DIGIT ) [ "." 1*DIGIT ] [ ( "e" / "E" ) [ "+" / "-" ] 1*DIGIT ]
bool JsonReader::read_number(Document& out) {
  const std::size_t begin = at_;
  take('-');
  if (take('0')) {
    if (is_digit(peek())) return refuse(begin, "a number does not begin with a 0 before other digits");
  } else if (!read_digits("in a number")) {
    return false;
  }
  const bool has_fraction = take('.');
  if (has_fraction && !read_digits("behind the point")) return false;
  const bool has_exponent = take('e') || take('E');
  if (has_exponent) {
    if (!take('+')) take('-');
    if (!read_digits("in the exponent")) return false;
  }
  const std::string_view written = text_.substr(begin, at_ - begin);
  const auto integer = has_fraction || has_exponent ? std::nullopt : base::parse_integer(written);
  out.kind = integer ? Document::Kind::Integer : Document::Kind::Number;
  if (integer) out.integer = *integer;
  if (!integer || written == "-0") out.text = written;
  return true;
}

bool JsonReader::read_digits(std::string_view where) {
  if (!is_digit(peek())) return refuse_found("a digit " + std::string(where));
  while (is_digit(peek())) ++at_;
  return true;
}

/// Whether no name stands twice among the members from `first` on.
bool JsonReader::names_differ(std::size_t first) {
  const std::size_t repeated = first_repetition(first);
  return repeated == members_.size() || refuse_repetition(repeated);
}

/// The first member from `first` on whose name one before it has; members_.size() without one. By comparing each with
/// each where they are few, else by sorting: nobody's choice of names makes it slow.
std::size_t JsonReader::first_repetition(std::size_t first) const {
  constexpr std::size_t few = 16;
  const auto begin = members_.begin() + static_cast<std::ptrdiff_t>(first);
  if (members_.size() - first <= few) {
    const auto repeated = [&](const Member& member) {
      const auto* end = &member;
      return std::any_of(&*begin, end, [&](const Member& other) { return other.name == member.name; });
    };
    return static_cast<std::size_t>(std::find_if(begin, members_.end(), repeated) - members_.begin());
  }
  std::vector<std::size_t> sorted(members_.size() - first);
  std::iota(sorted.begin(), sorted.end(), first);
  std::sort(sorted.begin(), sorted.end(), [this](std::size_t a, std::size_t b) {
    const int order = members_[a].name.compare(members_[b].name);
    return order == 0 ? a < b : order < 0;
  });
  std::size_t earliest = members_.size();
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    if (members_[sorted[i - 1]].name == members_[sorted[i]].name) earliest = std::min(earliest, sorted[i]);
  }
  return earliest;
}

/// The words for it wait until all steps to it are known.
bool JsonReader::refuse_repetition(std::size_t member) {
  steps_.push_back(members_[member].name);
  repetition_ = name_places_[member];
  return false;
}

void JsonReader::blame_repetition() {
  for (std::string& step : steps_) step = shortened_name(step);
  std::reverse(steps_.begin(), steps_.end());
  refuse(unread, *repetition_, "`" + base::joined(steps_, ".") + "` stands twice in one object");
  error_.faults.push_back({.path = std::move(steps_), .message = "Given twice in one object."});
}

}  // namespace

base::Result<Document> read_json(std::string_view text, const base::Limits& limits) {
  return JsonReader(text, limits).read();
}

}  // namespace portico::operation
