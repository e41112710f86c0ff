#pragma once

#include <string>
#include <string_view>

#include "base/document.hpp"
#include "base/error.hpp"
#include "http/response.hpp"

namespace portico::platform {

/// An answer made on a worker, on its way to the loop that sends it.
struct Reply {
  http::Response response = {};
  std::string user = {};   ///< who asked, for the log; empty: nobody known
  std::string fault = {};  ///< for the log alone
};

/// An answer of the developer space without a body as yet: nobody keeps it, and no page shows it as one of its own.
[[nodiscard]] Reply empty_reply(int status);

/// That document as JSON.
[[nodiscard]] Reply with_document(int status, const base::Document& document);

/// The one form of errors in the developer space: as the partner API writes them, in JSON, with the same types and
/// statuses. 401 says what credentials are looked for (RFC 9110 §11.6.1).
[[nodiscard]] Reply refusal(const base::Error& error);

}  // namespace portico::platform
