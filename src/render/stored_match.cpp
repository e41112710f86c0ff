#include "render/stored_match.hpp"

#include <algorithm>
#include <cstring>

#include "base/text.hpp"
#include "base/time.hpp"

namespace portico::render {

namespace {

using model::FieldType;

/// Every function of it is false where the text is not as expected, which says nothing of whether it is JSON. It
/// never passes over anything it did not compare: what is accepted is what was seen.
class Matcher {
 public:
  Matcher(std::string_view stored, Sink& sink)
      : from_(stored.data()), end_(stored.data() + stored.size()), sink_(sink), to_(sink.at()) {}

  [[nodiscard]] bool write(const ItemShape& list) {
    if (!write_list(list.item.front())) return false;
    sink_.set(to_);
    return from_ == end_;
  }
  /// Whether bytes over 0x7F were copied, which are yet to be checked.
  [[nodiscard]] bool met_high() const { return (found_ & met::high) != 0; }

 private:
  enum class Place : bool { First, Further };  // of a member that is there

  [[nodiscard]] std::size_t left() const { return static_cast<std::size_t>(end_ - from_); }
  [[nodiscard]] bool is_next(char character) const { return from_ != end_ && *from_ == character; }

  [[nodiscard]] bool take(char character) {
    if (!is_next(character)) return false;
    ++from_;
    return true;
  }
  [[nodiscard]] bool take(std::string_view text) {
    if (left() < text.size() || std::memcmp(from_, text.data(), text.size()) != 0) return false;
    from_ += text.size();
    return true;
  }
  void take_space() {
    if (is_next(' ')) ++from_;
  }
  void put(std::string_view text) {
    std::memcpy(to_, text.data(), text.size());
    to_ += text.size();
  }

  [[nodiscard]] bool write_list(const ItemShape& item) {
    if (!take('[')) return false;
    to_ = sink_.reserve(to_);
    *to_++ = '[';
    if (!take(']')) {
      do {
        take_space();
        if (!write_value(item)) return false;
        *to_++ = ',';
      } while (take(','));
      --to_;  // the last comma
      if (!take(']')) return false;
    }
    *to_++ = ']';
    return true;
  }

  // A member that is not next is missing: its name can come no later, as nothing but the members after it may.
  [[nodiscard]] bool write_object(const ItemShape& shape) {
    if (!take('{') || shape.members.empty()) return false;
    Place place = Place::First;
    *to_++ = '{';
    for (const MemberShape& member : shape.members) {
      to_ = sink_.reserve(to_);
      if (member.tag.open.size() > Sink::fixed_bytes_max) return false;
      put(member.tag.open);
      if (take_name(member.stored_open, place)) {
        place = Place::Further;
        if (!write_value(member.shape)) return false;
      } else {
        put("null");
      }
      *to_++ = ',';
    }
    to_[-1] = '}';
    return take('}');
  }

  [[nodiscard]] bool take_name(std::string_view name, Place place) {
    const char* const before = from_;
    if (place == Place::Further) {
      if (!take(',')) return false;
      take_space();
    }
    if (!take(name)) {
      from_ = before;
      return false;
    }
    take_space();
    return true;
  }

  [[nodiscard]] bool write_value(const ItemShape& shape) {
    to_ = sink_.reserve(to_);
    if (is_next('n')) {
      put("null");
      return take("null");
    }
    switch (shape.type) {
      case FieldType::Id:
      case FieldType::String:
      case FieldType::Email:
      case FieldType::Url:
      case FieldType::Country:
      case FieldType::Currency:
      case FieldType::Language:
      case FieldType::Date:
        return write_string();
      case FieldType::Integer:
      case FieldType::Money:
      case FieldType::Rate:
        return write_integer();
      case FieldType::Choice:
        return is_next('"') ? write_string() : write_integer();
      case FieldType::Boolean:
        return write_boolean();
      case FieldType::Timestamp:
        return write_timestamp();
      case FieldType::Object:
        return write_object(shape);
      case FieldType::List:
        return write_list(shape.item.front());
      case FieldType::Json:
      case FieldType::File:
        return false;
    }
    return false;
  }

