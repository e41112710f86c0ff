#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string_view>

#include "model/api.hpp"
#include "store/rows.hpp"

namespace portico::demo {

/// One line of a file of rows, read and checked.
struct LoadedRow {
  const model::Resource* resource = nullptr;
  model::Mode mode = model::Mode::Production;
  std::string_view owner;              ///< may be empty where the resource's owner column is a field
  const store::Rows* cells = nullptr;  ///< one row
};

/// Reads JSON lines: `{"resource": "orders", "mode": "production", "owner": "<account id>", "row": {…}}`; `row` has
/// the latest version's names, nested objects, ISO 8601 timestamps; what is missing is null. What `row` gives lives
/// until it returns. Throws std::runtime_error `FILE:LINE: path: what was expected` at the first line that is not so.
void load_rows(const model::Api& api, const std::filesystem::path& file,
               const std::function<void(const LoadedRow&)>& row);

}  // namespace portico::demo
