#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/value.hpp"
#include "contract/contract.hpp"
#include "model/resource.hpp"
#include "render/item_shape.hpp"
#include "render/sink.hpp"

namespace portico::render {

/// One step of a template: fixed text, then a cell.
struct TemplateStep {
  enum class Kind : std::uint8_t {
    Fixed,    ///< no cell
    Present,  ///< an object that is null, and passed over up to `next`, where all of its cells are null
    Text,
    Integer,
    Boolean,
    Timestamp,
    Choice,
    Stored,  ///< a List or Json column
  };
  Kind kind = Kind::Fixed;
  std::uint32_t text = 0;   ///< where the fixed text begins
  std::uint32_t size = 0;   ///< its bytes; at most Sink::fixed_bytes_max
  std::uint32_t cell = 0;   ///< of the row; Present: the first of its watched cells
  std::uint32_t count = 0;  ///< Present: how many watched cells
  std::uint32_t next = 0;   ///< Present: the step behind the object. Stored: its shape
};

/// How one version of a resource is written in one format, worked out once: runs of fixed text, and cells between
/// them. Immutable; shared between threads.
class Template {
 public:
  [[nodiscard]] static Template compile(const model::View& view, contract::Format format);

  /// Appends one row (the view's leaves, in order) to `out`: a JSON object, or the content of an XML element.
  /// A cell that does not hold what its field's type promises is written as null, and text that is not UTF-8
  /// repaired: the answer is always well-formed.
  void write(std::span<const base::Cell> row, std::string& out) const;

  /// The same for many rows into one sink.
  void write(std::span<const base::Cell> row, Sink& sink) const;

 private:
  friend class TemplateCompiler;
  template <contract::Format format>
  void run(std::span<const base::Cell> row, Sink& sink) const;

  contract::Format format_ = contract::Format::Json;
  std::size_t columns_ = 0;  // that a row must have at least
  std::string text_;         // all fixed text, and copy_padding bytes behind it
  std::vector<TemplateStep> steps_;
  std::vector<std::uint32_t> watched_;  // the cells that Present steps look at
  std::vector<ItemShape> shapes_;
};

}  // namespace portico::render
