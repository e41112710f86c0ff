#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "http/response.hpp"

namespace portico::platform {

/// What a page of an extension may load, run and reach (CSP Level 3).
struct PagePolicy {
  std::string_view nonce = {};            ///< of the one script within a page; empty: there is none
  std::string_view api_origin = {};       ///< of the extension API; empty: not known, so not to be reached
  std::string_view console = {};          ///< the one origin that may frame it; empty: nobody may
  const std::vector<std::string>& hosts;  ///< origins that the version may call
};
/// The value of Content-Security-Policy. A host that is no origin of letters, digits, `-`, `.`, `_`, `:` and brackets
/// is left out: it could end a directive.
[[nodiscard]] std::string content_security_policy(const PagePolicy& policy);

/// The value of Connection-Allowlist (WICG), for the same policy: besides the page's own origin, no connection but to
/// these is made for it. Beside what CSP knows, this stops preconnecting, prerendering and WebRTC, which else carry
/// words to anybody, in the browsers that know it (Chromium).
[[nodiscard]] std::string connection_allowlist(const PagePolicy& policy);

/// All features that a browser lets pages use, each denied to this page and to all that it frames, but for those
/// that `allowed` names to itself alone.
[[nodiscard]] std::string permissions_policy(std::string_view allowed = {});

/// What every answer on an extension's origin says beside its type: its policy; and that nothing is guessed, sent on,
/// shared with other origins or asked of the device.
void add_origin_headers(const PagePolicy& policy, http::Response& response);
/// The same of a page of ours: it loads nothing and connects to nothing.
void add_own_page_headers(http::Response& response);

}  // namespace portico::platform
