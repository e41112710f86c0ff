#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace portico::base {

/// What a stored file can be: types that can be told from a file's first bytes, and that browsers show without
/// running anything in them.
enum class FileType : std::uint8_t { Png, Jpeg, Gif, Webp, Avif, Pdf };

/// Their media types, in the order of the enum.
inline constexpr std::array<std::string_view, 6> file_type_names = {"image/png",  "image/jpeg", "image/gif",
                                                                    "image/webp", "image/avif", "application/pdf"};

[[nodiscard]] constexpr std::string_view name_of(FileType type) {
  return file_type_names[static_cast<std::size_t>(type)];
}
/// By its media type, compared without case (RFC 9110 §8.3.1).
[[nodiscard]] std::optional<FileType> find_file_type(std::string_view name);

/// What `bytes` are, by how they begin; nothing for anything else. Looks at no more than their first few dozen.
[[nodiscard]] std::optional<FileType> sniff_file_type(std::string_view bytes);

}  // namespace portico::base
