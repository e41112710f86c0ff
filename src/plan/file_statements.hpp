#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "operation/operation.hpp"
#include "plan/make_plan.hpp"
#include "plan/plan.hpp"

namespace portico::plan {

/// Where the bytes of files lie, beside the data: a row for each part of a file.
inline constexpr std::string_view files_table = "portico_files";

/// Every part but a file's last is so long: what is read of a file at once, and at most too much of a range's ends.
inline constexpr std::size_t file_part_bytes = 256 * 1024;

/// Some parts of a file, numbered from 0.
struct FileParts {
  std::string column;  ///< what the row's column says now (FileRecord): of another file there are none
  std::string file;    ///< its id
  std::uint64_t first = 0;
  std::uint64_t last = 0;  ///< included
};

/// The parts of the file that `file` names, in order, one text cell each (append_file_part); none where the row,
/// which only its account sees, does not have that file any more. Precondition: file.file.
[[nodiscard]] FilePlan plan_file_parts(const Planner& planner, const operation::Retrieve& file, const Scope& scope,
                                       const FileParts& parts);

/// Appends the bytes that a cell of plan_file_parts holds: SQLite's are as they are, PostgreSQL's in hex. False: they
/// are in no such form.
[[nodiscard]] bool append_file_part(SqlFlavor flavor, std::string_view cell, std::string& out);

/// A part of a new file.
struct NewFilePart {
  std::string_view file;  ///< its id
  std::int64_t number = 0;
  std::string_view bytes;
};
[[nodiscard]] Statement insert_file_part(const Planner& planner, const Scope& scope, const NewFilePart& part);

/// All parts of a file. For who has the row that names it, in the same transaction.
[[nodiscard]] Statement erase_file(const Planner& planner, const Scope& scope, std::string_view file);

}  // namespace portico::plan
