#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.hpp"
#include "http/request.hpp"
#include "platform/call.hpp"

namespace portico::platform {

/// Who may ask. What someone may do with a certain object, the registry knows.
enum class Who : std::uint8_t {
  Anyone,    ///< also without a session
  SignedIn,  ///< who is not: NotAuthenticated
  Operator,  ///< who is not: Forbidden
};

/// What a request brings.
enum class Body : std::uint8_t {
  None,   ///< nothing, or a JSON object without fields
  Json,   ///< a JSON object
  Zip,    ///< an archive, up to Limits::upload_bytes
  Image,  ///< up to Limits::image_bytes
};

/// One thing that can be asked of the developer space.
struct Route {
  http::Method method;
  /// Below space_path: fixed steps, `{name}` for any one step, `{name...}` for all that are left.
  std::string_view pattern;
  Who who;
  Body body;
  std::string_view parameters;  ///< names that the query may hold, with spaces between them
  Answer answer;
};

/// All of them. A path that fits several patterns is the first one's.
[[nodiscard]] std::span<const Route> routes();

/// A path that there is something at.
struct RouteMatch {
  const Route* route = nullptr;           ///< null: not by that method
  std::vector<std::string> arguments;     ///< of the path's parameters
  std::vector<std::string> allowed = {};  ///< methods, sorted; HEAD wherever GET is, and OPTIONS
};

/// `path`: as sent, below space_path. HEAD finds what GET does. NotFound; MalformedRequest for a broken encoding.
[[nodiscard]] base::Result<RouteMatch> find_route(http::Method method, std::string_view path);

/// How long the body of what comes to that route may be.
[[nodiscard]] std::size_t body_bytes_max(const Route& route, const base::Limits& limits);

}  // namespace portico::platform
