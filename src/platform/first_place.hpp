#pragma once

#include <cstddef>
#include <string_view>

namespace portico::platform {

/// Where in a page, which is UTF-8, a script has to be put so that no browser runs another one of the page before it:
/// behind what a parser may read before it makes the first element, which is a byte order mark, white space, comments
/// and a document type (HTML, 13.2.6.4.1, "initial" insertion mode). Behind the document type, since a page without
/// one in front is shown by older rules. A comment or document type that never ends stays behind the script. What
/// follows needs not know of it: `<html>`, `<head>` and `<body>` that come later keep their attributes (13.2.6.4.7),
/// but for those of `<head>`.
[[nodiscard]] std::size_t first_place(std::string_view html);

}  // namespace portico::platform
