#include "render/template.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <stdexcept>

#include "render/stored_json.hpp"

namespace portico::render {

namespace {

using base::Cell;
using contract::Format;
using model::FieldType;
using Kind = TemplateStep::Kind;

Kind kind_of(FieldType type) {
  switch (type) {
    case FieldType::Id:
    case FieldType::String:
    case FieldType::Email:
    case FieldType::Url:
    case FieldType::Country:
    case FieldType::Currency:
    case FieldType::Language:
    case FieldType::Date:
    case FieldType::File:
      return Kind::Text;
    case FieldType::Integer:
    case FieldType::Money:
    case FieldType::Rate:
      return Kind::Integer;
    case FieldType::Boolean:
      return Kind::Boolean;
    case FieldType::Timestamp:
      return Kind::Timestamp;
    case FieldType::Choice:
      return Kind::Choice;
    case FieldType::List:
    case FieldType::Json:
      return Kind::Stored;
    case FieldType::Object:
      break;
  }
  throw std::logic_error("an object is no cell");
}

template <std::size_t size>
char* write_literal(char* at, const char (&text)[size]) {
  std::memcpy(at, text, size - 1);
  return at + size - 1;
}

template <Format format>
char* write_null(char* at) {
  if constexpr (format == Format::Json) return write_literal(at, "null");
  return at;
}

template <Format format>
char* write_text(Sink& sink, char* at, std::string_view text) {
  if constexpr (format == Format::Json) return write_json_text(sink, at, text);
  return write_xml_text(sink, at, text);
}

char* write_integer(char* at, std::int64_t value) {
  return std::to_chars(at, at + 24, value).ptr;
}

template <Format format>
char* write_boolean(char* at, std::int64_t value) {
  if (value != 0 && value != 1) return write_null<format>(at);
  if constexpr (format == Format::Json) return value == 1 ? write_literal(at, "true") : write_literal(at, "false");
  return value == 1 ? write_literal(at, "True") : write_literal(at, "False");
}

template <Format format>
char* write_timestamp(char* at, base::Microseconds instant) {
  if constexpr (format == Format::Json) *at++ = '"';
  base::write_timestamp(instant, at);
  at += base::timestamp_length;
  if constexpr (format == Format::Json) *at++ = '"';
  return at;
}

// A database may keep a number that stands alone in a JSON column as a number.
template <Format format>
char* write_number_cell(char* at, const ItemShape& shape, const Cell& cell) {
  if (shape.type == FieldType::Json && cell.kind == Cell::Kind::Integer) return write_integer(at, cell.integer);
  if (shape.type == FieldType::Json && cell.kind == Cell::Kind::Real && std::isfinite(cell.real)) {
    return std::to_chars(at, at + 32, cell.real).ptr;
  }
  return write_null<format>(at);
}

template <Format format>
char* write_stored(Sink& sink, char* at, const ItemShape& shape, const Cell& cell) {
  if (cell.kind != Cell::Kind::Text) return write_number_cell<format>(at, shape, cell);
  sink.set(at);
  TreeWriter writer(format, sink);
  write_stored_json(shape, cell.text, writer);
  return sink.at();
}

}  // namespace

/// Turns a view's tree into steps. Fixed text is gathered until a cell is due, so that closing and opening marks
/// between two cells are one copy.
class TemplateCompiler {
 public:
  TemplateCompiler(const model::View& view, Format format) : view_(view) {
    made_.format_ = format;
    members(view.nodes);
    settle();
    made_.text_.append(copy_padding, '\0');
  }

  [[nodiscard]] Template take() { return std::move(made_); }

 private:
  [[nodiscard]] bool is_json() const { return made_.format_ == Format::Json; }

  void members(const std::vector<model::ViewNode>& nodes) {
    if (is_json()) pending_ += '{';
    for (const model::ViewNode& node : nodes) {
      if (is_json() && &node != &nodes.front()) pending_ += ',';
      const Tag tag = make_tag(node.name, made_.format_);
      pending_ += tag.open;
      member(node);
      pending_ += tag.close;
    }
    if (is_json()) pending_ += '}';
  }

  void member(const model::ViewNode& node) {
    if (node.field->type != FieldType::Object) {
      leaf(node);
    } else if (node.field->nullable) {
      nullable_object(node);
    } else {
      members(node.members);
    }
  }

