#pragma once

#include <memory>
#include <stdexcept>
#include <string>

#include "model/api.hpp"
#include "model/load_yaml.hpp"

namespace portico::app {

/// A file's whole content. Throws std::runtime_error that names the file.
[[nodiscard]] std::string read_file(const std::string& file);

/// A description's text. Throws MisuseError where it cannot be read.
[[nodiscard]] std::string read_description(const std::string& file);

/// Loads a description's file. Throws MisuseError, whose what() is every mistake, a line each; where there is no such
/// file, too.
[[nodiscard]] std::shared_ptr<const model::Api> load_description(const std::string& file);

}  // namespace portico::app
