#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/result.hpp"
#include "model/resource.hpp"
#include "store/procedure.hpp"

namespace portico::change {

using Path = std::vector<std::string>;

/// `path` with `step` behind it.
[[nodiscard]] Path operator/(Path path, std::string step);

/// How `view` names the leaf; by its latest names where the view does not show it.
[[nodiscard]] Path path_of(const model::View& view, std::size_t leaf);
/// How `view` names what has the path `latest` by its latest names.
[[nodiscard]] Path path_of(const model::View& view, const std::vector<std::string>& latest);

/// `an order`, `a capture`
[[nodiscard]] std::string with_article(std::string_view singular);

/// No row of that name: what GET answers, too.
[[nodiscard]] base::Error no_such_row(const model::Resource& resource, std::string_view name);
[[nodiscard]] base::Error invalid(std::vector<base::Fault> faults);
/// The same with every fault's path below `within`.
[[nodiscard]] base::Status below(const Path& within, base::Status done);
[[nodiscard]] base::Error conflict(std::string message);
[[nodiscard]] base::Error still_referred_to(const model::Resource& resource, const model::Resource& by);
[[nodiscard]] base::Error precondition_failed(std::string_view field);

/// What a database's refusal to write a row of `view`'s resource is to the client. `within`: what the paths of the
/// row's faults begin with.
[[nodiscard]] base::Error refusal_of(const store::Violation& violation, const model::View& view, const Path& within);

}  // namespace portico::change
