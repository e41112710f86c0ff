#include "app/cli/description.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "app/misuse.hpp"

namespace portico::app {

std::string read_file(const std::string& file) {
  if (std::filesystem::is_directory(file))
    throw std::runtime_error(file + ": is a directory; a description is a file");
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw std::runtime_error(file + ": cannot be read: " + std::strerror(errno));
  std::string text((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
  if (stream.bad()) throw std::runtime_error(file + ": cannot be read: " + std::strerror(errno));
  return text;
}

std::string read_description(const std::string& file) {
  try {
    return read_file(file);
  } catch (const std::runtime_error& error) {
    throw MisuseError(error.what());
  }
}

std::shared_ptr<const model::Api> load_description(const std::string& file) {
  auto loaded = model::load_yaml(read_description(file));
  if (auto* api = std::get_if<std::shared_ptr<const model::Api>>(&loaded)) return std::move(*api);
  const auto& mistakes = std::get<model::Mistakes>(loaded);
  std::string text =
      file + ": " + std::to_string(mistakes.size()) + (mistakes.size() == 1 ? " mistake" : " mistakes");
  for (const model::Mistake& mistake : mistakes) text += "\n" + model::format_mistake(file, mistake);
  throw MisuseError(text);
}

}  // namespace portico::app
