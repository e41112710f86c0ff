#pragma once

#include <string>
#include <string_view>

#include "base/time.hpp"

namespace portico::platform {

/// What a page of an extension is told of its run (E2): all of it ends up in the page.
struct RunWords {
  std::string_view token;
  base::Microseconds expires = 0;
  base::Microseconds now = 0;  ///< by the server's clock; the browser's may be another
  std::string_view run;        ///< what a renewal names
  std::string_view console;    ///< the origin of the developer space that embeds it
  std::string_view api;        ///< the extension API, without a trailing slash: `http://localhost:8080/api`
  std::string_view user_id;
  std::string_view user_name;
  std::string_view account_id;
  std::string_view account_name;
  std::string_view locale;
  std::string_view extension;  ///< its name
  std::string_view version;    ///< `1.2`
  std::string_view status;     ///< `development`, …
};

/// The page's first script, which has that nonce: `<script nonce="…">…</script>`. It defines `token`,
/// `portico.token()`, `portico.api()` and `portico.context`, and takes the ticket out of the address. No word of
/// `words` can end the script or begin another.
[[nodiscard]] std::string first_script(const RunWords& words, std::string_view nonce);

/// Appends `text` as a string of JSON that may stand in a script element: quotes, backslashes, control characters,
/// `<`, `>`, `&` and JavaScript's line ends are escaped (HTML, 13.2.5.15).
void append_script_text(std::string& out, std::string_view text);

}  // namespace portico::platform
