#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace portico::app {

/// `text` as a JSON string, quotes included; for the output of commands.
[[nodiscard]] std::string json_text(std::string_view text);

/// Rows as columns of equal width, two spaces between them; the first row is the heading.
[[nodiscard]] std::string table(const std::vector<std::vector<std::string>>& rows);

}  // namespace portico::app
