#pragma once

#include <cstddef>
#include <string_view>

#include "plan/bound_filter.hpp"
#include "plan/sql_source.hpp"
#include "plan/sql_writer.hpp"

namespace portico::plan {

/// ` ORDER BY ` and terms of the source's leaves. Null is the largest value (P14).
void write_order_by(const SqlSource& source, const std::vector<model::OrderTerm>& order, SqlWriter& sql);

// The rows of relations (model::Relation) of one account, within a statement on the rows that they refer to. The
// source has the columns that this takes (SqlSource::need).

/// The select list of a view, its lists of rows as JSON text: an array, empty where there are no rows.
void write_columns(const SqlSource& source, const ViewName& view, SqlWriter& sql);

/// Whether there is a row for which the term holds; or with IsNull and without leaves, whether there is any or none.
/// Precondition: the term is on a relation.
void write_exists(const SqlSource& source, const BoundTerm& term, SqlWriter& sql);

/// A leaf of a relation's rows.
struct RowsLeaf {
  std::size_t relation = 0;  ///< as BoundTerm::relation
  std::size_t leaf = 0;
  bool operator==(const RowsLeaf&) const = default;
};

/// PostgreSQL: all values of a leaf as one text, null where there is none: joined by `|`, in them `~` as `~0` and `|`
/// as `~1`. What RowCheck takes apart.
void write_all_texts(const SqlSource& source, const RowsLeaf& place, SqlWriter& sql);

}  // namespace portico::plan
