#pragma once

#include <string>

namespace portico::app {

/// As a shell takes it for one word; for commands in messages.
[[nodiscard]] std::string shell_word(const std::string& text);

}  // namespace portico::app
