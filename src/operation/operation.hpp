#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/document.hpp"
#include "base/error.hpp"
#include "model/api.hpp"
#include "operation/parse_body.hpp"
#include "operation/parse_file.hpp"

namespace portico::operation {

/// One filter as the client wrote it; names are looked up in `plan/resolve` only.
struct Filter {
  std::string parameter;   ///< `customer-phone-number-startswith`; a list's brackets taken off
  std::string value;       ///< decoded, UTF-8
  bool bracketed = false;  ///< written `name[]=` or `name[0]=`
};

/// One term of `ordering`, as the client wrote it.
struct OrderName {
  std::string path;
  model::Direction direction = model::Direction::Ascending;
};

/// How many of the rows that the filters leave are asked for.
enum class Extent : std::uint8_t {
  Page,
  Whole,  ///< all at once: page, page_size and ordering are no parameters
};

/// GET /orders, GET /orders/{order}/captures
struct List {
  const model::Resource* resource = nullptr;
  std::vector<std::string> parents;  ///< what the path says for each of Resource::parents, in that order
  std::vector<Filter> filters;
  std::vector<OrderName> ordering;        ///< empty: the resource's default
  std::optional<std::string> search;      ///< `q`
  std::int64_t page = 1;                  ///< from 1 (P13)
  std::optional<std::int64_t> page_size;  ///< as asked for; plan/resolve checks it against the resource's maximum
  std::vector<base::Fault> faults;        ///< what the syntax got wrong; plan/resolve adds its own, all are answered
  Extent extent = Extent::Page;
};

/// GET /orders/summary. Precondition: the resource has one.
struct Summarize {
  const model::Resource* resource = nullptr;
  List rows;  ///< which; Extent::Whole
};

/// GET of a computed resource
struct Compute {
  const model::Resource* resource = nullptr;
  base::Document parameters = {};  ///< an object of texts
  std::vector<base::Fault> faults;
};

/// GET /orders/{name}, GET /me; with an action, its state: GET /orders/{name}/refund; with a file, its bytes:
/// GET /articles/{name}/image
struct Retrieve {
  const model::Resource* resource = nullptr;
  std::vector<std::string> parents;  ///< as List
  std::optional<std::string> name;   ///< nothing: the calling account itself
  const model::Action* action = nullptr;
  std::optional<std::size_t> file = {};  ///< index into Resource::leaves
  std::vector<base::Fault> faults;
};

/// POST and DELETE /orders, PUT, PATCH and DELETE /orders/{name}, POST /orders/{name}/cancel, PUT and DELETE
/// /articles/{name}/image
struct Change {
  const model::Resource* resource = nullptr;
  model::OperationKind kind = model::OperationKind::Create;  ///< neither List nor Retrieve
  const model::Action* action = nullptr;                     ///< Act
  std::vector<std::string> parents;                          ///< as List
  std::optional<std::string> name;  ///< of the row; nothing with Create and Clear, and for the calling account itself
  std::optional<List> chosen;       ///< Clear: which rows go: filters and search, of all pages
  std::optional<Body> body;
  std::optional<std::size_t> file = {};    ///< Update or Replace, whichever is declared: index into Resource::leaves
  std::optional<FileBody> file_body = {};  ///< what the file becomes; nothing: it is deleted
  std::vector<base::Fault> faults;         ///< parameters, of which a change takes none, but for Clear's filters
};

/// What is asked, names still as the client wrote them.
using Operation = std::variant<List, Retrieve, Change, Summarize, Compute>;

[[nodiscard]] const model::Resource& resource_of(const Operation& operation);
/// A summary is of a list, and what is computed is retrieved.
[[nodiscard]] model::OperationKind kind_of(const Operation& operation);
/// The action asked for, or whose state is; null where there is none.
[[nodiscard]] const model::Action* action_of(const Operation& operation);

}  // namespace portico::operation
