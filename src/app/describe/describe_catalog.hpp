#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "app/describe/draft.hpp"
#include "store/introspect.hpp"

namespace portico::app {

struct DescribeOptions {
  std::string owner;                ///< the column that holds a row's account; empty: every account sees all rows
  std::vector<std::string> shared;  ///< tables without that column that every account may see
  std::string vendor;               ///< empty: from the database's name
};

/// What was asked of a catalog that it does not have; the words say what it has.
class DescribeError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A description over what the catalog holds: every table and view a resource, every column a field, as far as there
/// is a type for it; what is left out says so in a comment. With an owner column no account sees another's rows:
/// tables that have no such column are left out unless they are named as shared. Throws DescribeError.
[[nodiscard]] ApiDraft describe_catalog(const store::Catalog& catalog, const DescribeOptions& options);

}  // namespace portico::app
