#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/file_type.hpp"

namespace portico::plan {

/// What a row's column says of a file; null in the column: there is none. The bytes lie in `files_table` under `id`,
/// which is new for each file that is put, so that bytes never change.
struct FileRecord {
  std::string id;             ///< 32 lower-case hex digits
  std::string entity_tag;     ///< of the bytes, without its quotes: 32 hex digits (render/entity_tag)
  std::uint64_t size = 0;     ///< bytes, from 1
  std::int64_t modified = 0;  ///< when it was put: seconds since 1970
  base::FileType type = base::FileType::Png;
};

/// As the column holds it, the id first: `0123… 89ab… 70612 1763805873 image/png`.
[[nodiscard]] std::string column_text(const FileRecord& record);
/// Nothing for any other text.
[[nodiscard]] std::optional<FileRecord> read_file_record(std::string_view text);

}  // namespace portico::plan
