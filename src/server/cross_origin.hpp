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

/// What the `Origin` of a request means (Fetch standard §3.2). To an API that extensions call: pages of an extension
/// may call with its own tokens, other pages not at all, and what is no page (without `Origin`) as it likes. To other
/// APIs: what a public key may do (P2), pages of every origin may ask for, without credentials of the browser's own;
/// of the rest it says and does nothing. It views into the request.
class CrossOrigin {
 public:
  CrossOrigin() = default;
  CrossOrigin(const Publication& publication, const http::Request& request, const contract::Location& location);

  /// Whether a browser asks what a page may ask; it is answered without a key or token. Where extensions call, alike
  /// for every path.
  [[nodiscard]] bool is_preflight() const noexcept { return is_preflight_; }
  /// 204; for pages that are no extension's Forbidden.
  [[nodiscard]] base::Status answer_preflight(const Form& form, http::Response& response) const;

  /// Whether the caller may call from that origin; else Forbidden, which mark() lets no page read.
  [[nodiscard]] base::Status admit(const access::Principal& principal);

  /// Adds what lets the page read the answer, and what caches have to know.
  void mark(http::Response& response) const;

 private:
  enum class Caller : std::uint8_t {
    NotAsked,   ///< another API, or no Origin there
    Anyone,     ///< a page of whatever origin, of what a public key may do
    NoPage,     ///< there is no Origin
    Extension,  ///< a page of an extension, as far as its origin goes
    Stranger,
  };

  void judge_extension(const Publication& publication, const http::Request& request);
  void judge_public(const Publication& publication, const http::Request& request, const contract::Location& location);

  Caller caller_ = Caller::NotAsked;
  bool is_preflight_ = false;
  std::string_view origin_;
  std::string_view label_;            // of its host: `dev--plot`
  std::string methods_;               // that a preflight allows
  std::string_view own_field_shown_;  // beside those that every API has; the publication's
};

}  // namespace portico::server
