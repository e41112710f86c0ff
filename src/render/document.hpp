#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/document.hpp"
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

/// Appends a whole body: all rows, as an array.
void write_objects(const contract::Contract& contract, const Template& row_template, const store::Rows& rows,
                   std::string& out);

/// Appends a whole body: a value that is no row, such as an action's answer. Its texts are UTF-8.
void write_document(const contract::Contract& contract, const base::Document& document, std::string& out);

/// Appends the body that says that all went well and nothing else (E5): none in the media-type dialect.
void write_success(const contract::Contract& contract, std::string& out);

}  // namespace portico::render
