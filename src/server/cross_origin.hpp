#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "access/principal.hpp"
#include "base/result.hpp"
#include "http/request.hpp"
#include "http/response.hpp"
#include "server/publication.hpp"
#include "server/represent.hpp"

namespace portico::server {

/// What the `Origin` of a request means to an API that extensions call (Fetch standard §3.2): pages of an extension
/// may call with its own tokens, other pages not at all, and what is no page (without `Origin`) as it likes. It views
/// into the request. Of other APIs it says and does nothing.
class CrossOrigin {
 public:
  CrossOrigin() = default;
  /// Precondition: the API that is asked is one for extensions.
  CrossOrigin(const Publication& publication, const http::Request& request);

  /// Whether a browser asks what a page may ask; it is answered without a token, and alike for every path.
  [[nodiscard]] bool is_preflight() const noexcept { return is_preflight_; }
  /// 204; for pages that are no extension's Forbidden.
  [[nodiscard]] base::Status answer_preflight(const Form& form, http::Response& response) const;

  /// Whether the caller may call from that origin; else Forbidden, which mark() lets no page read.
  [[nodiscard]] base::Status admit(const access::Principal& principal);

  /// Adds what lets the page read the answer, and what caches have to know.
  void mark(http::Response& response) const;

 private:
  enum class Caller : std::uint8_t {
    NotAsked,   ///< another API
    NoPage,     ///< there is no Origin
    Extension,  ///< a page of an extension, as far as its origin goes
    Stranger,
  };
  Caller caller_ = Caller::NotAsked;
  bool is_preflight_ = false;
  std::string_view origin_;
  std::string_view label_;  // of its host: `dev--plot`
};

}  // namespace portico::server
