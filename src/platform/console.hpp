#pragma once

#include <span>
#include <string_view>

#include "http/request.hpp"
#include "http/response.hpp"

namespace portico::platform {

/// A file of the developer space's pages, as the build has embedded it (cmake/console.cmake).
struct ConsoleFile {
  std::string_view path;      ///< `index.html`, `assets/main-4f2b9c1d.js`
  std::string_view type;      ///< its media type
  std::string_view tag;       ///< of its content, in hex
  bool is_immutable = false;  ///< its name is of its content
  std::string_view plain;
  std::string_view gzip;    ///< empty: no smaller
  std::string_view brotli;  ///< the same
};
[[nodiscard]] std::span<const ConsoleFile> console_files();

/// The files among which one is served, and where extensions run.
struct Console {
  std::span<const ConsoleFile> files;
  std::string_view scheme;          ///< of the console's own origin: `http`
  std::string_view extension_host;  ///< `ext.localhost:8080`: what frames may hold is below it
};

/// The answer to a request for `/developers`, or for a path below it that is not the API's. A file of that name, in
/// the coding that the client likes best among those that it takes (RFC 9110 §12.5.3); index.html for all paths that
/// are pages of it, which is all without a dot in their last name; else 404. GET and HEAD; else 405.
void serve_console(const Console& console, const http::Request& request, http::Response& response);

}  // namespace portico::platform