  /// What stands between the quotes; `from_` behind them. Null where there is an end missing.
  [[nodiscard]] std::string_view take_quoted() {
    if (!take('"')) return {};
    const void* quote = std::memchr(from_, '"', left());
    if (quote == nullptr) return {};
    const std::string_view body(from_, static_cast<std::size_t>(static_cast<const char*>(quote) - from_));
    from_ += body.size() + 1;
    return body;
  }

  // A quote behind a backslash ends the body too early: what has a backslash is looked at again.
  [[nodiscard]] bool write_string() {
    std::string_view body = take_quoted();
    if (body.data() == nullptr) return false;
    *to_++ = '"';
    do {
      const std::size_t size = std::min(body.size(), Sink::short_text_bytes);
      to_ = sink_.reserve(to_);
      const unsigned found = copy_scanned<JsonSpecials>(to_, body.data(), size);
      if ((found & met::special) != 0) {
        from_ = body.data();
        return write_escaped();
      }
      found_ |= found;
      to_ += size;
      body.remove_prefix(size);
    } while (!body.empty());
    *to_++ = '"';
    return true;
  }

  /// The rest of a string with escapes, up to its closing quote: those alone that are written as they are stored.
  [[nodiscard]] bool write_escaped() {
    constexpr std::string_view short_escapes = "\"\\bfnrt";
    for (;;) {
      to_ = sink_.reserve(to_);
      const std::size_t run = plain_run();
      const unsigned found = copy_scanned<JsonSpecials>(to_, from_, run);
      if ((found & met::special) != 0) return false;  // a control character
      found_ |= found;
      to_ += run;
      from_ += run;
      if (is_next('"')) break;
      if (!is_next('\\')) {
        if (from_ == end_) return false;
        continue;  // a long run goes on
      }
      if (left() < 2 || short_escapes.find(from_[1]) == std::string_view::npos) return false;
      put({from_, 2});
      from_ += 2;
    }
    put("\"");
    return take('"');
  }

  /// How many bytes come before the next quote or backslash, up to what is copied at once.
  [[nodiscard]] std::size_t plain_run() const {
    const char* const most = from_ + std::min(left(), Sink::short_text_bytes);
    const char* at = from_;
    while (at != most && *at != '"' && *at != '\\') ++at;
    return static_cast<std::size_t>(at - from_);
  }

  // At most 18 digits, which 64 bits hold; `-0` and leading zeros are not how integers are written.
  [[nodiscard]] bool write_integer() {
    constexpr std::ptrdiff_t digits_max = 18;
    const char* const start = from_;
    const char* const first = is_next('-') ? start + 1 : start;
    const char* last = first;
    while (last != end_ && *last >= '0' && *last <= '9') ++last;
    const std::ptrdiff_t digits = last - first;
    if (digits < 1 || digits > digits_max) return false;
    if (*first == '0' && (digits > 1 || first != start)) return false;
    if (last != end_ && (*last == '.' || *last == 'e' || *last == 'E')) return false;
    put({start, static_cast<std::size_t>(last - start)});
    from_ = last;
    return true;
  }

  [[nodiscard]] bool write_boolean() {
    const std::string_view word = is_next('t') ? "true" : "false";
    put(word);
    return take(word);
  }

  [[nodiscard]] bool write_timestamp() {
    const std::string_view body = take_quoted();
    if (body.data() == nullptr || body.find('\\') != std::string_view::npos) return false;
    const auto instant = base::parse_timestamp(body, base::TimeZone::utc());
    if (!instant) return false;
    *to_++ = '"';
    base::write_timestamp(*instant, to_);
    to_ += base::timestamp_length;
    *to_++ = '"';
    return true;
  }

  const char* from_;
  const char* const end_;
  Sink& sink_;
  char* to_;
  unsigned found_ = met::nothing;
};

}  // namespace

bool write_matching_list(const ItemShape& shape, std::string_view stored, Sink& sink) {
  Matcher matcher(stored, sink);
  return matcher.write(shape) && (!matcher.met_high() || base::is_utf8(stored));
}

}  // namespace portico::render
