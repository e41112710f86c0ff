#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "platform/extension.hpp"

namespace portico::platform {

/// Whose origin a request was sent to.
struct Place {
  enum class Kind : std::uint8_t {
    Elsewhere,  ///< not below the extensions' host: the API, the developer space
    Nowhere,    ///< the extensions' host itself, or below it, but no name that an extension could have
    Extension,
  };
  Kind kind = Kind::Elsewhere;
  std::string name = {};                             ///< of an extension, in lower case; it need not exist
  VersionStatus status = VersionStatus::Production;  ///< which of its versions is served there
};

/// NAME.HOST is a version in production, dev--NAME.HOST one in development, rev--NAME.HOST one in revision. `host` is
/// what a request's Host field says, its port and case do not matter, nor does a dot at the end (RFC 1034 §3.1);
/// `extensions_host` is the description's `extensions: host`.
[[nodiscard]] Place find_place(std::string_view host, std::string_view extensions_host);

}  // namespace portico::platform
