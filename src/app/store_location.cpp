#include "app/store_location.hpp"

#include <stdexcept>
#include <unistd.h>

#include "store/sqlite_access.hpp"

namespace portico::app {

std::filesystem::path store_directory(const std::string& store) {
  constexpr std::string_view scheme = "sqlite:";
  if (!store.starts_with(scheme) || store.size() == scheme.size()) {
    throw std::runtime_error("--store " + store + ": must be sqlite:DIRECTORY, such as sqlite:data");
  }
  return store.substr(scheme.size());
}

std::filesystem::path existing_store(const std::string& store) {
  std::filesystem::path directory = store_directory(store);
  if (std::filesystem::exists(directory) && ::access(directory.c_str(), W_OK) != 0) {
    throw std::runtime_error(directory.string() + " must be writable: SQLite keeps its log beside each database");
  }
  for (const model::Mode mode : {model::Mode::Production, model::Mode::Sandbox}) {
    const auto file = store::database_file(directory, mode);
    if (!std::filesystem::exists(file)) {
      throw std::runtime_error(file.string() + " is missing; `portico migrate --store " + store + " --yes` makes it");
    }
  }
  return directory;
}

}  // namespace portico::app
