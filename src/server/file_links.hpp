#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/value.hpp"
#include "model/resource.hpp"
#include "store/rows.hpp"

namespace portico::server {

/// The absolute URL of one of the view's files: below that of the row, whose cells are for the view's leaves. `api`:
/// see api_url. The row's key is what names it.
[[nodiscard]] std::string file_url(std::string_view api, const model::View& view, const model::ViewFile& file,
                                   std::span<const base::Cell> row);

/// The rows of a view with each file's URL in the place of what its column says. Refers to the texts of `rows`.
[[nodiscard]] store::Rows with_file_links(std::string_view api, const model::View& view, const store::Rows& rows);

/// What tells rows apart that look alike, as their files have the same URL as the ones before: for their entity tag.
[[nodiscard]] std::string file_marks(const model::View& view, const store::Rows& rows);

}  // namespace portico::server
