#pragma once

#include <optional>
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
  enum class Kind : std::uint8_t { Collection, Object, CallingAccount, Summary };
  Kind kind = Kind::Collection;
  const model::Resource* resource = nullptr;
  std::string name = {};                  ///< Object; of a computed resource empty
  std::vector<std::string> parents = {};  ///< what the path says for each of Resource::parents
  const model::Action* action = nullptr;  ///< Object, CallingAccount: what is to be done with it, or its state
  std::optional<std::size_t> file = {};   ///< Object, CallingAccount: a file of it, by its leaf
};

/// Looks the path up among those of the resources, of their objects and of these' actions and files, and of
/// summaries;
/// `/me` is the calling account. A fixed step comes before a parameter. Resources, actions and files of other
/// versions than `version` are not there; without one all are. NotFound, with the nearest names, where there is none.
[[nodiscard]] base::Result<Target> find_target(const model::Api& api, const contract::Location& location,
                                               std::optional<int> version = {});

/// A method that a target answers, and what it means there.
struct TargetMethod {
  http::Method method = http::Method::Get;
  std::string_view name;                                   ///< `GET`
  model::OperationKind kind = model::OperationKind::List;  ///< of a file Retrieve, or what changes its row
};

/// Those of declared operations, HEAD beside GET.
[[nodiscard]] std::vector<TargetMethod> methods_of(const Target& target);

/// The methods that `target` answers, for `Allow`: those of declared operations, HEAD beside GET, and OPTIONS.
[[nodiscard]] std::vector<std::string> allowed_methods(const Target& target);

/// What `method` on `target` asks; a change without its body, which is parsed apart (parse_body). MethodNotAllowed
/// with `alternatives` where the description declares nothing for it.
[[nodiscard]] base::Result<Operation> parse_operation(const base::Limits& limits, const Target& target,
                                                      http::Method method, const Query& query);

}  // namespace portico::operation