  void leaf(const model::ViewNode& node) {
    TemplateStep step{.kind = kind_of(node.field->type), .cell = static_cast<std::uint32_t>(node.position)};
    if (step.kind == Kind::Stored) {
      step.next = static_cast<std::uint32_t>(made_.shapes_.size());
      made_.shapes_.push_back(make_shape(node, view_.version, made_.format_));
    }
    made_.columns_ = std::max(made_.columns_, node.position + 1);
    add(step);
  }

  void nullable_object(const model::ViewNode& node) {
    TemplateStep step{.kind = Kind::Present, .cell = static_cast<std::uint32_t>(made_.watched_.size())};
    watch(node.members);
    step.count = static_cast<std::uint32_t>(made_.watched_.size()) - step.cell;
    const std::size_t place = add(step);
    members(node.members);
    settle();
    made_.steps_[place].next = static_cast<std::uint32_t>(made_.steps_.size());
  }

  void watch(const std::vector<model::ViewNode>& nodes) {
    for (const model::ViewNode& node : nodes) {
      if (node.field->type == FieldType::Object) {
        watch(node.members);
      } else {
        made_.watched_.push_back(static_cast<std::uint32_t>(node.position));
      }
    }
  }

  std::size_t add(TemplateStep step) {
    while (pending_.size() > Sink::fixed_bytes_max) {
      place(TemplateStep{.kind = Kind::Fixed}, pending_.substr(0, Sink::fixed_bytes_max));
      pending_.erase(0, Sink::fixed_bytes_max);
    }
    place(step, pending_);
    pending_.clear();
    return made_.steps_.size() - 1;
  }

  void place(TemplateStep step, const std::string& text) {
    step.text = static_cast<std::uint32_t>(made_.text_.size());
    step.size = static_cast<std::uint32_t>(text.size());
    made_.text_ += text;
    made_.steps_.push_back(step);
  }

  /// Writes out what is pending: a jump lands behind it.
  void settle() {
    if (!pending_.empty()) add({.kind = Kind::Fixed});
  }

  const model::View& view_;
  Template made_;
  std::string pending_;
};

Template Template::compile(const model::View& view, Format format) {
  return TemplateCompiler(view, format).take();
}

template <Format format>
void Template::run(std::span<const Cell> row, Sink& sink) const {
  const char* const text = text_.data();
  const Cell* const cells = row.data();
  const TemplateStep* step = steps_.data();
  const TemplateStep* const end = step + steps_.size();
  const auto is_null = [&](std::uint32_t cell) { return cells[cell].is_null(); };
  char* at = sink.at();
  while (step != end) {
    at = sink.reserve(at);
    at = copy_padded(at, text + step->text, step->size);
    if (step->kind == Kind::Fixed) {
      ++step;
      continue;
    }
    if (step->kind == Kind::Present) {
      const std::uint32_t* first = watched_.data() + step->cell;
      const bool absent = std::all_of(first, first + step->count, is_null);
      if (absent) at = write_null<format>(at);
      step = absent ? steps_.data() + step->next : step + 1;
      continue;
    }
    const Cell& cell = cells[step->cell];
    switch (step->kind) {
      case Kind::Text:
        at = cell.kind == Cell::Kind::Text ? write_text<format>(sink, at, cell.text) : write_null<format>(at);
        break;
      case Kind::Integer:
        at = cell.kind == Cell::Kind::Integer ? write_integer(at, cell.integer) : write_null<format>(at);
        break;
      case Kind::Boolean:
        at = cell.kind == Cell::Kind::Integer ? write_boolean<format>(at, cell.integer) : write_null<format>(at);
        break;
      case Kind::Timestamp:
        at = cell.kind == Cell::Kind::Integer ? write_timestamp<format>(at, cell.integer) : write_null<format>(at);
        break;
      case Kind::Choice:
        at = cell.kind == Cell::Kind::Text      ? write_text<format>(sink, at, cell.text)
             : cell.kind == Cell::Kind::Integer ? write_integer(at, cell.integer)
                                                : write_null<format>(at);
        break;
      case Kind::Stored:
        at = write_stored<format>(sink, at, shapes_[step->next], cell);
        break;
      case Kind::Fixed:
      case Kind::Present:
        break;
    }
    ++step;
  }
  sink.set(at);
}

void Template::write(std::span<const Cell> row, Sink& sink) const {
  if (row.size() < columns_) throw std::logic_error("a row with fewer cells than the view has leaves");
  if (format_ == Format::Json) {
    run<Format::Json>(row, sink);
  } else {
    run<Format::Xml>(row, sink);
  }
}

void Template::write(std::span<const Cell> row, std::string& out) const {
  Sink sink(out);
  write(row, sink);
  sink.finish();
}

}  // namespace portico::render
