#pragma once

#include <span>
#include <string_view>

#include "base/document.hpp"
#include "base/limits.hpp"
#include "base/result.hpp"

namespace portico::operation {

/// Reads a form (application/x-www-form-urlencoded, WHATWG URL §5.1) as an object of texts, objects and lists:
/// `a=1&b[c]=2&d[0][e]=3&f[]=4&f[]=5` is {"a": "1", "b": {"c": "2"}, "d": [{"e": "3"}], "f": ["4", "5"]}. Brackets
/// may be percent-encoded. Indexes may come in any order, but all from 0 to the last, each once; `[]` appends a text,
/// and stands last in a name, since which item more would belong to is anybody's guess. MalformedBody, which names
/// the parameter and blames it: broken encoding, a name without its brackets' partners or without a name before them,
/// a name given twice, as both a value and an object or list, or as both an object and a list; over
/// Limits::body_depth or Limits::body_values, with the limit's name.
[[nodiscard]] base::Result<base::Document> read_form(std::string_view text, const base::Limits& limits);

/// A parameter that is decoded already.
struct FormParameter {
  std::string_view name;
  std::string_view value;
};
/// The same of parameters that come in another way, as a table's columns do. Precondition: they are UTF-8.
[[nodiscard]] base::Result<base::Document> read_parameters(std::span<const FormParameter> parameters,
                                                           const base::Limits& limits);

}  // namespace portico::operation
