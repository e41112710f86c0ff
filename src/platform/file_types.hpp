#pragma once

#include <string>
#include <string_view>

namespace portico::platform {

/// The media type that a file of an extension is served with, by the end of its name, compared without case:
/// `text/html; charset=utf-8`. Empty: files of that name are not taken.
[[nodiscard]] std::string_view media_type_of(std::string_view path);

/// Why `bytes` are not what a file of that name holds: `holds no PNG`; empty: they may be. Text is UTF-8 without
/// control characters but tab and line ends; all else is told from its first bytes. Precondition: media_type_of(path)
/// is not empty.
[[nodiscard]] std::string content_fault(std::string_view path, std::string_view bytes);

/// The ends of names that are taken, for messages and documents: `.html, .htm, …`.
[[nodiscard]] std::string taken_suffixes();

}  // namespace portico::platform
