#pragma once

#include <string_view>

#include "base/file_type.hpp"
#include "base/result.hpp"
#include "http/request.hpp"
#include "model/field.hpp"

namespace portico::operation {

/// A body that is a file.
struct FileBody {
  base::FileType type = base::FileType::Png;
  std::string_view bytes;  ///< the request's body
};

/// Takes the body as the file that it is. What it is, its bytes tell; Content-Type may name the same, or say nothing:
/// application/octet-stream, or none. InvalidData: no bytes. MalformedRequest: a part of a file. BodyTooLarge: over
/// Field::max_bytes. UnsupportedMediaType: bytes that are none of Field::file_types, a Content-Type that is none of
/// them, several, or a content coding. MalformedBody: bytes of another type than Content-Type says.
[[nodiscard]] base::Result<FileBody> parse_file(const http::Request& request, const model::Field& field);

}  // namespace portico::operation
