#include "plan/file_record.hpp"

#include <algorithm>
#include <array>

#include "base/ids.hpp"
#include "base/text.hpp"

namespace portico::plan {

std::string column_text(const FileRecord& record) {
  std::string text = record.id;
  text.append(1, ' ').append(record.entity_tag).append(1, ' ').append(std::to_string(record.size));
  text.append(1, ' ').append(std::to_string(record.modified)).append(1, ' ').append(name_of(record.type));
  return text;
}

std::optional<FileRecord> read_file_record(std::string_view text) {
  std::array<std::string_view, 5> words;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::size_t end = i + 1 < words.size() ? text.find(' ') : text.size();
    if (end == std::string_view::npos) return std::nullopt;
    words.at(i) = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  const auto size = base::parse_integer(words[2]);
  const auto modified = base::parse_integer(words[3]);
  const auto type = base::find_file_type(words[4]);
  // Tags have the form of ids: 128 bits in hex.
  if (!base::is_id(words[0]) || !base::is_id(words[1]) || !size || *size < 1 || !modified || !type) {
    return std::nullopt;
  }
  return FileRecord{.id = std::string(words[0]),
                    .entity_tag = std::string(words[1]),
                    .size = static_cast<std::uint64_t>(*size),
                    .modified = *modified,
                    .type = *type};
}

}  // namespace portico::plan
