#pragma once

#include <string_view>
#include <vector>

#include "base/limits.hpp"
#include "base/result.hpp"
#include "platform/extension.hpp"

namespace portico::platform {

/// The files of a zip archive that a stranger made, checked as check_files() does. Nothing that the archive says of
/// itself is believed: what is inflated is counted while it is, and given up at the first byte over a limit
/// (Limits::upload_…). Entries that are encrypted, packed otherwise than stored or deflated, overlapping, or no files
/// (links, devices) are refused; folders are passed over.
///
/// Errors: BodyTooLarge where `zip` is over Limits::upload_bytes; InvalidData, whose faults name the archive
/// (`archive`) or the file (`files`, its path).
[[nodiscard]] base::Result<std::vector<UploadedFile>> read_archive(std::string_view zip, const base::Limits& limits);

/// The files as a commit takes them: what file managers add (`.DS_Store`, `__MACOSX/`) left out, one folder that
/// holds all of them taken away. InvalidData, with the first faults by file, where
/// - a path is absolute or leaves its folder, names a drive, has backslashes, an empty name, or a name that begins
///   with a dot (`.portico/` too), begins or ends with a space, ends with a dot, or holds characters that are not
///   seen or that not every file system takes; is not UTF-8 or not in normal form C; or is too long or too deep;
/// - two paths are the same, but for case and normalization, or one is a folder of the other;
/// - the name's end is no type that is taken, or the content is not what the name says;
/// - there are none, none called index.html at the top, too many, or they are too large.
[[nodiscard]] base::Result<std::vector<UploadedFile>> check_files(std::vector<UploadedFile> files,
                                                                  const base::Limits& limits);

}  // namespace portico::platform
