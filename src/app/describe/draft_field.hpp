#pragma once

#include <optional>
#include <string>

#include "app/describe/draft.hpp"
#include "store/introspect.hpp"

namespace portico::app {

/// What a column is to its table, beside its values.
struct ColumnRole {
  bool is_key = false;      ///< of the resource's key: what a URL can name, and never null
  bool is_linked = false;   ///< of a primary or a foreign key: shown, even as the text of its bytes
  bool is_indexed = false;  ///< the first column of an index
};

/// The field for a column, its name left empty; nothing where the column is left out.
[[nodiscard]] std::optional<FieldDraft> draft_field(const store::Column& column, const ColumnRole& role);

/// Whether a key can be made of such columns.
[[nodiscard]] bool can_be_key(const store::Table& table, const store::Column& column);

/// Whether an index over the column serves comparisons with the field, and not only with the column's own type.
[[nodiscard]] bool keeps_its_index(const FieldDraft& field);

}  // namespace portico::app
