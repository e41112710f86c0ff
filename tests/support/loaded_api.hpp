#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <variant>

#include "model/load_yaml.hpp"

namespace portico::support {

/// The description's API. Throws std::runtime_error with every mistake.
inline std::shared_ptr<const model::Api> loaded_api(const std::string& text) {
  auto loaded = model::load_yaml(text);
  if (auto* api = std::get_if<std::shared_ptr<const model::Api>>(&loaded)) return std::move(*api);
  std::string mistakes;
  for (const auto& mistake : std::get<model::Mistakes>(loaded)) {
    mistakes += model::format_mistake("description", mistake) + "\n";
  }
  throw std::runtime_error(mistakes);
}

/// Orders and their shops; `fields` are those of orders besides id, `rest` other keys of orders.
inline std::shared_ptr<const model::Api> orders_api(const std::string& fields, const std::string& rest = "") {
  return loaded_api(
      "vendor: acme\nversions: [1]\napis:\n  partner: {base: /, dialect: media-type}\naccounts: shops\nresources:\n"
      "  orders:\n    owner: shop\n    operations: [list, retrieve]\n" +
      rest + "    fields:\n      id: {type: id}\n" + fields +
      "  shops:\n    operations: [retrieve]\n    fields:\n      id: {type: id}\n");
}

}  // namespace portico::support
