#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/value.hpp"
#include "contract/contract.hpp"
#include "model/resource.hpp"

namespace portico::render {

/// How one version of a resource is written in one format, worked out once: runs of fixed text, and cells between
/// them. Immutable; shared between threads.
class Template {
 public:
  [[nodiscard]] static Template compile(const model::View& view, contract::Format format);

  /// Appends one row (the view's leaves, in order) to `out`: a JSON object, or the content of an XML element.
  /// A cell that does not hold what its field's type promises is written as null, and text that is not UTF-8 repaired:
  /// the answer is always well-formed.
  void write(std::span<const base::Cell> row, std::string& out) const;
};

}  // namespace portico::render
