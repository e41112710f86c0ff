#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace portico::app {

/// `text` as a JSON string, quotes included; for the output of commands.
[[nodiscard]] std::string json_text(std::string_view text);

/// The items as a JSON list of strings.
[[nodiscard]] std::string json_list(const std::vector<std::string>& items);

/// For a terminal, on one line: what would command it (control characters, line ends, marks of direction) stands
/// there as `\x1b` or `\u202e`, and what is no UTF-8 as U+FFFD.
[[nodiscard]] std::string printable(std::string_view text);

/// Rows as columns of equal width, two spaces between them, cells made printable; the first row is the heading.
[[nodiscard]] std::string table(const std::vector<std::vector<std::string>>& rows);

/// A line that is typed on the terminal that standard input is, without being shown. The prompt goes to standard
/// error. Throws std::runtime_error where it is no terminal, or has ended.
[[nodiscard]] std::string ask_secret(const std::string& prompt);

/// Whether someone at the terminal answers the question with y or yes; false where there is no terminal.
[[nodiscard]] bool ask_yes(const std::string& question);

}  // namespace portico::app
