#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace portico::operation {

/// One `name=value` of a query string.
struct Parameter {
  std::string name;      ///< decoded, UTF-8
  std::string value;     ///< decoded, UTF-8; empty without `=`
  std::string_view raw;  ///< as sent; points into the query
};

struct Query {
  std::vector<Parameter> parameters;  ///< in their order
  std::vector<base::Fault> faults;    ///< parameters whose encoding is broken; they are not in `parameters`
};

/// Adds what is wrong with one parameter.
void blame(std::vector<base::Fault>& faults, std::string_view parameter, std::string message);

/// query = parameter *( "&" parameter ), parameter = name [ "=" value ], both percent-encoded with `+` for a space
/// (WHATWG URL, application/x-www-form-urlencoded): `a=1&b-in=x%2Cy`. Empty parameters (`&&`) are passed over.
[[nodiscard]] Query parse_query(std::string_view query);

}  // namespace portico::operation
