#include "app/cli/terminal.hpp"

#include <algorithm>
#include <iostream>
#include <stdexcept>
#include <termios.h>
#include <unistd.h>

#include "base/code_points.hpp"
#include "base/text.hpp"

namespace portico::app {
namespace {

/// How many places a text takes: its code points, which is near enough for names and ids.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

bool commands_terminal(char32_t value) {
  const bool is_control = value < 0x20 || (value >= 0x7F && value <= 0x9F);
  const bool turns_direction = (value >= 0x200E && value <= 0x200F) || (value >= 0x202A && value <= 0x202E) ||
                               (value >= 0x2066 && value <= 0x2069);
  return is_control || turns_direction || value == 0x2028 || value == 0x2029;
}

/// `\x1b`, `\u202e`
std::string escaped(char32_t value) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text = value < 0x100 ? "\\x" : "\\u";
  for (int shift = value < 0x100 ? 4 : 12; shift >= 0; shift -= 4) text += digits[(value >> shift) & 15U];
  return text;
}

/// A terminal that shows nothing of what is typed, until this ends.
class Unseen {
 public:
  Unseen() {
    if (::tcgetattr(STDIN_FILENO, &before_) != 0) {
      throw std::runtime_error("standard input is no terminal to ask for a password; use --password-file");
    }
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
  }
  ~Unseen() { ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_); }
  Unseen(const Unseen&) = delete;
  Unseen& operator=(const Unseen&) = delete;

 private:
  termios before_{};
};

}  // namespace

std::string ask_secret(const std::string& prompt) {
  const Unseen unseen;
  std::cerr << prompt << std::flush;
  std::string line;
  const bool read = static_cast<bool>(std::getline(std::cin, line));
  std::cerr << '\n';
  if (!read) throw std::runtime_error("no password was typed");
  return line;
}

bool ask_yes(const std::string& question) {
  if (::isatty(STDIN_FILENO) == 0) return false;
  std::cerr << question << " [y/N] " << std::flush;
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "Y" || answer == "yes";
}

std::string json_text(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : base::repaired_utf8(text)) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out.append(1, '\\').append(1, c);
    } else if (byte < 0x20) {
      out.append("\\u00").append(1, digits[byte >> 4U]).append(1, digits[byte & 15U]);
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string json_list(const std::vector<std::string>& items) {
  std::string json;
  for (const std::string& item : items) json.append(json.empty() ? "" : ",").append(json_text(item));
  return "[" + json + "]";
}

std::string printable(std::string_view text) {
  const std::string repaired = base::repaired_utf8(text);
  std::string out;
  for (std::size_t at = 0; at < repaired.size();) {
    const base::CodePoint point = base::decode(repaired, at);
    if (commands_terminal(point.value)) {
      out += escaped(point.value);
    } else {
      out.append(repaired, at, point.bytes);
    }
    at += point.bytes;
  }
  return out;
}

std::string table(const std::vector<std::vector<std::string>>& written) {
  std::vector<std::vector<std::string>> rows = written;
  for (auto& row : rows) {
    for (std::string& cell : row) cell = printable(cell);
  }
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  }
  std::string out;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line.append(row[i]).append(widths[i] - width_of(row[i]) + 2, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + '\n';
  }
  return out;
}

}  // namespace portico::app
