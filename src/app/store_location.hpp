#pragma once

#include <filesystem>
#include <string>

namespace portico::app {

/// The directory that `--store sqlite:DIRECTORY` names. Throws std::runtime_error, saying what would have been right,
/// for anything else.
[[nodiscard]] std::filesystem::path store_directory(const std::string& store);

/// The same, of a store that must be there: throws where its databases are missing, and says how to make them.
[[nodiscard]] std::filesystem::path existing_store(const std::string& store);

}  // namespace portico::app
