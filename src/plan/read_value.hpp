#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "base/document.hpp"
#include "base/value.hpp"
#include "model/api.hpp"
#include "operation/parse_body.hpp"

namespace portico::plan {

/// How much of a field's description a value is held against.
enum class Checks : bool {
  All,
  TypeOnly,  ///< to compare it with what a column holds, which effects and earlier descriptions put there
};

/// What reading any value of a body depends on.
struct BodyRules {
  const model::Api& api;
  int version = 0;
  operation::Writing writing = operation::Writing::Json;
  Checks checks = Checks::All;
};

/// A value as its column holds it, whose text lives in the document, or what is wrong with it: a sentence for the
/// client that says what would have been right.
using ReadValue = std::variant<base::Cell, std::string>;

/// Whether that is null for this field: in a form an empty text is, except for a field of type string, and for a list
/// that may not be null: that is an empty one, which a form cannot write otherwise.
[[nodiscard]] bool says_null(const model::Field& field, const base::Document& document, operation::Writing writing);

/// Reads what is not null into a field that is one value: neither an object nor a list nor json.
[[nodiscard]] ReadValue read_value(const model::Field& field, const base::Document& document, const BodyRules& rules);

/// What is wrong with a value for a field of type json, which takes any that is not too deep to be shown; empty:
/// nothing.
[[nodiscard]] std::string fault_of_json(const base::Document& document);

/// Messages that several readers have; known clients of Django REST framework show these.
inline constexpr std::string_view required_message = "This field is required.";
inline constexpr std::string_view null_message = "This field may not be null.";
/// `Expected an object, not a list.`
[[nodiscard]] std::string expected(std::string_view what, const base::Document& document);

}  // namespace portico::plan
