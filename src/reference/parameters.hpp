#pragma once

#include <string>
#include <vector>

#include "operation/path_pattern.hpp"
#include "reference/edition.hpp"

namespace portico::reference {

/// A path in OpenAPI's writing, `/orders/{order}/captures`, and its parameters.
struct PathTemplate {
  std::string text;
  std::vector<base::Document> parameters;
};
[[nodiscard]] PathTemplate path_template(const operation::PathPattern& pattern);

/// What a list takes: pages, `ordering`, `q`, every filter.
[[nodiscard]] std::vector<base::Document> list_parameters(const Edition& edition, const model::Resource& resource);
/// The same of what means all rows that are left: a summary, DELETE on a collection.
[[nodiscard]] std::vector<base::Document> choosing_parameters(const Edition& edition,
                                                              const model::Resource& resource);
/// What a computed resource takes.
[[nodiscard]] std::vector<base::Document> computing_parameters(const model::View& view);

/// `components.parameters`: header fields that several operations take.
[[nodiscard]] base::Document shared_parameters();
/// Their names there.
inline constexpr std::string_view idempotency_key = "IdempotencyKey";
inline constexpr std::string_view if_match = "IfMatch";
inline constexpr std::string_view if_none_match = "IfNoneMatch";

}  // namespace portico::reference
