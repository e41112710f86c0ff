#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "contract/contract.hpp"
#include "render/template.hpp"
#include "store/rows.hpp"

namespace portico::render {

/// What surrounds the rows of a page (P10, P11, P12).
struct PageFrame {
  std::int64_t number = 1;
  std::int64_t size = 0;      ///< rows of a full page
  std::int64_t count = 0;     ///< of all pages
  std::string_view next;      ///< absolute URL; empty: there is none
  std::string_view previous;  ///< absolute URL; empty: there is none
};

/// Appends a whole body: the page as the surface's dialect wraps it.
void write_page(const contract::Contract& contract, const Template& row_template, const store::Rows& rows,
                const PageFrame& frame, std::string& out);

/// Appends a whole body: one object. `rows` has exactly one row.
void write_object(const contract::Contract& contract, const Template& row_template, const store::Rows& rows,
                  std::string& out);

}  // namespace portico::render
