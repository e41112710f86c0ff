#pragma once

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>

#include "model/api.hpp"
#include "model/load_yaml.hpp"

namespace portico::fuzz {

inline std::string shipped_description() {
  std::ifstream file(PORTICO_SOURCE_DIR "/apis/orders/api.yaml");
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

inline std::shared_ptr<const model::Api> loaded_description(const std::string& text) {
  auto loaded = model::load_yaml(text);
  auto* good = std::get_if<std::shared_ptr<const model::Api>>(&loaded);
  if (good == nullptr) {
    std::cerr << "apis/orders/api.yaml does not load\n";
    std::abort();
  }
  return std::move(*good);
}

/// The description that ships, loaded once: fuzzers of requests need names that exist.
inline const std::shared_ptr<const model::Api>& shared_shipped_api() {
  static const std::shared_ptr<const model::Api> api = loaded_description(shipped_description());
  return api;
}

inline const model::Api& shipped_api() {
  return *shared_shipped_api();
}

}  // namespace portico::fuzz
