#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "operation/path_pattern.hpp"
#include "reference/codes.hpp"
#include "reference/edition.hpp"

namespace portico::reference {

/// The names under which schemas of resources stand in `components.schemas`, by resource: `Order`.
using SchemaNames = std::unordered_map<const model::Resource*, std::string>;

/// What an edition's operations have in common.
struct Commons {
  const Edition& edition;
  const SchemaNames& names;
  const std::vector<std::string>& scopes;  ///< by their places in model::scopes_of
};

/// The three schemas of a resource: its row, and bodies of POST and PUT, and of PATCH.
[[nodiscard]] std::string body_name(std::string_view row);
[[nodiscard]] std::string patch_name(std::string_view row);

/// The names of `securitySchemes`.
inline constexpr std::string_view private_key_scheme = "private_key";
inline constexpr std::string_view public_key_scheme = "public_key";
inline constexpr std::string_view access_token_scheme = "access_token";
inline constexpr std::string_view run_token_scheme = "token";

/// `orders.list`, `orders.refund`, `orders.refund.state`, `articles.image.put`: one for each method of each path.
[[nodiscard]] std::string operation_id(const operation::PathPattern& pattern, const operation::TargetMethod& method);

/// An Operation Object of OpenAPI.
[[nodiscard]] base::Document operation_object(const Commons& commons, const operation::PathPattern& pattern,
                                              const operation::TargetMethod& method);

}  // namespace portico::reference
