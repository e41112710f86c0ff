#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "model/api.hpp"

namespace portico::model {

/// One mistake in a description, for people: `api.yaml:12:7: unknown type 'mony' (did you mean 'money'?)`.
struct Mistake {
  SourcePosition position;
  std::string message;  ///< what is wrong
  std::string hint;     ///< what would be right; may be empty
};

/// All mistakes, in the order of the file. Never empty where it is returned.
using Mistakes = std::vector<Mistake>;

/// Reads a description. Pure: no files, no globals. Every mistake at once, never the first alone; a text that is no
/// YAML gives the parser's one mistake.
[[nodiscard]] std::variant<std::shared_ptr<const Api>, Mistakes> load_yaml(std::string_view text);

/// `FILE:LINE:COLUMN: message (hint)`.
[[nodiscard]] std::string format_mistake(std::string_view file, const Mistake& mistake);

/// The JSON Schema (draft 2020-12) of descriptions, for editors. The loader and the schema are made from the same
/// tables.
[[nodiscard]] std::string description_schema();

}  // namespace portico::model
