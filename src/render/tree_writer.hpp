#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "contract/contract.hpp"
#include "render/sink.hpp"

namespace portico::render {

/// What stands before and behind a member's value: `"name":` and nothing, or `<name>` and `</name>`. In XML a name
/// that cannot be an element's is an attribute: `<item name="a b">`.
struct Tag {
  std::string open;
  std::string close;
};

[[nodiscard]] Tag make_tag(std::string_view name, contract::Format format);

/// Writes a tree of values in either format, value by value; the caller closes what it opens. In XML an object or
/// list is the content of the element that its member, item or document opened (docs/xml.md).
class TreeWriter {
 public:
  TreeWriter(contract::Format format, Sink& sink) : format_(format), sink_(sink) {}

  [[nodiscard]] contract::Format format() const noexcept { return format_; }
  [[nodiscard]] Sink& sink() noexcept { return sink_; }

  /// The whole answer: nothing in JSON, declaration and root element in XML.
  void open_document();
  void close_document();

  void open_object();
  void close_object();
  void open_list();
  void close_list();
  void open_member(const Tag& tag);
  void close_member(const Tag& tag);
  void open_item();
  void close_item();

  void null();
  void boolean(bool value);
  void integer(std::int64_t value);
  void number(std::string_view digits);  ///< a number of JSON's grammar, as it is
  void timestamp(base::Microseconds instant);
  void text(std::string_view value);

  /// A member of a name that is ours, which neither format writes otherwise: opens it, has `write` write its value,
  /// closes it.
  template <typename Write>
  void member(std::string_view name, const Write& write) {
    open_plain(name);
    write();
    close_plain(name);
  }

 private:
  [[nodiscard]] bool is_json() const noexcept { return format_ == contract::Format::Json; }
  void separate();
  void open_plain(std::string_view name);
  void close_plain(std::string_view name);

  contract::Format format_;
  Sink& sink_;
  bool first_ = true;  // nothing stands before what comes next in its object or list
};

}  // namespace portico::render
