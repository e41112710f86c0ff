#pragma once

#include <string>
#include <vector>

#include "base/limits.hpp"
#include "base/result.hpp"
#include "contract/locate.hpp"
#include "http/request.hpp"
#include "operation/operation.hpp"
#include "operation/parse_query.hpp"

namespace portico::operation {

/// What a path names.
struct Target {
  enum class Kind : std::uint8_t { Collection, Object, CallingAccount };
  Kind kind = Kind::Collection;
  const model::Resource* resource = nullptr;
  std::string name = {};  ///< Object
};

/// Looks the path up among the resources. NotFound, with the nearest names, where there is none.
[[nodiscard]] base::Result<Target> find_target(const model::Api& api, const contract::Location& location);

/// The methods that `target` answers, for `Allow`: declared operations, HEAD beside GET, and OPTIONS.
[[nodiscard]] std::vector<std::string> allowed_methods(const Target& target);

/// What `method` on `target` asks. MethodNotAllowed with `alternatives` where the description declares nothing for
/// it.
[[nodiscard]] base::Result<Operation> parse_operation(const base::Limits& limits, const Target& target,
                                                      http::Method method, const Query& query);

}  // namespace portico::operation
