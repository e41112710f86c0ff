#pragma once

#include <memory>
#include <stdexcept>
#include <string>

#include "model/api.hpp"
#include "model/load_yaml.hpp"

namespace portico::app {

/// A file's whole content. Throws std::runtime_error that names the file.
[[nodiscard]] std::string read_file(const std::string& file);

/// A description that cannot be used: what() is every mistake, a line each.
class DescriptionError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Loads a description's file. Throws DescriptionError, or std::runtime_error where there is no such file.
[[nodiscard]] std::shared_ptr<const model::Api> load_description(const std::string& file);

}  // namespace portico::app
