#pragma once

#include <array>
#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>

#include "contract/contract.hpp"
#include "render/text_copy.hpp"

namespace portico::render {

/// Where an answer is written: a small buffer that stays in the first cache, moved to the end of a string when it
/// fills. So the inner loops write through a plain pointer, and a string never grows byte by byte or is zeroed first.
/// finish() must be called at the end. The buffer is the thread's: one Sink at a time on each thread.
class Sink {
 public:
  static constexpr std::size_t room_bytes = 16 * 1024;
  /// What reserve() promises: one step of a template, with a short text whose every byte is escaped.
  static constexpr std::size_t step_bytes = 4096;
  /// A text of at most this many bytes is escaped within what reserve() promises, beside `fixed_bytes_max`.
  static constexpr std::size_t short_text_bytes = 480;
  static constexpr std::size_t fixed_bytes_max = 1024;
  static_assert(short_text_bytes * 6 + fixed_bytes_max + 2 * copy_padding + 32 <= step_bytes);

  explicit Sink(std::string& out) : out_(out), begin_(room().data()), at_(begin_) {}
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;

  /// The write position with step_bytes of room behind it. A loop keeps it and gives it back with set().
  [[nodiscard]] char* reserve(char* at) {
    return static_cast<std::size_t>(begin_ + room_bytes - at) >= step_bytes ? at : flush(at);
  }
  [[nodiscard]] char* at() const noexcept { return at_; }
  void set(char* at) noexcept { at_ = at; }

  void put(char character) {
    at_ = reserve(at_);
    *at_++ = character;
  }
  void put(std::string_view text);

  /// A place to come back to.
  [[nodiscard]] std::size_t mark() const { return out_.size() + static_cast<std::size_t>(at_ - begin_); }
  /// Takes back all that was written since mark() gave `mark`.
  void rewind(std::size_t mark);

  void finish() { at_ = flush(at_); }

 private:
  static std::array<char, room_bytes>& room();
  char* flush(char* at);

  std::string& out_;
  char* const begin_;
  char* at_;
};

/// A text as a JSON string with its quotes, or as the content of an XML element. What is not UTF-8 is repaired; what
/// XML 1.0 cannot carry becomes U+FFFD. `at` has what Sink::reserve() promises; returns where the text ends.
[[nodiscard]] char* write_json_text(Sink& sink, char* at, std::string_view text);
[[nodiscard]] char* write_xml_text(Sink& sink, char* at, std::string_view text);

/// The same, made without a sink: for names.
[[nodiscard]] std::string json_text(std::string_view text);

/// The content of an XML attribute in double quotes, which are not written.
[[nodiscard]] std::string xml_attribute(std::string_view text);

/// Whether `text` can stand as an element's name as it is: ASCII letters, digits, `_`, `-` and `.`, the first a
/// letter or `_`. Stricter than XML 1.0 §2.3: no colons, which name spaces would take for theirs.
[[nodiscard]] bool is_xml_name(std::string_view text);

}  // namespace portico::render
