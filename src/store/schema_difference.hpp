#pragma once

#include <string>

#include "store/migrations.hpp"
#include "store/present_schema.hpp"
#include "store/schema.hpp"
#include "store/schema_writer.hpp"

namespace portico::store {

/// One database, or one schema of it, beside what is wanted of it.
struct Comparison {
  std::string place;   ///< Change::place
  std::string schema;  ///< whose tables of `wanted` are meant: WantedTable::schema
  const Schema& wanted;
  Catalogue& catalogue;
  SchemaWriter& writer;
  Unused unused = Unused::Leave;
};

/// Appends what differs. Changes stand in the order to make them: the schema, indexes in the way, tables, columns,
/// indexes, and what is dropped last. Throws as the catalogue does.
void compare(const Comparison& comparison, Difference& difference);

}  // namespace portico::store
